import { describeFlows } from './flows.ts'

describeFlows('the system in one process', {})
