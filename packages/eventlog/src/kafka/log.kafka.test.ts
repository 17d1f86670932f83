import { silentLogger } from '@bookinfo/logging'
import { testDatabase, testKafka } from '@bookinfo/testing'
import { describeEventLog } from '../suite.ts'
import { createKafkaEventLog } from './log.ts'

const { pool } = await testDatabase()
const { address } = await testKafka()
const open = () =>
  createKafkaEventLog({ brokers: [address], pool, logger: silentLogger, partitions: 1, sessionMs: 1_000 })

describeEventLog('the event log on Kafka', { open, features: { survivesRestart: true } })
