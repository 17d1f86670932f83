import { after } from 'node:test'

const endings: (() => Promise<void>)[] = []

// Registered while the file loads, so that it runs after the last test and not after the first one that asked.
after(async () => {
  for (const end of endings.toReversed()) await end()
})

/** Runs when all tests of this process have ended: what was opened last is closed first. */
export const atEnd = (end: () => Promise<void>): void => void endings.push(end)
