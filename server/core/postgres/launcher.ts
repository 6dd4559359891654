/**
 * The embedded PostgreSQL: a real server, started as our child over a folder, reached by a socket and no TCP port.
 *
 * Promises: it ends with the process that started it, however that ends (SIGKILL too, on Linux); of two servers on
 * one DATA_DIR the second is refused; whatever a crash left behind, a start mends without a hand. An admin command
 * joins a running server's database and never ends it; a server takes over what an admin or a dead server left.
 * The application is an ordinary role: row-level security binds it.
 *
 * Must be true: DATA_DIR is on a local disk. Refuses: a folder that holds something else, or another major version.
 */
import { mkdir, realpath } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findBinaries } from './binaries.ts'
import { createCluster, isCluster, prepareDatabase, type SocketConnection, superuser } from './cluster.ts'
import { endPostmaster, launch, type Place, type Running, signalTo } from './launch.ts'
import { findPostmaster, type Postmaster } from './postmaster.ts'
import { chooseRunner } from './runner.ts'
import { openServerLog } from './server-log.ts'
import { makeSocketDir } from './socket-dir.ts'

export type { SocketConnection } from './cluster.ts'

export type EmbeddedOptions = {
  /** The cluster is its folder `postgres`. */
  dataDir: string
  /** Where postgres and initdb are; by default the npm package of this platform. */
  binDir?: string
  /** False only for tests: faster, and lost with the power. */
  fsync?: boolean
  /** The ordinary role and the database it owns; both `erb` by default. */
  role?: string
  database?: string
  extraSettings?: Record<string, string>
  log?: (message: string) => void
  /** How long a server lets an admin command finish before it takes the database over; ms. */
  adminPatience?: number
  /** After the server was found dead and started again: connections are new, LISTEN has to be said again. */
  onRestart?: () => void
  /** When it cannot be started again. */
  onLost?: (error: Error) => void
}

export type EmbeddedPostgres = {
  /** For `pg`: the ordinary role. */
  connection: SocketConnection
  /** The same server as its superuser: for tests and nothing else. */
  superuser: SocketConnection
  /** True where it belongs to another process; then stop() leaves it be. */
  attached: boolean
  readonly pid: number
  stop(): Promise<void>
}

/** Thrown where another server already runs on this DATA_DIR. */
export class AlreadyRunning extends Error {
  constructor(dataDir: string, pid: number) {
    super(
      `DATA_DIR ${dataDir} is in use by another server (process ${pid}). Stop it, or set another DATA_DIR.`,
    )
    this.name = 'AlreadyRunning'
  }
}

const patience = { dying: 1000, otherAdmin: 60_000, lock: 15_000 }

/** For the server: starts the database of DATA_DIR and owns it. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  return await at(options, async (place) => {
    for (const began = Date.now(); ; await sleep(50)) {
      const other = findPostmaster(place.clusterDir)
      if (other?.owner?.kind === 'server') {
        // One that was just killed is still its parent for the moment that dying takes.
        if (Date.now() < began + patience.dying) continue
        throw new AlreadyRunning(place.dataDir, other.owner.pid)
      }
      if (other !== null) await takeOver(place, other, options.adminPatience)
      const running = await launch(place, 'server')
      if (running !== null) return await own(place, running, { ...options, restart: true })
      if (Date.now() > began + patience.lock) throw unseen(place)
    }
  })
}

/** For an admin command: joins the server's database if there is one, else starts it until stop(). */
export async function attachOrStartPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  return await at(options, async (place) => {
    const started = Date.now()
    for (; ; await sleep(50)) {
      const other = findPostmaster(place.clusterDir)
      if (other === null) {
        const running = await launch(place, 'admin')
        if (running !== null) return await own(place, running, { ...options, restart: false })
      } else if (other.owner === null) {
        await takeOver(place, other)
      } else if (other.ready) {
        // Another admin command takes its database with it when it ends, so it is waited for; but not for ever.
        const join = other.owner.kind === 'server' || Date.now() > started + patience.otherAdmin
        if (join) return await attach(place, other, options)
      }
      if (Date.now() > started + patience.otherAdmin + patience.lock) throw unseen(place)
    }
  })
}

async function at(
  options: EmbeddedOptions,
  start: (place: Place) => Promise<EmbeddedPostgres>,
): Promise<EmbeddedPostgres> {
  await mkdir(resolve(options.dataDir), { recursive: true, mode: 0o700 })
  const dataDir = await realpath(options.dataDir)
  const clusterDir = join(dataDir, 'postgres')
  const binaries = await findBinaries(options.binDir, join(dataDir, 'postgres-libraries'))
  const runner = await chooseRunner(dataDir, clusterDir, dirname(binaries.postgres))
  const { fsync = true, extraSettings = {}, log = () => {} } = options
  if (!(await isCluster(clusterDir))) await createCluster(dataDir, clusterDir, { binaries, runner, fsync })
  const socketDir = await makeSocketDir(dataDir, runner)
  const serverLog = openServerLog(join(dataDir, 'postgres.log'))
  try {
    return await start({
      ...{ dataDir, clusterDir, socketDir, binaries, runner },
      ...{ fsync, extraSettings, log, serverLog },
    })
  } catch (error) {
    serverLog.close()
    throw error
  }
}

/** Sees off a postmaster that no living server owns. An admin command gets a little time to finish. */
async function takeOver(place: Place, other: Postmaster, adminPatience = 10_000): Promise<void> {
  const gone = async (ms: number): Promise<boolean> => {
    for (const until = Date.now() + ms; Date.now() < until; await sleep(20)) {
      if (findPostmaster(place.clusterDir)?.pid !== other.pid) return true
    }
    return false
  }
  if (other.owner !== null) {
    place.log(`waiting for an admin command (process ${other.owner.pid}) to finish with ${place.dataDir}`)
    if (await gone(adminPatience)) return
  }
  // One left behind is mostly shutting down already, told so by its parent's death; a second INT does no harm.
  await endPostmaster(other.pid, gone)
}

function unseen(place: Place): Error {
  return new Error(
    `DATA_DIR ${place.dataDir} is held by a PostgreSQL that this process cannot see (in another container?). ` +
      'Stop it, or set another DATA_DIR.',
  )
}

function connections(
  host: string,
  options: EmbeddedOptions,
): Pick<EmbeddedPostgres, 'connection' | 'superuser'> {
  const { role = 'erb', database = 'erb' } = options
  // Everything is said, so that no PG… variable of the environment can lead elsewhere.
  const connection: SocketConnection = { host, port: 5432, user: role, database, ssl: false }
  return { connection, superuser: { ...connection, user: superuser } }
}

async function attach(place: Place, other: Postmaster, options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const by = connections(other.socketDir, options)
  await prepareDatabase(by.connection)
  place.serverLog.close()
  return { ...by, attached: true, pid: other.pid, stop: () => Promise.resolve() }
}

async function own(
  place: Place,
  first: Running,
  options: EmbeddedOptions & { restart: boolean },
): Promise<EmbeddedPostgres> {
  let running = first
  let restarting: Promise<unknown> = Promise.resolve()
  let stopped: Promise<void> | undefined
  const atExit = () => {
    if (isAlive(running)) signalTo(running.pid, 'SIGINT')
  }
  process.once('exit', atExit)

  function watch(since: number, quick: number): void {
    // A process that has nothing else to do may end; its database ends with it.
    running.child.unref()
    void running.exited.then(() => {
      if (stopped !== undefined || !options.restart) return
      place.log('PostgreSQL ended unexpectedly; starting it again')
      const tries = Date.now() - since > 60_000 ? 1 : quick + 1
      restarting = relaunch(place, tries).then(
        (again) => {
          running = again
          watch(Date.now(), tries)
          if (stopped === undefined) options.onRestart?.()
        },
        (error: Error) => {
          place.log(error.message)
          options.onLost?.(error)
        },
      )
    })
  }

  async function end(): Promise<void> {
    // A recovery that takes longer than a stop may take ends with this process.
    await Promise.race([restarting, sleep(2000)])
    process.off('exit', atExit)
    running.child.ref()
    if (isAlive(running)) await endPostmaster(running.pid, (ms) => endsWithin(running, ms))
    place.serverLog.close()
  }
  const stop = () => (stopped ??= end())

  const by = connections(place.socketDir, options)
  watch(Date.now(), 0)
  try {
    await prepareDatabase(by.connection)
  } catch (error) {
    await stop().catch(() => {})
    throw error
  }
  return {
    ...by,
    attached: false,
    get pid() {
      return running.pid
    },
    stop,
  }
}

const isAlive = ({ child }: Running): boolean => child.exitCode === null && child.signalCode === null

/** What a killed postmaster leaves behind takes a moment to go. */
async function relaunch(place: Place, tries: number): Promise<Running> {
  if (tries > 5) throw new Error(`PostgreSQL ended five times in a row; see ${place.dataDir}/postgres.log.`)
  for (const until = Date.now() + patience.lock; ; await sleep(50)) {
    const other = findPostmaster(place.clusterDir)
    if (other?.owner) throw new AlreadyRunning(place.dataDir, other.owner.pid)
    const running = await launch(place, 'server')
    if (running !== null) return running
    if (Date.now() > until) throw unseen(place)
  }
}

async function endsWithin(running: Running, ms: number): Promise<boolean> {
  const late = new AbortController()
  const ended = running.exited.then(() => true)
  const left = await Promise.race([ended, sleep(ms, false, { signal: late.signal })])
  late.abort()
  return left
}
