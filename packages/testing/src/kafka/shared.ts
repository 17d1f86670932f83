import { after } from 'node:test'
import { startKafka, type TestKafka } from './broker.ts'

let shared: Promise<TestKafka> | undefined

after(async () => {
  await (await shared)?.remove()
})

/** A broker that all tests of this process share; gone when the process ends. */
export const testKafka = (): Promise<TestKafka> => (shared ??= startKafka())
