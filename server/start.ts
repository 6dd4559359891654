/** Starts the product in this process, in the order in which each part needs the one before, and ends it in reverse. */
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { countAccounts } from './accounts/accounts.ts'
import { setUpKey } from './accounts/routes.ts'
import { type App, topics } from './app.ts'
import type { Clock } from './core/clock.ts'
import { checkRole } from './core/db/check.ts'
import { type Connection, openDatabase } from './core/db/db.ts'
import { migrate } from './core/db/migrate.ts'
import { startJobs } from './core/jobs.ts'
import type { Log } from './core/log.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './core/postgres/launcher.ts'
import { createSealer, hashToken, newToken } from './core/secrets.ts'
import { clockOf, secretKey, SettingError, type Settings } from './core/settings.ts'
import { listen } from './core/wake-ups.ts'
import { createWeb } from './routes.ts'
import { putSetting } from './sites/sites.ts'
import { startWorker } from './tasks.ts'

export type Running = {
  app: App
  /** Where the web role listens; null without it. */
  address: string | null
  stop(): Promise<void>
}

export type StartOptions = {
  settings: Settings
  env: Record<string, string | undefined>
  log: Log
  clock?: Clock
  /** A database that is there already (tests); else by the settings. */
  connection?: Connection
  /** Done before `/readyz` says ready. */
  prepare?: (app: App) => Promise<void>
  /** Called when the database is lost for good. */
  onLost?: (error: Error) => void
}

export async function startServer(options: StartOptions): Promise<Running> {
  const { settings, env, log } = options
  const undo: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const end of undo.splice(0).reverse())
      await end().catch((error: Error) => log.warn({ err: error }, 'while stopping'))
  }
  if (settings.roles.web) await tryPlace(settings)
  try {
    const connection = options.connection ?? (await databaseOf(options, undo))
    const db = openDatabase(connection, log)
    undo.push(() => db.close())
    await checkRole(db)
    // First of all: from here on no restore can begin.
    const wakeUps = await listen(db, log, topics, options.onLost)
    undo.push(() => wakeUps.close())
    await migrate(connection)
    const jobs = await startJobs(connection, log)
    undo.push(() => jobs.stop())
    const sealer = createSealer(secretKey(env, settings))
    const app: App = { settings, db, log, sealer, jobs, wakeUps, clock: options.clock ?? clockOf(settings) }
    if (settings.roles.worker) {
      const worker = await startWorker(app)
      undo.push(() => worker.stop())
    }
    let ready = false
    const address = settings.roles.web ? await serve(app, () => ready, undo) : null
    await options.prepare?.(app)
    ready = true
    return { app, address, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function databaseOf(
  { settings, log, onLost }: StartOptions,
  undo: (() => Promise<unknown>)[],
): Promise<Connection> {
  if (settings.databaseUrl !== null) return { connectionString: settings.databaseUrl }
  const embedded: EmbeddedPostgres = await startEmbeddedPostgres({
    dataDir: settings.dataDir,
    log: (message) => log.info(message),
    ...(onLost === undefined ? {} : { onLost }),
  })
  undo.push(() => embedded.stop())
  return embedded.connection
}

async function serve(app: App, ready: () => boolean, undo: (() => Promise<unknown>)[]): Promise<string> {
  const http = await createWeb(app, ready)
  undo.push(() => http.close())
  const { port, host } = app.settings
  await http.listen({ port, host }).catch((error: unknown) => {
    throw noPlace(error, app.settings)
  })
  const bound = http.server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}`
}

/** Before anything is started: a second server must not deliver a single mark before it finds its port taken. */
async function tryPlace(settings: Settings): Promise<void> {
  const { port, host } = settings
  const probe = createServer()
  try {
    probe.listen({ port, host })
    await once(probe, 'listening')
  } catch (error) {
    throw noPlace(error, settings)
  } finally {
    probe.close()
  }
}

function noPlace(error: unknown, { port, host }: Settings): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE')
    return new SettingError('PORT', `${port} is in use on ${host}`, 'Stop what uses it, or set another PORT.')
  if (code === 'EACCES')
    return new SettingError('PORT', `${port} is not allowed to this account`, 'Set one from 1024 on.')
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new SettingError('HOST', `this machine has no address ${host}`, 'Set HOST to one it has.')
  return error
}

/** The one-time link of the first set-up; null once there is an account. Each start makes a new key. */
export async function setUpLink(app: App): Promise<string | null> {
  const key = newToken()
  const wanted = await app.db.system(async (tx) => {
    if ((await countAccounts(tx)) > 0) return false
    await putSetting(tx, setUpKey, hashToken(key).toString('base64'))
    return true
  })
  return wanted ? `${app.settings.publicUrl}/set-up?key=${key}` : null
}
