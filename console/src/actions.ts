import { describeError } from '@bookinfo/errors'
import type { Apis } from './apis.ts'
import type { LetterFilter } from './model.ts'

/** Does what a form asks for and says in a sentence what happened. */
export const createActions = (apis: Apis) => {
  const actions: Record<string, (form: URLSearchParams) => Promise<string>> = {
    stop: async (form) => {
      await apis.turnService(named(form), 'stop')
      return `${named(form)} is stopped.`
    },
    start: async (form) => {
      await apis.turnService(named(form), 'start')
      return `${named(form)} is running.`
    },
    release: async (form) => {
      const { outcome } = await apis.release(idOf(form))
      return outcome === 'parked' ? 'It failed again and stays parked.' : `The parked event ended as ${outcome}.`
    },
    replay: async (form) => {
      await apis.replay(idOf(form))
      return 'The event was sent again. Its letter closes when it is delivered.'
    },
    reset: async (form) => {
      await apis.reset(idOf(form))
      return 'The letter has its replays back.'
    },
    resolve: async (form) => {
      await apis.resolve(idOf(form))
      return 'The letter is closed.'
    },
    'replay-all': async (form) => {
      const { affected_count: sent, failed_count: failed } = await apis.replayAll(filterOf(form))
      return `${sent} ${sent === 1 ? 'event was' : 'events were'} sent again${failed > 0 ? `, ${failed} could not be` : ''}.`
    },
  }
  return async (form: URLSearchParams): Promise<string> => {
    const action = actions[form.get('action') ?? '']
    if (action === undefined) return 'Nothing was done: the action is not known.'
    return action(form).catch((error) => `It was not done: ${describeError(error)}.`)
  }
}

const named = (form: URLSearchParams): string => form.get('name') ?? ''
const idOf = (form: URLSearchParams): string => form.get('id') ?? ''

/** The parts of a filter that are set. */
export const filterOf = (query: URLSearchParams): LetterFilter =>
  Object.fromEntries(
    (['status', 'event_source', 'sensor_name', 'failed_trigger'] as const)
      .map((name) => [name, query.get(name) ?? ''])
      .filter(([, value]) => value !== ''),
  )
