import { testNats } from '@bookinfo/testing'
import { describeFlows } from './flows.ts'

const { address } = await testNats()

describeFlows('the system on NATS JetStream', { bus: { kind: 'jetstream', address } })
