import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { waitFor } from '@bookinfo/testing'
import type { Browser } from 'playwright-core'
import { startTestSystem, type TestSystem } from '../e2e/start.ts'
import { assertAccessible } from './axe.ts'
import { keepPicture, openBrowser, openPage } from './open.ts'

const bookId = 'b9780140714890'

let system: TestSystem
let browser: Browser

before(async () => {
  system = await startTestSystem()
  browser = await openBrowser()
  const books = [
    {
      title: 'The Comedy of Errors',
      author: 'William Shakespeare',
      year: 1595,
      isbn_13: '9780140714890',
      publisher: 'Penguin Classics',
      pages: 120,
    },
    { title: 'The Odyssey', author: 'Homer', year: -800, isbn_13: '9780199536788' },
    { title: 'ألف ليلة وليلة', author: 'مجهول', isbn_13: '9789953686813' },
    { title: '吾輩は猫である', author: '夏目漱石', year: 1905, isbn_13: '9784101010014' },
    {
      title: 'A very long title '.repeat(12).trim(),
      author: 'An Author With a Rather Long Name',
      isbn_13: '9780000000002',
    },
  ]
  for (const book of books) await system.post('/v1/details', book)
  for (const stars of [5, 5, 4, 2])
    await system.post('/v1/ratings', { product_id: bookId, reviewer: `Reader ${stars}`, stars })
  await waitFor('the books', async () => (await system.get<unknown[]>('/v1/details')).length === books.length)
})
after(async () => {
  await browser.close()
  await system.remove()
})

const address = (path: string) => `${system.addresses.gateway}${path}`

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 390]) {
    test(`the pages are accessible and fit ${width} pixels in the ${colorScheme} theme`, async () => {
      const { page, problems } = await openPage(browser, {
        colorScheme,
        viewport: { width, height: 900 },
        bypassCSP: true,
      })
      for (const [name, path] of [
        ['catalogue', '/'],
        ['nothing-found', '/?q=xyzzy'],
        ['book', `/products/${bookId}`],
        ['long-title', '/products/b9780000000002'],
        ['arabic', '/products/b9789953686813'],
        ['missing', '/products/none'],
      ] as const) {
        await page.goto(address(path))
        await keepPicture(page, `${name}-${width}-${colorScheme}`)
        await assertAccessible(page)
      }
      assert.deepEqual(
        problems.filter((problem) => !problem.includes('404')),
        [],
      )
    })
  }
}

test('a reader browses, searches and finds', async () => {
  const { page } = await openPage(browser)
  await page.goto(address('/'))
  assert.equal(await page.locator('.books li').count(), 5)
  await page.getByRole('searchbox').fill('odyssey')
  await page.getByRole('button', { name: 'Search' }).click()
  await page.getByText('1 book for “odyssey”').waitFor()
  await page.locator('.books a').click()
  await page.getByRole('heading', { name: 'The Odyssey' }).waitFor()
  assert.match(await page.locator('.facts').innerText(), /800 BC/)
})

test('a review is shown at once as on its way, settles when it is stored, and its author can delete it', async () => {
  const { page, problems } = await openPage(browser)
  await page.goto(address(`/products/${bookId}`))
  await system.services.stop('reviews')
  await page.getByLabel('Your name').fill('Zoë <b>')
  await page.locator('label[for=stars-4]').click()
  await page.getByLabel('Review', { exact: true }).fill('Read it twice.')
  await page.getByRole('button', { name: 'Submit review' }).click()
  await page.getByText('Review submitted successfully! You gave 4 stars.').waitFor()
  await system.services.start('reviews')
  await page.reload()
  await page.locator('.review', { hasText: 'Read it twice.' }).waitFor()
  await page.locator('.review-pending').waitFor({ state: 'detached', timeout: 30_000 })
  await page.locator('.review', { hasText: 'Read it twice.' }).waitFor()
  await page.getByRole('button', { name: 'Delete the review by Zoë <b>' }).click()
  await page.getByRole('button', { name: 'Keep it' }).click()
  await page.getByRole('button', { name: 'Delete the review by Zoë <b>' }).click()
  await page.getByRole('button', { name: 'Delete review', exact: true }).click()
  await page.getByText('Your review was deleted.').waitFor()
  await page.locator('.review', { hasText: 'Read it twice.' }).waitFor({ state: 'detached', timeout: 30_000 })
  assert.deepEqual(
    problems.filter((problem) => !/50[0-9]/.test(problem)),
    [],
  )
})

test('wrong input is said beside its field and what was typed is kept', async () => {
  const { page } = await openPage(browser)
  await page.goto(address(`/products/${bookId}`))
  await page.locator('.rating-form').evaluate((form) => form.setAttribute('novalidate', ''))
  await page.getByLabel('Review', { exact: true }).fill('Kept text')
  await page.getByRole('button', { name: 'Submit review' }).click()
  await page.getByText('Please give your name.').waitFor()
  assert.equal(await page.getByLabel('Review', { exact: true }).inputValue(), 'Kept text')
  assert.equal(await page.locator('[name=product_id]').inputValue(), bookId)
})

test('everything works without scripts', async () => {
  const { page } = await openPage(browser, { javaScriptEnabled: false })
  await page.goto(address(`/products/${bookId}`))
  await page.getByLabel('Your name').fill('Plain Reader')
  await page.getByLabel('Review', { exact: true }).fill('No scripts were needed.')
  await page.getByRole('button', { name: 'Submit review' }).click()
  await page.getByText('Review submitted successfully!').waitFor()
  await waitFor('the review', async () => {
    await page.goto(address(`/products/${bookId}`))
    return (await page.locator('.review:not(.review-pending)', { hasText: 'No scripts were needed.' }).count()) === 1
  })
})

test('the form is filled in and sent with the keyboard alone', async () => {
  const { page } = await openPage(browser)
  await page.goto(address(`/products/${bookId}`))
  await page.getByLabel('Your name').focus()
  await page.keyboard.type('Keyboard Reader')
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Typed.')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText('Review submitted successfully! You gave 4 stars.').waitFor()
})

test('a service that is down is shown as that, and the rest of the page stays', async () => {
  const { page } = await openPage(browser)
  await system.services.stop('reviews')
  await page.goto(address(`/products/${bookId}`))
  await page.getByText('Failed to load reviews.').waitFor()
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'The Comedy of Errors')
  await system.services.stop('details')
  assert.equal((await page.goto(address('/')))?.status(), 503)
  await page.getByText('The catalogue cannot be read right now.').waitFor()
  await keepPicture(page, 'down')
  await system.services.start('details')
  await system.services.start('reviews')
})

const countShifts = `let sum = 0
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) document.documentElement.dataset.shift = sum += shift.value
  }).observe({ type: 'layout-shift', buffered: true })`

test('a book page is whole at once, small, and does not move while it loads', async () => {
  const { page } = await openPage(browser)
  await page.addInitScript({ content: countShifts })
  for (const path of ['/', `/products/${bookId}`]) {
    const reply = await page.goto(address(path))
    assert.ok(((await reply?.body())?.length ?? 0) < 50_000)
    assert.ok(Number((await page.locator('html').getAttribute('data-shift')) ?? 0) < 0.01)
  }
})

test('an unknown address is a 404 with ways on', async () => {
  const { page } = await openPage(browser)
  for (const path of ['/favicon.ico', '/products', '/nothing/here', '/products/none']) {
    assert.equal((await page.goto(address(path)))?.status(), 404)
    await page.getByRole('link', { name: 'Browse all books' }).waitFor()
  }
})

test('static files are kept under their version, and unchanged ones are not sent again', async () => {
  const html = await (await fetch(address('/'))).text()
  const style = /href="(\/static\/styles\.css\?v=\w+)"/.exec(html)?.[1] as string
  const versioned = await fetch(address(style))
  assert.match(versioned.headers.get('cache-control') ?? '', /immutable/)
  const etag = versioned.headers.get('etag') as string
  const again = await fetch(address('/static/styles.css'), { headers: { 'if-none-match': etag } })
  assert.equal(again.status, 304)
  assert.equal((await fetch(address('/static/styles.css?v=old'))).headers.get('cache-control'), 'no-cache')
})
