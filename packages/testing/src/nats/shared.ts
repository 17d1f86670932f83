import { after } from 'node:test'
import { startNats, type TestNats } from './server.ts'

let shared: Promise<TestNats> | undefined

after(async () => {
  await (await shared)?.remove()
})

/** A server that all tests of this process share; gone when the process ends. */
export const testNats = (): Promise<TestNats> => (shared ??= startNats())
