import { OutOfSteps } from './meter.ts'
import type { Json } from './values.ts'

/** What a program says with `error`. */
export class JqError extends Error {
  readonly value: Json
  constructor(value: Json) {
    super(typeof value === 'string' ? value : JSON.stringify(value))
    this.value = value
  }
}

/** Leads out of a label. */
export class Break extends Error {
  readonly label: symbol
  constructor(label: symbol) {
    super('break')
    this.label = label
  }
}

/** Whether `try` may see it. */
export const isCatchable = (error: unknown): error is Error =>
  error instanceof Error &&
  !(error instanceof Break) &&
  !(error instanceof OutOfSteps) &&
  !(error instanceof RangeError)
