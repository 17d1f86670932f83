import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startTestSystem, type TestSystem } from '../e2e/start.ts'

const hasCurl = spawnSync('curl', ['--version'], { stdio: 'ignore' }).status === 0
const services = ['ratings', 'details', 'reviews', 'notification', 'productpage']

/** The shell clients against a system of their own that keeps its rows in `storage`. */
export const describeChecks = (storage: 'memory' | 'postgres'): void => {
  describe(`shell clients and ${storage} storage`, { skip: !hasCurl && 'curl is missing' }, () => {
    let system: TestSystem
    before(async () => {
      system = await startTestSystem({ storage })
    })
    after(() => system.remove())

    for (const service of services) {
      test(`every check of ${service} holds`, async () => {
        const { code, output } = await runClient(service, environmentOf(system))
        assert.equal(code, 0, output)
        assert.match(output, /^ok /m)
      })
    }

    test('a client names what does not hold and fails', async () => {
      const { code, output } = await runClient('ratings', {
        ...environmentOf(system),
        RATINGS_URL: system.addresses.services.details as string,
      })
      assert.equal(code, 1)
      assert.match(output, /^WRONG a rating is created: wanted '201', got '404'$/m)
    })
  })
}

const environmentOf = ({ addresses }: TestSystem): Record<string, string> => ({
  NODE: process.execPath,
  ...Object.fromEntries(
    services.flatMap((name) => [
      [`${name.toUpperCase()}_URL`, addresses.services[name] as string],
      [`${name.toUpperCase()}_ADMIN_URL`, `http://${addresses.host}:${addresses.ports.services[name]?.admin}`],
    ]),
  ),
  PRODUCTPAGE_URL: addresses.gateway,
})

const runClient = (name: string, env: Record<string, string>): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn('bash', [join(import.meta.dirname, `${name}.sh`)], { env: { ...process.env, ...env } })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })
