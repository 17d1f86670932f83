import { startNats, testDatabase } from '@bookinfo/testing'
import { describeOutages } from '../outage-suite.ts'
import { createJetStreamEventLog } from './log.ts'

const { pool } = await testDatabase()

describeOutages('the event log in JetStream', {
  startServer: startNats,
  open: (server, warn) => createJetStreamEventLog({ address: { url: server.address }, pool, logger: { warn } }),
})
