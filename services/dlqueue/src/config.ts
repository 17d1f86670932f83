import {
  type EnvReader,
  type EventsConfig,
  readEventsConfig,
  readServiceConfig,
  readStorageConfig,
  type ServiceConfig,
  type StorageConfig,
} from '@bookinfo/config'
import { AppError } from '@bookinfo/errors'

/** Where the events of an EventSource are sent again; a guarded webhook takes them with the operator's token only. */
type ReplayTarget = { url: string; isGuarded?: boolean } | { topic: string }

export type DlqueueConfig = {
  service: ServiceConfig
  storage: StorageConfig
  events: EventsConfig
  /** Replays that may fail before a letter is poisoned. */
  maxRetries: number
  replayTargets: Record<string, ReplayTarget>
  /** The runtime's API, which tells what became of a replayed event; absent behind other runtimes. */
  deliveryStatusUrl: string | undefined
}

/** Reads this service's settings from the environment. */
export const readConfig = (env: EnvReader): DlqueueConfig => ({
  service: readServiceConfig(env),
  storage: readStorageConfig(env),
  events: readEventsConfig(env),
  maxRetries: env.integer('MAX_RETRIES', { fallback: 3, min: 1, max: 1_000 }),
  replayTargets: readTargets(env.text('REPLAY_TARGETS', '{}')),
  deliveryStatusUrl: env.optional('DELIVERY_STATUS_URL'),
})

const readTargets = (text: string): Record<string, ReplayTarget> => {
  try {
    const targets = JSON.parse(text) as Record<string, ReplayTarget>
    const isFine = Object.values(targets).every((target) =>
      'url' in target ? URL.canParse(target.url) : typeof target.topic === 'string',
    )
    if (isFine) return targets
  } catch {
    // Reported below, like any other wrong value.
  }
  throw new AppError('invalid', 'REPLAY_TARGETS must be JSON of EventSource names with {"url": …} or {"topic": …}')
}
