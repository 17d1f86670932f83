import { run } from '@bookinfo/server'
import { readConfig } from './config.ts'
import { createDetails } from './service.ts'

await run(createDetails, readConfig)
