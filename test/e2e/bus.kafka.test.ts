import { testKafka } from '@bookinfo/testing'
import { describeFlows } from './flows.ts'

const { address } = await testKafka()

describeFlows('the system on Kafka', { bus: { kind: 'kafka', address } })
