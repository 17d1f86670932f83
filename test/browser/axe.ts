import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Violations = { violations: { id: string; nodes: { html: string }[] }[] }

/** Finds no accessibility fault on the page, contrast included, and nothing that is wider than the window. */
export const assertAccessible = async (page: Page): Promise<void> => {
  await page.evaluate(axe)
  const found = await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: { run(): Promise<Violations> } }).axe.run()
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`)
  })
  assert.deepEqual(found, [])
  assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), 'the page is too wide')
}
