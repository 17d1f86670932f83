import { type Env, type EnvReader, readEnv } from '@bookinfo/config'
import type { Pool } from '@bookinfo/database'
import { atEnd } from './at-end.ts'
import { testDatabase } from './postgres.ts'

type Service = { listen(): Promise<{ api: string }>; close(): Promise<void> }

/**
 * A service on free ports with an empty PostgreSQL database of its own, which holds its rows and the log of its events; closed when the
 * process's tests end.
 */
export const startTestService = async <Config>(
  { create, readConfig }: { create: (config: Config) => Promise<Service>; readConfig: (env: EnvReader) => Config },
  env: Env = {},
): Promise<{ api: string; pool: Pool }> => {
  const { url, pool } = await testDatabase()
  const own = { SERVICE_NAME: 'test', HTTP_HOST: '127.0.0.1', HTTP_PORT: '0', ADMIN_PORT: '0', LOG_LEVEL: 'error' }
  const storage = { STORAGE_BACKEND: 'postgres', DATABASE_URL: url }
  const events = { EVENT_BACKEND: 'postgres', EVENT_LOG_URL: url }
  const service = await create(readConfig(readEnv({ ...own, ...storage, ...events, ...env })))
  atEnd(() => service.close())
  return { api: (await service.listen()).api, pool }
}
