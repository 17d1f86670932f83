import { spawnSync } from 'node:child_process'
import { chownSync } from 'node:fs'
import { AppError } from '@bookinfo/errors'

/** PostgreSQL refuses to run as root; this is how we run it instead. */
export type Account = {
  /** Words before the command. */
  prefix: readonly string[]
  /** Numeric account for the child process, when it must change. */
  ids: { uid: number; gid: number } | undefined
  /** Gives a file or folder to that account. */
  own(path: string): void
}

const nobody = { uid: 65_534, gid: 65_534 }
const asOrdinaryUser = ['unshare', '-U', '--map-user=1000', '--map-group=1000']

/** Not root: as we are. Root: in a user namespace of its own, else as `nobody`. */
export const chooseAccount = (): Account => {
  if (process.getuid?.() !== 0) return { prefix: [], ids: undefined, own: () => {} }
  if (works(asOrdinaryUser)) return { prefix: asOrdinaryUser, ids: undefined, own: () => {} }
  const own = (path: string) => chownSync(path, nobody.uid, nobody.gid)
  if (spawnSync('true', { uid: nobody.uid, gid: nobody.gid }).status === 0) return { prefix: [], ids: nobody, own }
  throw new AppError(
    'unavailable',
    'PostgreSQL cannot run as root: start as an ordinary user, or allow user namespaces',
  )
}

const works = ([command = '', ...args]: readonly string[]): boolean =>
  spawnSync(command, [...args, 'true'], { stdio: 'ignore' }).status === 0
