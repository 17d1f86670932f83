import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { waitFor } from '@bookinfo/testing'
import type { Browser } from 'playwright-core'
import { startTestSystem, type TestSystem } from '../e2e/start.ts'
import { assertAccessible } from './axe.ts'
import { keepPicture, openBrowser, openPage } from './open.ts'

const bookId = 'b9780140714890'
const reviewCount = 23

let system: TestSystem
let browser: Browser

before(async () => {
  system = await startTestSystem()
  browser = await openBrowser()
  await system.post('/v1/details', { title: 'The Comedy of Errors', author: 'Shakespeare', isbn_13: '9780140714890' })
  await system.post('/v1/details', { title: 'The Odyssey', author: 'Homer', year: -800, isbn_13: '9780199536788' })
  for (let at = 1; at <= reviewCount; at += 1)
    await system.post('/v1/reviews', { product_id: bookId, reviewer: `Reader ${at}`, text: `Thought ${at}` })
  await waitFor('the reviews', async () => (await countOfReviews()) === reviewCount)
})
after(async () => {
  await browser.close()
  await system.remove()
})

const address = (path: string) => `${system.addresses.gateway}${path}`
const countOfReviews = async (): Promise<number> =>
  (await system.get<{ pagination: { total_items: number } }>(`/v1/reviews/${bookId}`)).pagination.total_items

test('results follow while somebody types, and address, count and title follow too', async () => {
  const { page, problems } = await openPage(browser)
  await page.goto(address('/?sort=newest'))
  await page.getByRole('searchbox').pressSequentially('odys')
  await page.getByText('1 book for “odys”').waitFor()
  assert.equal(await page.locator('.books li').count(), 1)
  assert.equal(await page.getByRole('status').first().innerText(), '1 book for “odys”')
  assert.equal(new URL(page.url()).search, '?q=odys&sort=newest')
  assert.match(await page.title(), /^Search: odys/)
  assert.equal(await page.evaluate('document.activeElement.id'), 'search')
  await page.locator('.books a').click()
  await page.getByRole('heading', { name: 'The Odyssey' }).waitFor()
  await page.goBack()
  await page.getByText('1 book for “odys”').waitFor()
  await page.getByRole('searchbox').fill('')
  await page.getByText('2 books').waitFor()
  await waitFor('the short address', async () => new URL(page.url()).search === '?sort=newest')
  assert.deepEqual(problems, [])
})

test('a search without scripts is a plain form', async () => {
  const { page } = await openPage(browser, { javaScriptEnabled: false })
  await page.goto(address('/'))
  await page.getByRole('searchbox').fill('nobody wrote this')
  await page.getByRole('searchbox').press('Enter')
  await page.getByRole('heading', { name: 'No book matches “nobody wrote this”' }).waitFor()
  await page.getByRole('link', { name: 'Browse all books' }).click()
  await page.getByText('2 books').waitFor()
})

test('a theme that was chosen is kept, on other pages and at the next visit', async () => {
  const { page } = await openPage(browser, { colorScheme: 'light' })
  await page.goto(address('/'))
  const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
  const light = await ground()
  const choice = page.getByRole('button', { name: 'Dark theme' })
  assert.equal(await choice.getAttribute('aria-pressed'), 'false')
  await choice.press('Enter')
  assert.equal(await choice.getAttribute('aria-pressed'), 'true')
  assert.notEqual(await ground(), light)
  await page.goto(address(`/products/${bookId}`))
  assert.notEqual(await ground(), light)
  await page.reload()
  assert.equal(await page.getByRole('button', { name: 'Dark theme' }).getAttribute('aria-pressed'), 'true')
})

test('a review settles while its author reads page 2, and nobody is moved', async () => {
  const { page, problems } = await openPage(browser)
  await page.goto(address(`/products/${bookId}`))
  await system.services.stop('reviews')
  await page.getByLabel('Your name').fill('Patient Reader')
  await page.getByLabel('Review', { exact: true }).fill('On its way for a while.')
  await page.getByRole('button', { name: 'Submit review' }).click()
  await page.getByText('Review submitted successfully!').waitFor()
  await system.services.start('reviews')
  await page.goto(address(`/products/${bookId}`))
  await keepPicture(page, 'book-pending')
  await page.getByRole('navigation', { name: 'Pages of reviews' }).getByRole('link', { name: 'Page 2' }).click()
  await page.getByText('Thought 13', { exact: true }).waitFor()
  assert.equal(new URL(page.url()).searchParams.get('page'), '2')
  await page.getByText(`${reviewCount + 1} reviews`).waitFor({ timeout: 60_000 })
  assert.equal(await page.getByText('Thought 13', { exact: true }).count(), 1)
  assert.equal(await page.locator('[aria-current=page]', { hasText: '2' }).count(), 1)
  await page.goBack()
  await page.locator('.review:not(.review-pending)', { hasText: 'On its way for a while.' }).waitFor()
  assert.deepEqual(
    problems.filter((problem) => !/50[0-9]/.test(problem)),
    [],
  )
})

test('what is on its way is asked for with growing pauses, and nothing else is', async () => {
  const { page } = await openPage(browser)
  await page.goto(address(`/products/${bookId}`))
  await system.services.stop('reviews')
  await page.getByLabel('Your name').fill('Slow Reader')
  await page.getByLabel('Review', { exact: true }).fill('Asked for seldom.')
  await page.getByRole('button', { name: 'Submit review' }).click()
  await page.getByText('Review submitted successfully!').waitFor()
  await system.services.start('reviews')
  // From here on only the new page asks.
  await page.goto(address(`/products/${bookId}`), { waitUntil: 'commit' })
  const asked: { at: number; path: string }[] = []
  page.on('request', (request) => asked.push({ at: Date.now(), path: new URL(request.url()).pathname }))
  await page
    .getByText('Your review is stored.')
    .or(page.locator('.review', { hasText: 'Asked for seldom.' }))
    .first()
    .waitFor()
  await page.locator('.review:not(.review-pending)', { hasText: 'Asked for seldom.' }).waitFor({ timeout: 60_000 })
  const polls = asked.filter(({ path }) => path.includes('/partials/'))
  assert.ok(polls.every(({ path }) => path === `/partials/reviews/${bookId}/news`))
  const pauses = polls.slice(1).map(({ at }, index) => at - (polls[index] as { at: number }).at)
  for (const [index, pause] of pauses.slice(1).entries()) assert.ok(pause > (pauses[index] as number))
})

test('a review is deleted with the keyboard alone: it asks, tells, and gives the focus on', async () => {
  const { page, problems } = await openPage(browser)
  await page.goto(address(`/products/${bookId}`))
  await page.getByLabel('Your name').fill('Second Thoughts')
  await page.getByLabel('Review', { exact: true }).fill('I should not have written this.')
  await page.getByRole('button', { name: 'Submit review' }).press('Enter')
  const mine = page.locator('.review:not(.review-pending)', { hasText: 'I should not have written this.' })
  await mine.waitFor()
  assert.match(await page.evaluate('document.activeElement.textContent'), /Review submitted successfully/)
  await mine.getByRole('button', { name: 'Delete the review by Second Thoughts' }).press('Enter')
  const question = page.getByRole('dialog')
  await question.waitFor()
  await keepPicture(page, 'book-delete')
  await page.keyboard.press('Escape')
  assert.equal(await question.count(), 0)
  await mine.getByRole('button', { name: 'Delete the review by Second Thoughts' }).press('Enter')
  await question.getByRole('button', { name: 'Delete review' }).press('Enter')
  await page.getByText('Your review was deleted.').waitFor()
  await mine.waitFor({ state: 'detached' })
  assert.equal(await page.evaluate('document.activeElement.id'), 'reviews')
  assert.deepEqual(problems, [])
})

test('a delete that fails says so and leaves the review', async () => {
  const { page } = await openPage(browser)
  await page.goto(address(`/products/${bookId}`))
  await page.getByLabel('Your name').fill('Unlucky')
  await page.getByLabel('Review', { exact: true }).fill('This stays.')
  await page.getByRole('button', { name: 'Submit review' }).click()
  const mine = page.locator('.review:not(.review-pending)', { hasText: 'This stays.' })
  await mine.waitFor()
  await page.route(
    '**/delete?**',
    (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<p role="alert">not deleted</p>' }),
    { times: 1 },
  )
  await mine.getByRole('button', { name: 'Delete the review by Unlucky' }).click()
  await page.getByRole('button', { name: 'Delete review' }).click()
  await page.getByText('not deleted').waitFor()
  await page.reload()
  await mine.waitFor()
})

test('only what is away is said to be away', async () => {
  const { page } = await openPage(browser, { bypassCSP: true })
  await page.goto(address(`/products/${bookId}`))
  assert.equal(await page.getByText('cannot be read').count(), 0)
  await system.services.stop('ratings')
  await page.reload()
  await page.getByText('Right now ratings cannot be read.').waitFor()
  await page.locator('.review').first().waitFor()
  await assertAccessible(page)
  await keepPicture(page, 'book-ratings-away')
  await system.services.start('ratings')
  await page.reload()
  assert.equal(await page.getByText('cannot be read').count(), 0)
})

test('on paper there is the book and what was said of it', async () => {
  const { page } = await openPage(browser)
  await page.goto(address(`/products/${bookId}`))
  await page.emulateMedia({ media: 'print' })
  assert.equal(await page.locator('.write').isVisible(), false)
  assert.equal(await page.locator('header.site').isVisible(), false)
  assert.ok(await page.locator('.review').first().isVisible())
  await keepPicture(page, 'book-print')
})

test('nothing moves for readers who want no motion', async () => {
  const { page } = await openPage(browser, { reducedMotion: 'reduce' })
  await page.goto(address('/'))
  const moves = await page.evaluate("getComputedStyle(document.querySelector('.book img')).transitionDuration")
  assert.equal(moves, '0s')
})
