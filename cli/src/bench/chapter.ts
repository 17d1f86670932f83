import type { Client } from './client.ts'
import type { Product } from '../product.ts'
import type { Recorder } from './report.ts'

/** What a chapter of the bench measures with. */
export type Setting = { product: Product; client: Client; recorder: Recorder }
