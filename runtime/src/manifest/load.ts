import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '@bookinfo/errors'
import { isMap, isNode, LineCounter, parseAllDocuments, type Document } from 'yaml'
import { kinds } from './kinds.ts'
import { checkFields, type Problem } from './fields.ts'
import { checkSystem } from './check.ts'
import type { Deployment, EventBus, HttpRoute, Manifests, Service } from './kinds.ts'

const filesMax = 1_000
const aliasesMax = 100

type Loaded = { kind: string; value: Record<string, unknown>; at(path: readonly (string | number)[]): string }

/**
 * Reads YAML manifests from files and folders. Everything that the runtime does not do is an error with file and line; all problems are
 * reported together.
 */
export const loadManifests = (paths: readonly string[]): Manifests => {
  const files = paths.flatMap(listFiles)
  if (files.length === 0) throw new AppError('invalid', `there are no YAML files in ${paths.join(', ')}`)
  if (files.length > filesMax)
    throw new AppError('invalid', `more than ${filesMax} manifest files in ${paths.join(', ')}`)
  const loaded = files.flatMap(readFile)
  const problems: Problem[] = loaded.flatMap(({ kind, value, at }) => {
    const fields = kinds[kind]
    if (fields === undefined) return [{ at: at(['kind']), text: `kind ${kind} does not run on one machine` }]
    return fields === 'ignored' ? [] : checkFields(value, fields, at)
  })
  const manifests = collect(loaded)
  if (problems.length === 0) problems.push(...checkSystem(manifests))
  if (problems.length > 0) {
    throw new AppError('invalid', `manifests:\n${problems.map(({ at, text }) => `  ${at}: ${text}`).join('\n')}`)
  }
  return manifests
}

const listFiles = (path: string): string[] => {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) throw new AppError('invalid', `there is no file or folder ${path}`)
  if (stats.isFile()) return [path]
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name) && !name.endsWith('kustomization.yaml'))
    .sort()
    .map((name) => join(path, name))
}

const readFile = (file: string): Loaded[] => {
  const lines = new LineCounter()
  const documents = parseAllDocuments(readFileSync(file, 'utf8'), { lineCounter: lines })
  return [...documents].flatMap((document) => {
    const [error] = document.errors
    if (error) {
      const { line, col } = lines.linePos(error.pos[0])
      throw new AppError('invalid', `${file}:${line}:${col}: ${error.message.split('\n')[0]}`)
    }
    if (!isMap(document.contents)) return []
    const value = document.toJS({ maxAliasCount: aliasesMax }) as Record<string, unknown>
    return [{ kind: String(value.kind), value, at: (path) => position(file, document, lines, path) }]
  })
}

const position = (file: string, document: Document, lines: LineCounter, path: readonly (string | number)[]): string => {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true)
    if (!isNode(node) || !node.range) continue
    const { line, col } = lines.linePos(node.range[0])
    return `${file}:${line}:${col}`
  }
  return file
}

const collect = (loaded: readonly Loaded[]): Manifests => {
  const of = <T>(kind: string) => loaded.filter((one) => one.kind === kind).map((one) => withMetadata(one) as T)
  return {
    eventSources: of<Manifests['eventSources'][number]>('EventSource'),
    sensors: of<Manifests['sensors'][number]>('Sensor'),
    routes: of<HttpRoute>('HTTPRoute'),
    services: of<Service>('Service'),
    deployments: of<Deployment>('Deployment'),
    configMaps: loaded
      .filter(({ kind }) => kind === 'ConfigMap')
      .map((one) => ({ ...withMetadata(one), data: (one.value.data ?? {}) as Record<string, string> })),
    bus: readBus(loaded),
  }
}

const readBus = (loaded: readonly Loaded[]): EventBus => {
  const found = loaded.find(({ kind }) => kind === 'EventBus')
  if (found === undefined) return { name: 'default', namespace: 'default' }
  const { name, namespace, spec } = withMetadata(found)
  return { name, namespace, ...(spec as Pick<EventBus, 'kafka'> | undefined) }
}

type Metadata =
  | { name?: string; namespace?: string; annotations?: Record<string, string>; labels?: Record<string, string> }
  | undefined

const withMetadata = ({ value, at }: Loaded) => {
  const metadata = (value.metadata ?? {}) as NonNullable<Metadata>
  return {
    name: metadata.name ?? '',
    namespace: metadata.namespace ?? 'default',
    annotations: metadata.annotations ?? {},
    labels: metadata.labels ?? {},
    spec: value.spec as Record<string, unknown>,
    at,
  }
}
