import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDurationMs, readEnv, readEventsConfig, readServiceConfig, readStorageConfig } from './index.ts'

test('every problem is reported at once, and values of secrets are not', () => {
  const env = readEnv({ HTTP_PORT: 'x', LOG_LEVEL: 'loud', STORAGE_BACKEND: 'postgresql', OPERATOR_TOKEN: 'hush' })
  readServiceConfig(env)
  readStorageConfig(env)
  assert.throws(
    () => env.check(),
    ({ message }: Error) => {
      assert.match(message, /SERVICE_NAME environment variable is required/)
      assert.match(message, /HTTP_PORT must be an integer between 0 and 65535, got "x"/)
      assert.match(message, /LOG_LEVEL must be one of/)
      assert.match(message, /STORAGE_BACKEND must be one of memory, postgres, got "postgresql"/)
      assert.doesNotMatch(message, /hush/)
      return true
    },
  )
})

test('an empty value counts as unset', () => {
  const env = readEnv({ SERVICE_NAME: 'ratings', HTTP_PORT: '' })
  assert.equal(readServiceConfig(env).httpPort, 8080)
  env.check()
})

test('a database or a broker that is missing is an error, not silence', () => {
  const storage = readEnv({ STORAGE_BACKEND: 'postgres' })
  readStorageConfig(storage)
  assert.throws(() => storage.check(), /DATABASE_URL is required when STORAGE_BACKEND is postgres/)
  const events = readEnv({ EVENT_BACKEND: 'postgres' })
  readEventsConfig(events)
  assert.throws(() => events.check(), /EVENT_LOG_URL is required/)
  const kafka = readEnv({ EVENT_BACKEND: 'kafka' })
  readEventsConfig(kafka)
  assert.throws(() => kafka.check(), /KAFKA_BROKERS is required/)
  const nats = readEnv({ EVENT_BACKEND: 'jetstream' })
  readEventsConfig(nats)
  assert.throws(() => nats.check(), /NATS_URL must be set when EVENT_BACKEND=jetstream/)
})

test('durations are read as Go writes them', () => {
  assert.equal(parseDurationMs('1h2m3.5s'), 3_723_500)
  assert.equal(parseDurationMs('250ms'), 250)
  assert.equal(parseDurationMs('0'), 0)
  for (const wrong of ['5', '-1s', '1 s', 'soon', '']) assert.equal(parseDurationMs(wrong), undefined)
})
