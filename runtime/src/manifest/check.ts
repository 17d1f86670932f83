import { AppError } from '@bookinfo/errors'
import { type Condition, compileCondition } from '../conditions/condition.ts'
import { compileEventFilter } from '../eventsources/filter.ts'
import { retryDelaysMs } from '../retry.ts'
import { tlsProblems } from '../triggers/tls.ts'
import { templateProblem } from '../values/template.ts'
import { dependencyProblems } from './check-dependency.ts'
import type { Problem } from './fields.ts'
import type { Manifests } from './kinds.ts'
import type { Parameter, Trigger } from './types.ts'

/** What no single field shows: names that lead nowhere, triggers that Argo would refuse, webhooks that collide. */
export const checkSystem = (manifests: Manifests): Problem[] => [
  ...checkWebhooks(manifests),
  ...manifests.sensors.flatMap((sensor) => checkSensor(sensor, manifests)),
  ...checkBuses(manifests),
  ...checkFilters(manifests),
]

const embedded = /\.svc(\.cluster\.local)?(:\d+)?$/

const checkBuses = ({ eventSources }: Manifests): Problem[] =>
  eventSources.flatMap(({ spec, at }) =>
    Object.entries(spec.kafka ?? {}).flatMap(([name, { url, topic, consumerGroup }]) => {
      const path = ['spec', 'kafka', name]
      if (!topic) return [{ at: at(path), text: `topic of ${name} is missing` }]
      if (!consumerGroup?.groupName) return [{ at: at(path), text: `consumerGroup.groupName of ${name} is missing` }]
      if (
        String(url)
          .split(',')
          .every((broker) => embedded.test(broker))
      )
        return []
      return [
        {
          at: at([...path, 'url']),
          text: `broker ${url} is outside the cluster; only topics at *.svc.cluster.local are carried here`,
        },
      ]
    }),
  )

const checkFilters = ({ eventSources }: Manifests): Problem[] =>
  eventSources.flatMap(({ spec, at }) =>
    (['webhook', 'kafka'] as const).flatMap((kind) =>
      Object.entries(spec[kind] ?? {}).flatMap(([event, { filter }]) =>
        attempt(() => compileEventFilter(filter)).map((text) => ({
          at: at(['spec', kind, event, 'filter']),
          text: `filter of ${event}: ${text}`,
        })),
      ),
    ),
  )

const checkWebhooks = ({ eventSources }: Manifests): Problem[] => {
  const seen = new Map<string, string>()
  return eventSources.flatMap(({ name, spec, at }) =>
    Object.entries(spec.webhook ?? {}).flatMap(([event, { port, endpoint, method }]) => {
      const path = ['spec', 'webhook', event]
      if (!/^\d+$/.test(String(port)))
        return [{ at: at(path), text: `port of webhook ${event} must be a number in quotes` }]
      if (!endpoint?.startsWith('/')) return [{ at: at(path), text: `endpoint of webhook ${event} must begin with /` }]
      if (method !== 'POST' && method !== 'GET')
        return [{ at: at(path), text: `method of webhook ${event} must be POST or GET` }]
      const address = `${port}${endpoint}`
      const other = seen.get(address)
      seen.set(address, name)
      return other === undefined
        ? []
        : [{ at: at(path), text: `webhook ${event} has the address of ${other}: ${address}` }]
    }),
  )
}

const checkSensor = ({ spec, at }: Manifests['sensors'][number], { eventSources }: Manifests): Problem[] => {
  const names = spec.dependencies.map(({ name }) => name)
  const unknown = spec.dependencies.flatMap((dependency, index): Problem[] => {
    const { eventSourceName, eventName } = dependency
    const source = eventSources.find(({ name }) => name === eventSourceName)
    const place = at(['spec', 'dependencies', index])
    if (!source?.spec.webhook?.[eventName] && !source?.spec.kafka?.[eventName]) {
      return [{ at: place, text: `there is no EventSource ${eventSourceName} with an event ${eventName}` }]
    }
    return dependencyProblems(dependency).map((text) => ({ at: place, text: `dependency ${dependency.name}: ${text}` }))
  })
  return [
    ...unknown,
    ...spec.triggers.flatMap((trigger, index) => {
      const place = at(['spec', 'triggers', index])
      return problemsOf(trigger, names).map((text) => ({
        at: place,
        text: `trigger ${trigger.template.name}: ${text}`,
      }))
    }),
  ]
}

const methods = new Set(['GET', 'DELETE', 'PATCH', 'POST', 'PUT'])

const problemsOf = (trigger: Trigger, names: readonly string[]): string[] => {
  const { template, dlqTrigger } = trigger
  const problems = [
    ...attempt(() => assertCanFire(compileCondition(template.conditions, names))),
    ...attempt(() => retryDelaysMs(trigger.retryStrategy, () => 0)),
  ]
  if (!template.http && !template.log) problems.push('only http and log triggers run on one machine')
  if (template.http && !URL.canParse(template.http.url)) problems.push(`url "${template.http.url}" is not an address`)
  if (dlqTrigger && !(trigger.atLeastOnce && dlqTrigger.atLeastOnce))
    problems.push('a dlqTrigger needs atLeastOnce: true on both triggers')
  const { method = 'POST' } = template.http ?? {}
  if (!methods.has(method)) problems.push(`method ${method} is none of ${[...methods].join(', ')}`)
  problems.push(...tlsProblems(template.http?.tls))
  const { payload = [], parameters = [], dynamicHeaders = [] } = template.http ?? {}
  for (const parameter of [...payload, ...parameters, ...dynamicHeaders, ...(trigger.parameters ?? [])]) {
    problems.push(...parameterProblems(parameter, names))
  }
  return [...problems, ...(dlqTrigger ? problemsOf(dlqTrigger, names) : [])]
}

const assertCanFire = ({ expression, names, isMet }: Condition): void => {
  if (names.length > 0 && isMet(new Set(names))) return
  throw new AppError('invalid', `condition "${expression}" can never be met`)
}

const parameterProblems = ({ src, dest }: Parameter, names: readonly string[]): string[] => {
  const problems: string[] = []
  if (!names.includes(src.dependencyName))
    problems.push(`parameter ${dest || '(whole payload)'} reads the unknown dependency ${src.dependencyName}`)
  for (const template of [src.dataTemplate, src.contextTemplate]) {
    const problem = template ? templateProblem(template) : undefined
    if (problem !== undefined) problems.push(`template ${template}: ${problem}`)
  }
  return problems
}

const attempt = (work: () => unknown): string[] => {
  try {
    work()
    return []
  } catch (error) {
    return [error instanceof AppError ? error.message : String(error)]
  }
}
