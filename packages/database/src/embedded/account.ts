import { spawnSync } from 'node:child_process'
import { chmodSync, lchownSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '@bookinfo/errors'

/** PostgreSQL refuses to run as root; this is how we run it instead. */
export type Account = {
  /** Words before the command. */
  prefix: readonly string[]
  /** Numeric account for the child process, when it must change. */
  ids: Ids | undefined
  /** Gives a folder with all that is in it to that account. */
  own(folder: string): void
  /** Lets that account pass through a folder; it stays closed to its eyes. */
  admit(folder: string): void
}

type Ids = { uid: number; gid: number }

const root: Ids = { uid: 0, gid: 0 }
const nobody: Ids = { uid: 65_534, gid: 65_534 }
const asOrdinaryUser = ['unshare', '-U', '--map-user=1000', '--map-group=1000']

/** Not root: as we are. Root: in a user namespace of its own, else as `nobody`. */
export const chooseAccount = ({ postgres }: { postgres: string }): Account => {
  const asWeAre: Account = { prefix: [], ids: undefined, own: () => {}, admit: () => {} }
  if (process.getuid?.() !== 0) return asWeAre
  if (works([...asOrdinaryUser, postgres])) return { ...asWeAre, prefix: asOrdinaryUser, own: ownAs(root) }
  if (works([postgres], nobody)) return { prefix: [], ids: nobody, own: ownAs(nobody), admit }
  throw new AppError(
    'unavailable',
    'PostgreSQL cannot run as root: start as an ordinary user, allow user namespaces, or put this folder where the user nobody can read it',
  )
}

const works = ([command = '', ...args]: readonly string[], ids: Ids | undefined = undefined): boolean =>
  spawnSync(command, [...args, '--version'], { stdio: 'ignore', cwd: '/', ...ids }).status === 0

/** What was made as one account is found by another when the machine begins or ceases to allow user namespaces. */
const ownAs =
  ({ uid, gid }: Ids) =>
  (folder: string): void => {
    if (statSync(folder).uid === uid) return
    for (const name of readdirSync(folder, { recursive: true })) lchownSync(join(folder, String(name)), uid, gid)
    lchownSync(folder, uid, gid)
  }

const admit = (folder: string): void => chmodSync(folder, statSync(folder).mode | 0o011)
