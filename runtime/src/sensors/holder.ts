import type { CloudEvent } from '../event.ts'
import type { DeliveryRef, HeldEvent, Outcome, State, StoredEvent } from '../state/types.ts'
import type { TriggerPlan } from './plan.ts'

type Settled = DeliveryRef & { outcome: Outcome; consumer: string; dependency: string }

type Decision =
  | { kind: 'hold'; settled?: Settled[] }
  | {
      kind: 'fire'
      events: ReadonlyMap<string, CloudEvent>
      stored: StoredEvent[]
      /** How the held deliveries end that this firing used up. */
      settle(outcome: Outcome): Settled[] | undefined
    }

/**
 * Decides whether an event completes a trigger's condition. Events of an `a && b` wait for each other; of two with the same name the
 * newer one is kept and the older one is superseded. Kept events survive a restart.
 */
export const createHolder = ({ plan, state }: { plan: TriggerPlan; state: Pick<State, 'held'> }) => {
  const held = new Map<string, HeldEvent>()
  const asSettled = (outcome: Outcome, events: Iterable<HeldEvent>): Settled[] =>
    [...events].map(({ inputId, partition, position, dependency }) => ({
      inputId,
      partition,
      position,
      dependency,
      outcome,
      consumer: plan.name,
    }))

  return {
    load: async () => {
      if (!plan.condition.needsAnd) return
      for (const event of await state.held(plan.name)) held.set(event.dependency, event)
    },
    decide: (stored: StoredEvent, ref: DeliveryRef): Decision => {
      const { dependency, event } = stored
      if (!plan.condition.needsAnd) {
        return { kind: 'fire', events: new Map([[dependency, event]]), stored: [stored], settle: () => undefined }
      }
      const older = held.get(dependency)
      const present = new Set([...held.keys(), dependency])
      if (!plan.condition.isMet(present)) {
        held.set(dependency, { dependency, stored, ...ref })
        return { kind: 'hold', ...(older && { settled: asSettled('superseded', [older]) }) }
      }
      const used = [...held.values()].filter((one) => one.dependency !== dependency)
      held.clear()
      const all = [...used.map((one) => one.stored), stored]
      return {
        kind: 'fire',
        events: new Map(all.map((one) => [one.dependency, one.event])),
        stored: all,
        settle: (outcome) => [...asSettled(outcome, used), ...(older ? asSettled('superseded', [older]) : [])],
      }
    },
  }
}
