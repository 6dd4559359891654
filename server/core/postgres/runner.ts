/**
 * As whom, and through which small programs, PostgreSQL is started. It refuses to run as root, so as root it runs
 * as `nobody` inside a user namespace: outside, its files stay root's, and no other account has to reach them.
 * Where namespaces are off it runs as another account that can reach the data folder.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { chmod, chown, lchown } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

export type Runner = {
  /** Handed to spawn; absent when PostgreSQL runs as the account that runs us. */
  as: { uid: number; gid: number } | null
  /** Whether `lock` below is honoured. */
  locks: boolean
  /** The command line that runs this one, and ends (cleanly) when we do. `lock` is held while any part of it runs. */
  wrap(command: string[], lock?: string): string[]
  /** Makes a file or folder of ours PostgreSQL's. */
  give(path: string): Promise<void>
}

const nobody = 65534
const namespace = ['unshare', '--user', `--map-user=${nobody}`, `--map-group=${nobody}`]
/** Exit status of a start that found the cluster locked. */
export const lockedStatus = 66

export async function chooseRunner(dataDir: string, clusterDir: string, binDir: string): Promise<Runner> {
  const me = process.getuid?.() ?? 0
  if (me !== 0) return runner(hasName() || !works(namespace) ? [] : namespace, null)
  const cluster = statOf(clusterDir)
  const keeps = cluster !== null && cluster.uid !== 0
  const reach = (uid: number, gid: number) => walkable(dataDir, uid, gid) && walkable(binDir, uid, gid)
  if (!keeps && works(namespace) && reach(0, 0)) return runner(namespace, null)

  // A cluster keeps the account that made it. Else the account whose home the data folder is in, else nobody.
  const own = statSync(dataDir)
  if (own.uid === 0 && (own.mode & 0o001) === 0) await chmod(dataDir, own.mode | 0o011)
  const blocking = ancestors(dataDir).find((s) => s.uid !== 0 && (s.mode & 0o001) === 0)
  const candidates = [
    keeps ? cluster : null,
    own.uid === 0 ? null : own,
    blocking,
    { uid: nobody, gid: nobody },
  ]
  const as = candidates.find((c) => c !== null && c !== undefined && reach(c.uid, c.gid))
  if (as === null || as === undefined)
    throw new Error(
      `PostgreSQL does not run as root, and no other account can reach DATA_DIR ${dataDir} and ${binDir}. ` +
        'Start as an ordinary user, set DATA_DIR to a folder such as /var/lib/e-reception-book, or set DATABASE_URL.',
    )
  const chosen = { uid: as.uid, gid: as.gid }
  if (cluster !== null && cluster.uid !== chosen.uid) await giveAll(clusterDir, chosen)
  return runner([], chosen)
}

function runner(prefix: string[], as: Runner['as']): Runner {
  // INT is a fast, clean shutdown: however Node ends, PostgreSQL goes too and leaves nothing to recover.
  const dying = works(['setpriv', '--pdeathsig', 'INT']) ? ['setpriv', '--pdeathsig', 'INT'] : []
  // The lock holds across containers too, where one process cannot see the other's pid.
  const locking = works(['flock', '--no-fork', '--nonblock', '--shared', '/'])
  return {
    as,
    locks: locking,
    wrap: (command, lock) => [
      ...prefix,
      ...dying,
      ...(locking && lock !== undefined
        ? ['flock', '--no-fork', '--nonblock', '--conflict-exit-code', String(lockedStatus), lock]
        : []),
      ...command,
    ],
    give: async (path) => {
      if (as !== null) await chown(path, as.uid, as.gid)
    },
  }
}

const known = new Map<string, boolean>()

function works(prefix: string[]): boolean {
  const key = prefix.join(' ')
  const found =
    known.get(key) ??
    (onPath(prefix[0] ?? '') &&
      spawnSync(prefix[0] ?? '', [...prefix.slice(1), 'true'], { stdio: 'ignore', timeout: 5000 }).status ===
        0)
  known.set(key, found)
  return found
}

function onPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((dir) => {
    try {
      accessSync(join(dir, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** initdb asks the account for its name; in a container there may be none. */
function hasName(): boolean {
  try {
    return userInfo().username !== ''
  } catch {
    return false
  }
}

/** Whether an account without special rights can walk to this folder. */
function walkable(path: string, uid: number, gid: number): boolean {
  return ancestors(path).every((s) => {
    const bit = s.uid === uid ? 0o100 : s.gid === gid ? 0o010 : 0o001
    return (s.mode & bit) !== 0
  })
}

function ancestors(path: string): Stats[] {
  const found: Stats[] = []
  for (let dir = realpathSync(path); ; dir = dirname(dir)) {
    found.push(statSync(dir))
    if (dir === dirname(dir)) return found
  }
}

function statOf(path: string): Stats | null {
  try {
    return lstatSync(path)
  } catch {
    return null
  }
}

async function giveAll(path: string, to: { uid: number; gid: number }): Promise<void> {
  await lchown(path, to.uid, to.gid)
  if (!lstatSync(path).isDirectory()) return
  for (const name of readdirSync(path)) await giveAll(join(path, name), to)
}
