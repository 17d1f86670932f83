import { describeChecks } from './checks.ts'

describeChecks('memory')
