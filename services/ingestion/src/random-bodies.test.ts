import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { postRandomBodies, publishedCount, startTestService, waitFor } from '@bookinfo/testing'
import { readConfig } from './config.ts'
import { bookFound, ingestion } from './contract.ts'
import { createIngestion } from './service.ts'

const asked: string[] = []
const library = createServer((request, response) => {
  asked.push(new URL(request.url ?? '', 'http://library').searchParams.get('q') ?? '')
  response.end(JSON.stringify({ docs: [{ title: 'A', author_name: ['B'], isbn: [String(asked.length)] }] }))
})
await new Promise<void>((resolve) => library.listen(0, '127.0.0.1', resolve))
after(() => library.close())

test('of ten thousand random triggers those accepted search for what they ask and publish it once, and the others do nothing', async () => {
  const { port } = library.address() as AddressInfo
  const env = { OPEN_LIBRARY_URL: `http://127.0.0.1:${port}`, POLL_INTERVAL: '0', SEARCH_QUERIES: 'default' }
  const { api, pool } = await startTestService({ create: createIngestion, readConfig }, env)
  const answers = await postRandomBodies(`${api}${ingestion.routes.trigger.path}`, {
    fields: { queries: [['plays'], ['日本語', '"; DROP TABLE books"'], [], undefined] },
  })
  const done = answers.filter(({ status }) => status === 200)
  const searched = done.flatMap(({ body }) => {
    const queries: string[] = body.length > 0 ? (JSON.parse(String(body)).queries ?? []) : []
    return queries.length > 0 ? queries : ['default']
  })
  assert.deepEqual(asked.toSorted(), searched.toSorted())
  const published = done.reduce((sum, { text }) => sum + JSON.parse(text).events_published, 0)
  assert.equal(published, asked.length)
  await waitFor(
    `${published} books on the topic`,
    async () => (await publishedCount(pool, bookFound.topic)) === published,
  )
})
