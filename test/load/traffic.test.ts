import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Detail } from '@bookinfo/details/contract'
import { waitFor } from '@bookinfo/testing'
import { startTestSystem, type TestSystem } from '../e2e/start.ts'
import { runLoad } from './run.ts'

describe('readers who browse and rate', () => {
  let system: TestSystem
  before(async () => {
    system = await startTestSystem()
  })
  after(() => system.remove())

  const load = (...args: string[]) => {
    const tokenFile = join(system.dataDir, 'operator-token')
    return runLoad(['--gateway', system.addresses.gateway, '--token-file', tokenFile, '--duration', '12', ...args])
  }

  test('there is nothing to browse without a book, and that is said', async () => {
    assert.deepEqual(await load(), { code: 1, output: 'the catalogue has no books yet\n' })
  })

  test('every rating is taken and settles, and the reviews can be deleted again', async () => {
    await system.post('/v1/details', { title: 'Under Load', author: 'A. Client', isbn_13: '9780132350884' })
    await waitFor('the book', async () => (await system.get<Detail[]>('/v1/details')).length === 1)
    const { code, output } = await load('--rate', '3')
    assert.equal(code, 0, output)
    assert.match(output, /✔ p95 of all requests is [\d.]+ ms/)
    assert.match(output, /✔ nothing is left "Processing"/)
    assert.match(output, /✔ [1-9]\d+ reviews of the load were deleted, 0 are left/)
    const ledger = await system.ledger()
    assert.deepEqual([ledger.balanced, ledger.dead, ledger.parked], [true, 0, 0])
  })

  test('nobody deletes reviews of others without the operator’s token', async () => {
    const { code, output } = await load('--duration', '1', '--token-file', join(system.dataDir, 'none'))
    assert.equal(code, 1)
    assert.match(output, /✖ 0 reviews of the load were deleted, [1-9]\d* are left/)
  })
})

test('a threshold that is missed fails the run', async () => {
  const answers: Record<string, [number, string]> = {
    '/': [200, '<a href="/products/b1">A Book</a>'],
    '/v1/reviews/b1': [200, JSON.stringify({ reviews: [], pagination: { total_items: 0, total_pages: 0 } })],
    '/partials/rating': [502, 'Failed to submit: the service is not available'],
  }
  const server = createServer((request, response) => {
    const [status, text] = answers[(request.url ?? '').split('?')[0] as string] ?? [200, 'fine']
    request.resume()
    response.writeHead(status).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const { code, output } = await runLoad(['--gateway', `http://127.0.0.1:${port}`, '--duration', '2'])
  server.close()
  assert.equal(code, 1)
  assert.match(output, /✖ POST \/partials\/rating is 200: 0 of \d/)
  assert.match(output, /✖ 20.0 % of the requests failed, below 10 %/)
})
