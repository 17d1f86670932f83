import { run } from '@bookinfo/server'
import { readConfig } from './config.ts'
import { createReviews } from './service.ts'

await run(createReviews, readConfig)
