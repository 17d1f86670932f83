import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { waitFor } from '@bookinfo/testing'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { startTestSystem, type TestSystem } from '../e2e/start.ts'
import { assertAccessible } from './axe.ts'
import { keepPicture, openBrowser, openPage } from './open.ts'

let system: TestSystem
let browser: Browser

before(async () => {
  system = await startTestSystem()
  browser = await openBrowser()
})
after(async () => {
  await browser.close()
  await system.remove()
})

const openOperator = async (options: BrowserContextOptions = {}): Promise<{ page: Page; problems: string[] }> => {
  const opened = await openPage(browser, options)
  await opened.page.goto(system.addresses.operator)
  await opened.page.getByLabel('Operator token').fill(system.token)
  await opened.page.getByRole('button', { name: 'Open' }).click()
  await opened.page.getByRole('heading', { name: 'Overview' }).waitFor()
  return opened
}
const rate = (productId: string, stars: number) =>
  system.post('/v1/ratings', { product_id: productId, reviewer: 'ada', stars })
const letterCount = async (): Promise<number> =>
  (await system.operator<{ total_items: number }>(`${system.addresses.services.dlqueue}/v1/events?status=pending`))
    .total_items

test('nobody sees anything without the token, and the token itself is not kept in the browser', async () => {
  const { page } = await openPage(browser)
  for (const path of ['/', '/deliveries', '/letters', '/parked', '/events/x']) {
    await page.goto(`${system.addresses.operator}${path}`)
    await page.getByLabel('Operator token').waitFor()
    assert.equal(await page.getByRole('navigation').count(), 0)
  }
  await page.goto(system.addresses.operator)
  await page.getByLabel('Operator token').fill('wrong')
  await page.getByRole('button', { name: 'Open' }).click()
  await page.getByText('That is not the token.').waitFor()
  await page.getByLabel('Operator token').fill(system.token)
  await page.getByRole('button', { name: 'Open' }).click()
  await page.getByText('balanced').waitFor()
  const cookies = await page.context().cookies()
  assert.ok(
    cookies.every(
      ({ value, httpOnly, sameSite }) => !value.includes(system.token) && httpOnly && sameSite === 'Strict',
    ),
  )
  await page.getByRole('button', { name: 'Leave' }).click()
  await page.getByLabel('Operator token').waitFor()
})

test('a form from another site or port changes nothing', async () => {
  for (const headers of [{ origin: 'http://evil.example' }, { 'sec-fetch-site': 'same-site' }]) {
    const reply = await fetch(system.addresses.operator, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ action: 'stop', name: 'ratings' }),
    })
    assert.equal(reply.status, 403)
  }
})

test('a stopped service makes letters and parked events, and each is replayed or released from its list', async () => {
  const { page, problems } = await openOperator({ bypassCSP: true })
  await page.getByRole('button', { name: 'Stop ratings' }).click()
  await page.getByRole('dialog').getByText('Nothing is lost.').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Stop ratings' }).click()
  await page.getByText('ratings is stopped.').waitFor()
  for (const stars of [1, 2, 3]) await rate(`bletter${stars}`, stars)
  await waitFor('the letters', async () => (await letterCount()) === 3, { limitMs: 60_000 })
  await system.services.stop('dlqueue')
  await rate('bparked', 5)
  await waitFor(
    'the parked event',
    async () =>
      (await system.operator<{ items: unknown[] }>(`${system.addresses.operator}/api/parked`)).items.length === 1,
    { limitMs: 60_000 },
  )
  await page.goto(`${system.addresses.operator}/letters`)
  await page.getByText('dlqueue cannot be reached').waitFor()
  await page.goto(system.addresses.operator)
  await page.getByText('dlqueue is away').waitFor()
  await system.services.start('dlqueue')
  await page.getByText('dlqueue is away').waitFor({ state: 'detached' })
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const path of ['', 'deliveries', 'letters', 'parked']) {
        await page.goto(`${system.addresses.operator}/${path}`)
        await keepPicture(page, `operator-${path || 'overview'}-${width}-${colorScheme}`)
        await assertAccessible(page)
      }
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 })

  await system.services.start('ratings')
  await page.goto(`${system.addresses.operator}/parked`)
  await page.getByRole('button', { name: /^Release / }).click()
  await page.getByText('The parked event ended as applied.').waitFor()
  await page.goto(`${system.addresses.operator}/letters?status=pending&failed_trigger=rating-submitted`)
  await page
    .getByRole('button', { name: /^Replay / })
    .nth(1)
    .click()
  await page.getByText('The event was sent again.').waitFor()
  assert.match(page.url(), /status=pending&failed_trigger=rating-submitted/)
  await page.getByRole('button', { name: /^Replay all \d+ letters?$/ }).click()
  await page.getByText(/^Send \d+ events again\?/).waitFor()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Replay/ })
    .click()
  await page.getByText(/sent again\./).waitFor()
  await waitFor('no letter waits', async () => (await letterCount()) === 0, { limitMs: 30_000 })
  await waitFor('the ratings', async () => (await system.get<{ count: number }>('/v1/ratings/bletter3')).count === 1, {
    limitMs: 30_000,
  })
  assert.deepEqual(
    problems.filter((problem) => !/50[0-9]/.test(problem)),
    [],
  )
})

test('figures change in place while the page is open, without a fault of its strict policy', async () => {
  const { page, problems } = await openOperator()
  const applied = page.locator('#triggers tr', { hasText: 'review-submitted' }).first().locator('td').nth(4)
  const earlier = Number(await applied.innerText())
  await system.post('/v1/reviews', { product_id: 'blive', reviewer: 'ada', text: 'Seen at once.' })
  await waitFor('the figure', async () => Number(await applied.innerText()) === earlier + 1, { limitMs: 20_000 })
  assert.deepEqual(problems, [])
})

test('from a number to the list behind it, to one event with its payload and its trace', async () => {
  const { page } = await openOperator()
  await page.locator('#ledger').getByRole('link').nth(1).click()
  await page.waitForURL('**/deliveries?outcome=applied')
  await page.getByLabel('Trigger').fill('review-submitted')
  await page.getByRole('button', { name: 'Filter' }).click()
  await page.waitForURL('**trigger=review-submitted**')
  await page.locator('tbody a').first().click()
  await page.getByText('Seen at once.').waitFor()
  await page
    .getByRole('region', { name: 'Deliveries of related events' })
    .getByText('notify-review-submitted')
    .waitFor()
  await keepPicture(page, 'operator-event')
  await page.goto(`${system.addresses.operator}/events/unknown`)
  await page.getByRole('heading', { name: 'This cannot be shown' }).waitFor()
})

test('an id is copied with its button', async () => {
  const { page } = await openOperator({ permissions: ['clipboard-read', 'clipboard-write'] })
  await page.goto(`${system.addresses.operator}/deliveries`)
  const copy = page.locator('[data-copy]').first()
  await copy.press('Enter')
  await page.getByText(/^Copied /).waitFor()
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), await copy.getAttribute('data-copy'))
})

test('services are stopped and started without scripts too', async () => {
  const { page } = await openOperator({ javaScriptEnabled: false })
  await page.getByRole('button', { name: 'Stop notification' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Stop notification' }).click()
  await page.getByText('notification is stopped.').waitFor()
  await page.getByRole('button', { name: 'Start notification' }).click()
  await page.getByText('notification is running.').waitFor()
})
