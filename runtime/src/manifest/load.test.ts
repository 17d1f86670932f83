import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { checkReferences, configMapsOf } from '../secrets.ts'
import { loadManifests } from './load.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-load-'))
after(() => rmSync(folder, { recursive: true, force: true }))
let files = 0

const load = ({ webhook = '', trigger = '', http = '' }) => {
  const file = join(folder, `${(files += 1)}.yaml`)
  writeFileSync(
    file,
    `
kind: EventSource
metadata: { name: things }
spec:
  webhook:
    made: { port: "0", endpoint: /made, method: POST ${webhook} }
---
kind: ConfigMap
metadata: { name: settings }
data: { region: north }
---
kind: Sensor
metadata: { name: things }
spec:
  dependencies:
    - { name: a, eventSourceName: things, eventName: made }
    - { name: b, eventSourceName: things, eventName: made }
  triggers:
    - template: { name: t, http: { url: http://things.n.svc/ ${http} } ${trigger} }
`,
  )
  return loadManifests([file])
}

test('what Argo finds only when events come, and then discards them all, is said with its place', () => {
  const wrong: [Parameters<typeof load>[0], RegExp][] = [
    [{ webhook: ', filter: { expression: "body.n ==" }' }, /yaml:6:\d+: filter of made: unexpected the end/],
    [{ webhook: ', filter: { expression: "nope(1)" }' }, /there is no function nope/],
    [{ trigger: ', conditions: a && c' }, /yaml:19:\d+: trigger t: condition "a && c": there is no dependency c/],
    [{ trigger: ', conditions: "1"' }, /condition "1" can never be met/],
    [{ trigger: ', conditions: "false && a"' }, /condition "false && a"/],
    [{ http: ', method: post' }, /method post is none of GET, DELETE, PATCH, POST, PUT/],
    [{ http: ', tls: { clientCertSecret: { name: s, key: k } }' }, /clientCertSecret and clientKeySecret together/],
    [{ http: ', tls: {}' }, /tls needs caCertSecret/],
  ]
  for (const [texts, message] of wrong) assert.throws(() => load(texts), { code: 'invalid', message })
})

test('a Secret or ConfigMap that is not there is said with its place before anything runs', () => {
  const header = (from: string) => `, secureHeaders: [{ name: X, valueFrom: { ${from} } }]`
  const check = (from: string, secrets = {}) => {
    const manifests = load({ http: header(from) })
    checkReferences(manifests, { secrets, configMaps: configMapsOf(manifests) })
  }
  check('configMapKeyRef: { name: settings, key: region }')
  check('secretKeyRef: { name: api, key: token }', { api: { token: 'x' } })
  assert.throws(() => check('secretKeyRef: { name: api, key: token }'), {
    code: 'invalid',
    message: /yaml:19:\d+: trigger t: there is no Secret api with the key token/,
  })
  assert.throws(() => check('configMapKeyRef: { name: settings, key: none }'), /there is no ConfigMap settings/)
})
