import type { Entry } from '@bookinfo/eventlog'
import { type Condition, compileCondition } from '../conditions/condition.ts'
import { type Input, inputOf } from '../eventbus/inputs.ts'
import type { CloudEvent } from '../event.ts'
import { compileDependency, type DependencyVerdict } from '../filters/dependency.ts'
import { get } from '../json/gjson.ts'
import type { Dependency, EventSource, Sensor, Trigger } from '../manifest/types.ts'

/** One trigger of one sensor, ready to run: what it reads, what it lets pass, in which order it works. */
export type TriggerPlan = {
  name: string
  sensor: Sensor
  trigger: Trigger
  condition: Condition
  inputs: Input[]
  dependencies: PlannedDependency[]
  maxInFlight: number
  /** The text that orders events; undefined when the trigger takes one at a time. */
  partitionKey(event: CloudEvent, entry: Entry): string
  noRetryStatuses: ReadonlySet<number>
}

export type PlannedDependency = {
  name: string
  log: string
  subject: string
  judge(event: CloudEvent): DependencyVerdict
}

const concurrencyWithoutGuarantee = 64

/** Works out how each trigger of a sensor runs. Annotations of ours say what Argo's manifests cannot. */
export const planTriggers = (
  sensor: Sensor,
  setting: { eventSources: readonly EventSource[]; busName: string },
): TriggerPlan[] => {
  const { dependencies, triggers } = sensor.spec
  const names = dependencies.map(({ name }) => name)
  return triggers.map((trigger) => {
    const { name, conditions } = trigger.template
    const condition = compileCondition(conditions, names)
    const used = dependencies.filter((dependency) => condition.names.includes(dependency.name))
    const planned = used.flatMap((dependency) => planDependency(dependency, setting))
    const path = sensor.annotations[`sluice/partition-key.${name}`]
    const max = Number(sensor.annotations[`sluice/max-in-flight.${name}`] ?? 1)
    return {
      name: `${sensor.name}/${name}`,
      sensor,
      trigger,
      condition,
      inputs: distinctInputs(planned.map(({ input }) => input)),
      dependencies: planned.map(({ dependency }) => dependency),
      maxInFlight: trigger.atLeastOnce ? max : concurrencyWithoutGuarantee,
      partitionKey: orderBy(trigger, path),
      noRetryStatuses: new Set(
        (sensor.annotations['sluice/no-retry-status'] ?? '').split(',').filter(Boolean).map(Number),
      ),
    }
  })
}

const planDependency = (
  dependency: Dependency,
  setting: { eventSources: readonly EventSource[]; busName: string },
): { input: Input; dependency: PlannedDependency }[] => {
  const input = inputOf(dependency, setting)
  if (input === undefined) return []
  const judge = compileDependency(dependency)
  return [{ input, dependency: { name: dependency.name, log: input.log, subject: input.subject, judge } }]
}

const distinctInputs = (inputs: readonly Input[]): Input[] => [
  ...new Map(inputs.map((input) => [`${input.log} ${input.subject}`, input])).values(),
]

let sequence = 0

const orderBy = (trigger: Trigger, path: string | undefined) => {
  if (!trigger.atLeastOnce) return () => `${(sequence += 1)}`
  if (path === undefined) return () => ''
  return (event: CloudEvent, entry: Entry) => {
    const found = get(event.data ?? '', path)
    return found.exists ? found.text : entry.key
  }
}
