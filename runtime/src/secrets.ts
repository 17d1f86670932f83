import { AppError } from '@bookinfo/errors'
import type { Manifests } from './manifest/kinds.ts'
import type { HttpTrigger, SecretReference, ValueFrom } from './manifest/types.ts'

/** Values of the Secrets that manifests name, by Secret and key. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>

/** What manifests may refer to: Secrets that somebody gave, ConfigMaps that stand beside them. */
export type References = { secrets: Secrets; configMaps: Secrets }

/** A Secret's value; one that nobody gave is `invalid`, said at the start and not at the first request. */
export const readSecret = (secrets: Secrets, { name, key }: SecretReference, { wantedBy }: { wantedBy: string }) => {
  const value = secrets[name]?.[key]
  if (value) return value
  throw new AppError('invalid', `${wantedBy} needs the Secret ${name} with the key ${key}, which nobody gave`)
}

/** The value that a reference leads to, as Argo reads it: without a line's end behind it. Throws `invalid` when there is none. */
export const readReference = ({ secrets, configMaps }: References, from: ValueFrom): string => {
  const { secretKeyRef, configMapKeyRef } = from
  const [kind, reference, values] = secretKeyRef
    ? (['Secret', secretKeyRef, secrets] as const)
    : (['ConfigMap', configMapKeyRef, configMaps] as const)
  const value = reference && values[reference.name]?.[reference.key]
  if (value !== undefined) return value.replace(/\n$/, '')
  throw new AppError('invalid', `there is no ${kind} ${reference?.name} with the key ${reference?.key}`)
}

/** The ConfigMaps of manifests, by name and key. */
export const configMapsOf = ({ configMaps }: Manifests): Secrets =>
  Object.fromEntries(configMaps.map(({ name, data }) => [name, data]))

/** Everything that triggers refer to and that is not there is an error, with its place. */
export const checkReferences = ({ sensors }: Manifests, references: References): void => {
  const problems = sensors.flatMap(({ spec, at }) =>
    spec.triggers.flatMap((trigger, index) =>
      [trigger, trigger.dlqTrigger].flatMap((one) =>
        referencesOf(one?.template.http).flatMap((from) => {
          const place = at(['spec', 'triggers', index])
          return problemOf(references, from).map((text) => `  ${place}: trigger ${one?.template.name}: ${text}`)
        }),
      ),
    ),
  )
  if (problems.length > 0) throw new AppError('invalid', `manifests:\n${problems.join('\n')}`)
}

const referencesOf = (http: HttpTrigger | undefined): ValueFrom[] => {
  const { secureHeaders = [], basicAuth = {}, tls = {} } = http ?? {}
  const secrets = [basicAuth.username, basicAuth.password, tls.caCertSecret, tls.clientCertSecret, tls.clientKeySecret]
  return [
    ...secureHeaders.map(({ valueFrom }) => valueFrom),
    ...secrets.flatMap((secretKeyRef) => (secretKeyRef ? [{ secretKeyRef }] : [])),
  ]
}

const problemOf = (references: References, from: ValueFrom): string[] => {
  try {
    readReference(references, from)
    return []
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}
