import { run } from '@bookinfo/server'
import { readConfig } from './config.ts'
import { createIngestion } from './service.ts'

await run(createIngestion, readConfig)
