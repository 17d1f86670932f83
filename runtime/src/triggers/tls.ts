import type { ConnectionOptions } from 'node:tls'
import type { TlsConfig } from '../manifest/types.ts'
import { type References, readReference } from '../secrets.ts'

/** How a trigger's `tls` is dialled: with certificates of its own, or without looking at the other side's. */
export const tlsOptions = (tls: TlsConfig, references: References): ConnectionOptions => {
  if (tls.insecureSkipVerify) return { rejectUnauthorized: false }
  const read = (secretKeyRef: TlsConfig['caCertSecret']) => secretKeyRef && readReference(references, { secretKeyRef })
  const [ca, cert, key] = [tls.caCertSecret, tls.clientCertSecret, tls.clientKeySecret].map(read)
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) }
}

/** What is wrong with a trigger's `tls`. */
export const tlsProblems = (tls: TlsConfig | undefined): string[] => {
  if (tls === undefined || tls.insecureSkipVerify) return []
  const { caCertSecret, clientCertSecret, clientKeySecret, enabled } = tls
  if ((clientCertSecret === undefined) !== (clientKeySecret === undefined))
    return ['tls needs clientCertSecret and clientKeySecret together']
  return caCertSecret || clientCertSecret || enabled
    ? []
    : ['tls needs caCertSecret, clientCertSecret with clientKeySecret, or enabled: true']
}
