import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { readEnv } from '@bookinfo/config'
import { createKafkaEventLog } from '@bookinfo/eventlog'
import { silentLogger } from '@bookinfo/logging'
import { testDatabase, testKafka } from '@bookinfo/testing'
import { readConfig } from './config.ts'
import type { CycleResult } from './contract.ts'
import { createIngestion } from './service.ts'

const { pool } = await testDatabase()
const { address } = await testKafka()
const book = { title: 'A', author_name: ['B'], isbn: ['9780140714890'], first_publish_year: 1595 }
const library = createServer((_request, response) => response.end(JSON.stringify({ numFound: 1, docs: [book] })))
await new Promise<void>((resolve) => library.listen(0, '127.0.0.1', resolve))
after(() => library.close())

test('a found book is on its Kafka topic, under its ISBN and as a CloudEvent', async () => {
  const env = readEnv({
    SERVICE_NAME: 'ingestion',
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: '0',
    ADMIN_PORT: '0',
    POLL_INTERVAL: '0',
    EVENT_BACKEND: 'kafka',
    KAFKA_BROKERS: address,
    OPEN_LIBRARY_URL: `http://127.0.0.1:${(library.address() as AddressInfo).port}`,
  })
  const service = await createIngestion(readConfig(env), { logDestination: { write: () => {} } })
  const { api } = await service.listen()
  const reply = await fetch(`${api}/v1/ingestion/trigger`, { method: 'POST', body: '{"queries":["plays"]}' })
  const { events_published: published, errors } = (await reply.json()) as CycleResult
  assert.deepEqual([published, errors], [1, 0])
  const eventLog = await createKafkaEventLog({ brokers: [address], pool, logger: silentLogger })
  const consumer = await eventLog.consumer({ log: 'raw_books_details', name: 'test', start: 'earliest' })
  const [record] = await consumer.read({ max: 1, signal: new AbortController().signal })
  const { ce_id: id, ce_time: time, traceparent: _, 'x-request-id': __, ...headers } = record?.headers ?? {}
  assert.deepEqual(headers, {
    ce_specversion: '1.0',
    ce_type: 'com.bookinfo.ingestion.book-added',
    ce_source: 'ingestion',
    ce_subject: '9780140714890',
    'content-type': 'application/json',
  })
  assert.equal(record?.id, id)
  assert.match(time ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  assert.equal(record?.key, '9780140714890')
  assert.equal(JSON.parse(String(record?.payload)).title, 'A')
  await eventLog.close()
  await service.close()
})
