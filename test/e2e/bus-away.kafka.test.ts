import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Notification } from '@bookinfo/notification/contract'
import type { ProductRatings } from '@bookinfo/ratings/contract'
import { startKafka, type TestKafka, waitFor } from '@bookinfo/testing'
import { startTestSystem, type TestSystem } from './start.ts'

let kafka: TestKafka
let system: TestSystem
before(async () => {
  kafka = await startKafka()
  system = await startTestSystem({ bus: { kind: 'kafka', address: kafka.address } })
})
afterEach(() => void process.kill(kafka.pid(), 'SIGCONT'))
after(async () => {
  await system.remove()
  await kafka.remove()
})

const limitMs = 60_000

const notificationsAbout = async (subject: string): Promise<Notification[]> => {
  const url = `${system.addresses.services.notification}/v1/notifications?recipient=system@bookinfo&limit=500`
  const { notifications } = await system.operator<{ notifications: Notification[] }>(url)
  return notifications.filter((notification) => notification.subject === subject)
}
const rate = (product: string, reviewer: string) =>
  system.post(
    '/v1/ratings',
    { product_id: product, reviewer, stars: 4 },
    { 'idempotency-key': `${product}-${reviewer}` },
  )
const accepted = (product: string, reviewer: string) =>
  waitFor('a success', async () => (await rate(product, reviewer)).status === 200, { limitMs })
const atRest = (count: number, product: string) =>
  waitFor(
    'everything to arrive',
    async () => {
      const { count: found } = await system.get<ProductRatings>(`/v1/ratings/${product}`)
      const ledger = await system.ledger()
      return found >= count && ledger.in_flight === 0 && ledger
    },
    { limitMs },
  )

test('a POST is refused within two seconds while the broker stands still, and its repeat is one rating', async () => {
  await accepted('paused', 'before')
  process.kill(kafka.pid(), 'SIGSTOP')
  const startMs = performance.now()
  const refused = await rate('paused', 'during')
  assert.ok(performance.now() - startMs < 2_000)
  assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '1'])
  assert.equal((await fetch(`${system.addresses.gateway}/v1/ratings/paused`)).status, 200)
  process.kill(kafka.pid(), 'SIGCONT')
  await accepted('paused', 'during')
  const ledger = await atRest(2, 'paused')
  assert.equal(ledger.balanced, true)
  assert.equal((await system.get<ProductRatings>('/v1/ratings/paused')).count, 2)
  await waitFor('two notifications', async () => (await notificationsAbout('paused')).length === 2, { limitMs })
})

test('a broker killed with -9 and started again under load loses nothing and does nothing twice', async () => {
  let done = 0
  const stopping = new AbortController()
  const write = async (writer: number) => {
    for (let n = 0; !stopping.signal.aborted; n += 1) {
      await accepted('killed', `${writer}-${n}`)
      done += 1
    }
  }
  const writing = [0, 1, 2].map(write)
  await waitFor('some load', () => done > 30)
  await kafka.stop('SIGKILL')
  await kafka.start()
  const before = done
  await waitFor('load again', () => done > before + 30, { limitMs })
  stopping.abort()
  await Promise.all(writing)
  const ledger = await atRest(done, 'killed')
  assert.equal(ledger.balanced, true)
  assert.equal((await system.get<ProductRatings>('/v1/ratings/killed')).count, done)
  await waitFor('the notifications', async () => (await notificationsAbout('killed')).length >= done, { limitMs })
  assert.equal((await notificationsAbout('killed')).length, done)
})
