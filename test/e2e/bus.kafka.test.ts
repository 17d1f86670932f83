import { testKafka } from '@bookinfo/testing'
import { describeFlows } from './flows.ts'

const { address } = await testKafka()
const bus = { kind: 'kafka', address }

describeFlows('the system in one process, on Kafka', { bus })
