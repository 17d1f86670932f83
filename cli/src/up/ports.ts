import { readdirSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { AppError } from '@bookinfo/errors'
import type { Addresses } from './addresses.ts'
import { commandOf, readText } from './proc.ts'

const commandMaxCharacters = 80

/** Rejects with the first port of the system that is taken, and with who holds it where the system tells. */
export const assertPortsFree = async ({ host, ports }: Addresses, services: readonly string[]): Promise<void> => {
  const needed = [
    ports.gateway,
    ports.operator,
    ports.webhooks,
    ...services.flatMap((name) => Object.values(ports.services[name] ?? {})),
  ]
  const taken = (await Promise.all(needed.map(async (port) => ((await isFree(host, port)) ? [] : [port])))).flat()[0]
  if (taken === undefined) return
  const holder = holderOf(taken)
  const by = holder === undefined ? '' : ` by process ${holder.pid} (${holder.command.slice(0, commandMaxCharacters)})`
  throw new AppError('conflict', `port ${taken} is taken${by}: stop what uses it, or start with --port-offset N`)
}

const isFree = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'EADDRINUSE'))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })

/** proc(5): the second field is the local address, the fourth the state (0A listens), the tenth the socket's inode. */
const holderOf = (port: number): { pid: number; command: string } | undefined => {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const inode = ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((file) => readText(file).split('\n'))
    .map((line) => line.trim().split(/\s+/))
    .find((fields) => fields[1]?.endsWith(ending) && fields[3] === '0A')?.[9]
  if (inode === undefined) return undefined
  const pid = listFolder('/proc').find(
    (name) =>
      /^\d+$/.test(name) &&
      listFolder(`/proc/${name}/fd`).some((fd) => linkOf(`/proc/${name}/fd/${fd}`) === `socket:[${inode}]`),
  )
  return pid === undefined ? undefined : { pid: Number(pid), command: commandOf(Number(pid)).join(' ') }
}

const listFolder = (path: string): string[] => {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

const linkOf = (path: string): string => {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
