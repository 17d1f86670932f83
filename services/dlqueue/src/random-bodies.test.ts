import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { postRandomBodies, startTestService } from '@bookinfo/testing'
import { readConfig } from './config.ts'
import { type BatchResult, dlqueue, type Letter, statuses } from './contract.ts'
import { createDlqueue } from './service.ts'

let sent = 0
const eventSource = createServer((request, response) => {
  sent += 1
  request.resume().on('end', () => response.end('success'))
})
await new Promise<void>((resolve) => eventSource.listen(0, '127.0.0.1', resolve))
after(() => eventSource.close())

const many = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}${n}`)
const authorization = 'Bearer secret'

const start = async () => {
  const url = `http://127.0.0.1:${(eventSource.address() as AddressInfo).port}/v1/ratings`
  const env = { OPERATOR_TOKEN: 'secret', REPLAY_TARGETS: JSON.stringify({ 'rating-submitted': { url } }) }
  const { api, pool } = await startTestService({ create: createDlqueue, readConfig }, env)
  const ids = async (where = 'true'): Promise<string[]> =>
    (await pool.query(`SELECT id FROM dlq_events WHERE ${where}`)).rows.map(({ id }) => id)
  /** Stores letters to work on. */
  const ingest = (count: number) =>
    Promise.all(
      many('e', count).map(async (id) => {
        const body = JSON.stringify({ ...failed, event_id: id })
        return ((await (await fetch(`${api}/v1/events`, { method: 'POST', body })).json()) as Letter).id
      }),
    )
  return { api, ids, ingest }
}

const failed = {
  event_source: 'rating-submitted',
  sensor_name: 'ratings-sensor',
  failed_trigger: 'rating-submitted',
  eventsource_name: 'rating-submitted',
  original_payload: '{"a":1}',
}

test('of ten thousand random dead letters every one accepted is kept and readable, and the others leave nothing', async () => {
  const { api, ids } = await start()
  const answers = await postRandomBodies(`${api}${dlqueue.routes.ingest.path}`, {
    fields: {
      event_id: many('e', 4_000),
      event_type: ['webhook', undefined],
      event_source: ['rating-submitted'],
      event_subject: ['rating-submitted', ''],
      sensor_name: ['ratings-sensor'],
      failed_trigger: ['rating-submitted', 'a', 'b'],
      eventsource_name: ['rating-submitted', ''],
      eventsource_url: ['http://169.254.169.254/', ''],
      namespace: ['bookinfo'],
      record_key: ['', 'p1'],
      dead_letter_id: ['', undefined],
      datacontenttype: ['application/json', 'text/plain'],
      event_timestamp: ['2026-01-15T10:00:00Z', ''],
      original_payload: [
        '{"b":1, "a":12345678901234567890}',
        { a: [1] },
        'not json',
        `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
      ],
      original_headers: ['{"X-Tenant":["t"]}', { 'X-Tenant': 't' }, '', undefined],
    },
  })
  const accepted = answers.filter(({ status }) => status === 201).map(({ text }) => (JSON.parse(text) as Letter).id)
  assert.deepEqual(new Set(await ids()), new Set(accepted))
  for (const id of accepted.slice(0, 200)) {
    const reply = await fetch(`${api}/v1/events/${id}`, { headers: { authorization } })
    assert.equal(((await reply.json()) as Letter).id, id)
  }
})

test('of ten thousand random bodies to close one letter the first that fits closes it, and no other changes it', async () => {
  const { api, ids, ingest } = await start()
  const [id = ''] = await ingest(1)
  const answers = await postRandomBodies(`${api}${dlqueue.routes.resolve.path.replace(':id', id)}`, {
    fields: { resolved_by: ['ann', 'ボブ'] },
    headers: { authorization },
  })
  const closed = answers.filter(({ status }) => status === 200).map(({ body }) => JSON.parse(String(body)).resolved_by)
  assert.equal(closed.length, 1)
  assert.deepEqual(await ids(`status = 'resolved' AND resolved_by = '${closed[0]}'`), [id])
})

test('of ten thousand random batches to replay each letter is sent once, and a batch that is refused sends nothing', async () => {
  const { api, ids, ingest } = await start()
  const letters = await ingest(300)
  sent = 0
  const answers = await postRandomBodies(`${api}${dlqueue.routes.batchReplay.path}`, {
    fields: {
      status: [...statuses, undefined],
      event_source: ['rating-submitted', 'other', undefined],
      sensor_name: ['ratings-sensor', undefined],
      failed_trigger: ['rating-submitted', 'other', undefined],
      limit: [1, 2],
    },
    headers: { authorization },
  })
  assert.deepEqual(resultsOf(answers, { ok: true }), letters.toSorted())
  assert.deepEqual((await ids("status = 'replayed'")).toSorted(), letters.toSorted())
  assert.equal(sent, letters.length)
})

test('of ten thousand random batches to close letters each one is closed once, and a batch that is refused closes none', async () => {
  const { api, ids, ingest } = await start()
  const letters = await ingest(300)
  const answers = await postRandomBodies(`${api}${dlqueue.routes.batchResolve.path}`, {
    fields: { ids: [...letters.map((id) => [id]), letters.slice(0, 3), ['unknown'], []], resolved_by: ['ann', 'bob'] },
    headers: { authorization },
  })
  const closed = resultsOf(answers, { ok: true })
  assert.deepEqual(closed, [...new Set(closed)])
  assert.deepEqual((await ids("status = 'resolved'")).toSorted(), closed)
})

const resultsOf = (answers: { status: number; text: string }[], { ok }: { ok: boolean }): string[] =>
  answers
    .filter(({ status }) => status === 200)
    .flatMap(({ text }) => (JSON.parse(text) as BatchResult).results)
    .filter((result) => result.ok === ok)
    .map(({ id }) => id)
    .toSorted()
