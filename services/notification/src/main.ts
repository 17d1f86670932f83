import { run } from '@bookinfo/server'
import { readConfig } from './config.ts'
import { createNotification } from './service.ts'

await run(createNotification, readConfig)
