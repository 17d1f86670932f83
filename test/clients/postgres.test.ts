import { describeChecks } from './checks.ts'

describeChecks('postgres')
