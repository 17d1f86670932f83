import { setTimeout as delay } from 'node:timers/promises'

const pollMs = 5

/** Waits until the condition gives something other than undefined or false; fails after `limitMs` naming what it waited for. */
export const waitFor = async <T>(
  what: string,
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  { limitMs = 15_000 }: { limitMs?: number } = {},
): Promise<T> => {
  const deadline = Date.now() + limitMs
  for (;;) {
    const found = await condition()
    if (found !== undefined && found !== false) return found
    if (Date.now() > deadline) throw new Error(`waited ${limitMs} ms for ${what}`)
    await delay(pollMs)
  }
}
