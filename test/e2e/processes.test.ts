import { describeFlows } from './flows.ts'

describeFlows('the system with each service as a process', { processes: true })
