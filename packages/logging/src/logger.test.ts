import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withContext } from './context.ts'
import { createLogger } from './logger.ts'

const collect = (level: 'debug' | 'info' | 'warn' | 'error' = 'info') => {
  const lines: Record<string, unknown>[] = []
  const logger = createLogger({
    service: 'ratings',
    level,
    destination: { write: (line) => void lines.push(JSON.parse(line)) },
  })
  return { logger, lines }
}

test('a line has time, level, message, service and its fields', () => {
  const { logger, lines } = collect()
  logger.info('rating submitted', { rating_id: 'r1' })
  const { time, ...rest } = lines[0] ?? {}
  assert.match(String(time), /^\d{4}-\d\d-\d\dT.*Z$/)
  assert.deepEqual(rest, { level: 'INFO', service: 'ratings', rating_id: 'r1', msg: 'rating submitted' })
})

test('lines below the level are not written', () => {
  const { logger, lines } = collect('warn')
  logger.info('quiet')
  logger.error('loud')
  assert.deepEqual(
    lines.map(({ msg }) => msg),
    ['loud'],
  )
})

test('inside a request every line names it and its trace', async () => {
  const { logger, lines } = collect()
  await withContext({ requestId: 'r', traceId: 't', spanId: 's', traceFlags: '01' }, async () => {
    await Promise.resolve()
    logger.info('inside')
  })
  logger.info('outside')
  assert.deepEqual(
    [lines[0]?.request_id, lines[0]?.trace_id, lines[0]?.span_id, lines[1]?.request_id],
    ['r', 't', 's', undefined],
  )
})

test('secrets are not written', () => {
  const { logger, lines } = collect()
  logger.info('called', { token: 'hush', headers: { Authorization: 'hush', inner: { cookie: 'hush' } } })
  assert.doesNotMatch(JSON.stringify(lines), /hush/)
})
