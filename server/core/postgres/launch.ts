/** One try to bring up a postmaster as our child, and the ending of one. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import { clusterSettings, environment } from './cluster.ts'
import { findPostmaster, isReady, type OwnerKind, ownerSetting } from './postmaster.ts'
import { lockedStatus, type Runner } from './runner.ts'
import type { ServerLog } from './server-log.ts'

/** What a start knows of its DATA_DIR; the paths are real ones. */
export type Place = {
  dataDir: string
  clusterDir: string
  socketDir: string
  binaries: Binaries
  runner: Runner
  fsync: boolean
  extraSettings: Record<string, string>
  log: (message: string) => void
  serverLog: ServerLog
}

export type Running = { child: ChildProcess; pid: number; exited: Promise<void> }

const recoveryPatience = 600_000

/** Null where the cluster is held by somebody else, or for a moment by what is left of a dead server. */
export async function launch(place: Place, kind: OwnerKind): Promise<Running | null> {
  const mark = place.serverLog.mark()
  const { child, exited } = await spawnPostmaster(place, kind)
  const pid = child.pid ?? 0
  const over = exited.then(() => true)
  for (const until = Date.now() + recoveryPatience; Date.now() < until; ) {
    if (isReady(place.clusterDir, pid)) return { child, pid, exited }
    if (await Promise.race([over, sleep(5, false)])) {
      if (isHeld(child, place.serverLog.since(mark))) return null
      throw await explain(place, place.serverLog.since(mark))
    }
  }
  child.kill('SIGINT')
  throw new Error(
    `PostgreSQL in ${place.clusterDir} was not ready after ten minutes; see ${place.dataDir}/postgres.log.`,
  )
}

async function spawnPostmaster(place: Place, kind: OwnerKind): Promise<Pick<Running, 'child' | 'exited'>> {
  const settings = await clusterSettings(place.clusterDir, place.socketDir, place)
  const postgres = [place.binaries.postgres, '-D', place.clusterDir, '-c', ownerSetting(kind), ...settings]
  const command = [...(await clearLeftovers(place)), ...postgres]
  const [program = '', ...words] = place.runner.wrap(command, place.clusterDir)
  const child = spawn(program, words, {
    env: environment(place.binaries),
    stdio: ['ignore', place.serverLog.fd, place.serverLog.fd],
    // A group of its own: Ctrl-C must reach the server first, which ends PostgreSQL after its last query.
    detached: true,
    ...place.runner.as,
  })
  const exited = new Promise<void>((done) => {
    child.once('exit', () => done())
    child.once('error', (error) => {
      place.log(`PostgreSQL could not be started: ${error.message}`)
      done()
    })
  })
  return { child, exited }
}

/**
 * A dead server's files name a pid that may be another program's by now, and PostgreSQL would believe them. Whoever
 * holds the lock has no living rival, so they are removed under it. Without a lock we look again and then remove.
 */
async function clearLeftovers(place: Place): Promise<string[]> {
  const files = [join(place.clusterDir, 'postmaster.pid'), join(place.socketDir, '.s.PGSQL.5432.lock')]
  if (place.runner.locks) return ['sh', '-c', 'rm -f -- "$1" "$2"; shift 2; exec "$@"', 'sh', ...files]
  if (findPostmaster(place.clusterDir) === null) for (const file of files) await rm(file, { force: true })
  return []
}

function isHeld(child: ChildProcess, said: string): boolean {
  return (
    child.exitCode === lockedStatus ||
    /lock file .* already exists|pre-existing shared memory block/.test(said)
  )
}

async function explain(place: Place, said: string): Promise<Error> {
  const why = /(?:FATAL|PANIC):\s*(.*)/.exec(said)?.[1] ?? said.trim().slice(-300)
  if (!why.includes('incompatible with server'))
    return new Error(
      `PostgreSQL did not start in ${place.clusterDir}: ${why || `see ${place.dataDir}/postgres.log`}`,
    )
  const version = (await readFile(join(place.clusterDir, 'PG_VERSION'), 'utf8')).trim()
  return new Error(
    `DATA_DIR ${place.dataDir} was made by PostgreSQL ${version} and this is another version. ` +
      'Take a backup with the release that made it and restore it into a new DATA_DIR.',
  )
}

/**
 * From polite to final: fast shutdown, immediate shutdown, kill. Together they fit into the 10 s that a stop may
 * take. `wait` tells whether it went.
 */
export async function endPostmaster(pid: number, wait: (ms: number) => Promise<boolean>): Promise<void> {
  for (const [signal, ms] of [
    ['SIGINT', 5000],
    ['SIGQUIT', 1500],
    ['SIGKILL', 1500],
  ] as const) {
    signalTo(pid, signal)
    if (await wait(ms)) return
  }
}

export function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
