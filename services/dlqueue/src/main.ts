import { run } from '@bookinfo/server'
import { readConfig } from './config.ts'
import { createDlqueue } from './service.ts'

await run(createDlqueue, readConfig)
