import { run } from '@bookinfo/server'
import { readConfig } from './config.ts'
import { createProductpage } from './service.ts'

await run(createProductpage, readConfig)
