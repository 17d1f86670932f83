import { testKafka } from '@bookinfo/testing'
import { describeFlows } from './flows.ts'

const { address } = await testKafka()
const bus = { kind: 'kafka', address }

describeFlows('the system in processes of their own, on Kafka', { bus, processes: true })
