import { createMemoryEventLog } from './memory.ts'
import { describeEventLog } from './suite.ts'

describeEventLog('the event log in memory', {
  open: async () => createMemoryEventLog(),
  features: { survivesRestart: false },
})
