import { readFileSync } from 'node:fs'
import type { CloudEvent } from '../../runtime/src/event.ts'

/** Text, or bytes that are not UTF-8. */
type Text = string | { base64: string } | null

/** One question to the real Argo Events and its answer; what `manifest` and `expected` hold depends on the group. */
export type Case<Manifest = unknown, Expected = unknown> = {
  id: string
  group: string
  manifest: Manifest
  events?: Record<string, { context: Omit<CloudEvent, 'data'>; data: Text }> | null
  request?: { method: string; path: string; headers: [string, string][] | null; body: string }
  requestBodyBase64?: string
  expected: Expected & { error?: boolean; panic?: boolean }
}

/** How one case differs from the answer wanted, in readable texts. */
export type Difference = { wanted: string; got: string }

/** Asks the runtime the case's question; undefined when its answer is the wanted one. */
export type Check = (asked: Case) => Promise<Difference | undefined>

export const carriedCases = `${import.meta.dirname}/argo-cases.json`

export const readCases = (file: string): Case[] => (JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] }).cases

/** The events of a case as a sensor sees them. */
export const eventsOf = ({ events }: Case): Map<string, CloudEvent> =>
  new Map(Object.entries(events ?? {}).map(([name, { context, data }]) => [name, { ...context, data: textOf(data) }]))

/** The only event of a case. */
export const eventOf = (asked: Case): CloudEvent => eventsOf(asked).values().next().value as CloudEvent

const textOf = (text: Text): string | null =>
  text === null || typeof text === 'string' ? text : Buffer.from(text.base64, 'base64').toString('utf8')

/** Compares two answers as texts. */
export const differ = (wanted: unknown, got: unknown): Difference | undefined =>
  JSON.stringify(wanted) === JSON.stringify(got)
    ? undefined
    : { wanted: JSON.stringify(wanted) ?? 'nothing', got: JSON.stringify(got) ?? 'nothing' }

/** What work came to: its answer, or the message of the error that it ended with. */
export const answerOf = async <T>(work: () => T | Promise<T>): Promise<{ answer: T } | { error: string }> => {
  try {
    return { answer: await work() }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

/** Compares an answer with what the case expects; where the real process fails, any error will do. */
export const compare = <T>(
  { expected }: Case,
  outcome: { answer: T } | { error: string },
  matches: (answer: T) => Difference | undefined,
): Difference | undefined => {
  if ('error' in outcome) return expected.error ? undefined : { wanted: JSON.stringify(expected), got: outcome.error }
  if (expected.error) return { wanted: 'an error', got: JSON.stringify(outcome.answer) ?? 'nothing' }
  return matches(outcome.answer)
}
