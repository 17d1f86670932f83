import { run } from '@bookinfo/server'
import { readConfig } from './config.ts'
import { createRatings } from './service.ts'

await run(createRatings, readConfig)
