import { type Env, type EnvReader, readEnv } from '@bookinfo/config'
import { describeError } from '@bookinfo/errors'
import { createLogger } from '@bookinfo/logging'
import type { Service } from './service.ts'

/**
 * The whole life of a service as a process: reads the environment, starts, drains on SIGINT, SIGTERM or the end of the process that
 * started it over a channel, and exits with 0, or with 1 and one log line when it cannot start.
 */
export const run = async <Config>(
  create: (config: Config) => Promise<Service>,
  readConfig: (env: EnvReader) => Config,
  env: Env = process.env,
): Promise<void> => {
  try {
    const reader = readEnv(env)
    const config = readConfig(reader)
    reader.check()
    const service = await create(config)
    const stop = () => void service.close().then(() => process.exit(0))
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
    // Who was started over a channel ends when the other end is gone, so that no port stays taken.
    process.once('disconnect', stop)
    await service.listen()
  } catch (error) {
    const logger = createLogger({ service: env.SERVICE_NAME ?? 'bookinfo', level: 'error' })
    logger.error('start failed', { error: describeError(error) })
    process.exit(1)
  }
}
