import { AppError } from '@bookinfo/errors'
import type { SecretReference } from './manifest/types.ts'

/** Values of the Secrets that manifests name, by Secret and key. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>

/** A Secret's value; one that nobody gave is `invalid`, said at the start and not at the first request. */
export const readSecret = (secrets: Secrets, { name, key }: SecretReference, { wantedBy }: { wantedBy: string }) => {
  const value = secrets[name]?.[key]
  if (value) return value
  throw new AppError('invalid', `${wantedBy} needs the Secret ${name} with the key ${key}, which nobody gave`)
}
