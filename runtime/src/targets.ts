import { AppError } from '@bookinfo/errors'
import type { Webhook } from './eventsources/webhook.ts'
import type { TriggerRequest } from './http-trigger/request.ts'
import type { Manifests } from './manifest/kinds.ts'
import type { HttpTargets } from './triggers/http.ts'

const clusterName = /^([a-z0-9-]+)(\.[a-z0-9-]+)?(\.svc(\.cluster\.local)?)?$/

/** The Service that a cluster's host name means; undefined for any other host. */
export const serviceOf = (hostname: string): string | undefined => {
  if (hostname === 'localhost') return undefined
  const isClusterName = hostname.includes('.svc') || !hostname.includes('.')
  return isClusterName ? clusterName.exec(hostname)?.[1] : undefined
}

/** Calls a Service whose process is this one; undefined when it must be dialled. */
export type CallService = (
  service: string,
  request: TriggerRequest,
) => Promise<{ status: number; text: string }> | undefined

/** The webhook that stands behind a Service of ours, by Argo's name for it or by its endpoint's path. */
export const createWebhookLookup =
  (webhooks: readonly Webhook[]) =>
  (service: string, path: string): Webhook | undefined =>
    webhooks.find(({ eventSource, endpoint }) => service === `${eventSource}-eventsource-svc` && endpoint === path)

/** Where triggers' addresses are: a webhook of our own is a call in this process, a Service is what the caller mapped it to. */
export const createTargets = (options: {
  services: Readonly<Record<string, string>>
  webhookOf: (service: string, path: string) => Webhook | undefined
  callService?: CallService | undefined
}): HttpTargets => {
  const { services, webhookOf, callService } = options
  return (url) => {
    const service = serviceOf(url.hostname)
    if (service === undefined) return undefined
    const webhook = webhookOf(service, url.pathname)
    if (webhook !== undefined) {
      return {
        origin: url.origin,
        call: async ({ method, headers, body }) => {
          const request = { method, path: url.pathname, query: url.search.slice(1), headers, body: Buffer.from(body) }
          const { status, body: text } = await webhook.accept(request, 'internal')
          return { status, text }
        },
      }
    }
    const origin = services[service]
    if (origin === undefined)
      throw new AppError('unavailable', `service ${service} has no address: add --target ${service}=URL`)
    return { origin: new URL(origin).origin, call: (request) => callService?.(service, request) }
  }
}

/** Every Service that routes and triggers need and nobody mapped is an error, with its place. */
export const checkTargets = (manifests: Manifests, options: Parameters<typeof createTargets>[0]): void => {
  const { services, webhookOf } = options
  const isKnown = (service: string, path: string) =>
    services[service] !== undefined || webhookOf(service, path) !== undefined
  const fromTriggers = manifests.sensors.flatMap(({ spec, at }) =>
    spec.triggers.flatMap((trigger, index) =>
      [trigger, trigger.dlqTrigger].flatMap((one) => {
        if (!one?.template.http) return []
        const url = new URL(one.template.http.url)
        const service = serviceOf(url.hostname)
        if (service === undefined || isKnown(service, url.pathname)) return []
        return [
          `${at(['spec', 'triggers', index])}: trigger ${one.template.name} calls service ${service}, which has no address: add --target ${service}=URL`,
        ]
      }),
    ),
  )
  const fromRoutes = manifests.routes.flatMap(({ name, spec, at }) =>
    (spec.rules ?? []).flatMap(({ matches = [{}], backendRefs = [] }, index) =>
      backendRefs
        .filter((backend) => !matches.every(({ path }) => isKnown(backend.name, path?.value ?? '/')))
        .map(
          (backend) =>
            `${at(['spec', 'rules', index])}: route ${name} leads to service ${backend.name}, which has no address: add --target ${backend.name}=URL`,
        ),
    ),
  )
  const problems = [...fromTriggers, ...fromRoutes]
  if (problems.length > 0)
    throw new AppError('invalid', `manifests:\n${problems.map((text) => `  ${text}`).join('\n')}`)
}
