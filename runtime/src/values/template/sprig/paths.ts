import { posix } from 'node:path'
import type { Value } from '../../go-json.ts'
import { type Functions, takes } from '../functions.ts'

const base = takes('s', (path: string) => (path === '' ? '.' : posix.basename(path) || '/'))
const dir = takes('s', (path: string) =>
  posix.normalize(path.slice(0, path.lastIndexOf('/') + 1) || '.').replace(/(.)\/$/, '$1'),
)
const clean = takes('s', (path: string) => posix.normalize(path).replace(/(.)\/$/, '$1'))
const ext = takes('s', (path: string) => /\.[^./]*$/.exec(path)?.[0] ?? '')
const isAbs = takes('s', (path: string) => path.startsWith('/'))

const urlParse = (text: string): Value => {
  const match = /^(?:([a-zA-Z][\w+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(text)
  const [, scheme = '', authority = '', path = '', query = '', fragment = ''] = match ?? []
  const at = authority.lastIndexOf('@')
  const host = authority.slice(at + 1)
  const isOpaque = scheme !== '' && authority === '' && path !== '' && !path.startsWith('/')
  return new Map<string, Value>([
    ['scheme', scheme.toLowerCase()],
    ['host', host],
    ['hostname', host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1')],
    ['path', isOpaque ? '' : decodeURIComponent(path)],
    ['query', query],
    ['opaque', isOpaque ? path : ''],
    ['fragment', decodeURIComponent(fragment)],
    ['userinfo', authority.slice(0, Math.max(0, at))],
  ])
}

const urlJoin = (parts: Map<string, Value>): string => {
  const part = (name: string): string => {
    const value = parts.get(name) ?? ''
    if (typeof value !== 'string') throw new Error(`unable to parse ${name} key, must be of type string`)
    return value
  }
  const [scheme, host, path, query, opaque, fragment, user] = [
    part('scheme'),
    part('host'),
    part('path'),
    part('query'),
    part('opaque'),
    part('fragment'),
    part('userinfo'),
  ]
  const authority = host !== '' || user !== '' ? `//${user === '' ? '' : `${user}@`}${host}` : ''
  const slash = path !== '' && !path.startsWith('/') && host !== '' ? '/' : ''
  const rest = opaque !== '' ? opaque : `${authority}${slash}${encodeURI(path)}`
  return `${scheme === '' ? '' : `${scheme}:`}${rest}${query && `?${query}`}${fragment && `#${encodeURI(fragment)}`}`
}

export const pathFunctions: Functions = {
  base,
  dir,
  clean,
  ext,
  isAbs,
  osBase: base,
  osDir: dir,
  osClean: clean,
  osExt: ext,
  osIsAbs: isAbs,
  urlParse: takes('s', urlParse),
  urlJoin: takes('m', urlJoin),
}
