import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { runDeadLetters } from './dead-letters.ts'
import { runTraffic } from './traffic.ts'

const usage = `npm run load -- [traffic | dead-letters] [options]
  traffic             readers who browse and rate (the default)
  dead-letters        ratings while their service is stopped, and their replay
  --duration N        seconds of traffic (default 30)
  --rate N            iterations a second at the start, up to three times as many later (default 2)
  --gateway URL       (default http://127.0.0.1:8080)
  --dlqueue URL       (default http://127.0.0.1:8085)
  --operator URL      (default http://127.0.0.1:8090)
  --token-file FILE   holds the operator's token (default .data/operator-token)`

const durationMaxSeconds = 3_600
const rateMaxPerSecond = 1_000

/** `npm run load`: a client of its own against a running system; exits with 1 when a threshold is missed. */
const main = async (): Promise<boolean> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      duration: { type: 'string', default: '30' },
      rate: { type: 'string', default: '2' },
      gateway: { type: 'string', default: 'http://127.0.0.1:8080' },
      dlqueue: { type: 'string', default: 'http://127.0.0.1:8085' },
      operator: { type: 'string', default: 'http://127.0.0.1:8090' },
      'token-file': { type: 'string', default: '.data/operator-token' },
    },
  })
  const { gateway, dlqueue, operator, 'token-file': tokenFile } = values
  const token = existsSync(tokenFile) ? readFileSync(tokenFile, 'utf8').trim() : ''
  const rate = wholeNumber('--rate', values.rate, rateMaxPerSecond)
  const durationMs = wholeNumber('--duration', values.duration, durationMaxSeconds) * 1_000
  const scenarios: Record<string, () => Promise<{ output: string; passed: boolean }>> = {
    traffic: () => runTraffic({ gateway, token, rate, durationMs }),
    'dead-letters': () => runDeadLetters({ gateway, dlqueue, operator, token }),
  }
  const run = scenarios[positionals.join(' ') || 'traffic']
  if (run === undefined) throw new Error(`there is no scenario ${positionals.join(' ')}\n${usage}`)
  const { output, passed } = await run()
  console.log(output)
  return passed
}

const wholeNumber = (name: string, text: string, max: number): number => {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= max) return value
  throw new Error(`${name} must be a whole number from 1 to ${max}, got ${text}\n${usage}`)
}

try {
  process.exitCode = (await main()) ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
