/** The verbs `backup` and `restore` of the admin command (contract §1.1): core/backup with the settings around it. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { checkPlace, openBackup } from './core/backup/file.ts'
import { refuseNewer, restoreBackup } from './core/backup/restore.ts'
import { takeBackup } from './core/backup/take.ts'
import { checkRole } from './core/db/check.ts'
import { type Connection, type Database, openDatabase } from './core/db/db.ts'
import { createLog } from './core/log.ts'
import {
  AlreadyRunning,
  attachOrStartPostgres,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from './core/postgres/launcher.ts'
import { createSealer } from './core/secrets.ts'
import { madeSecretKey, putSecretKey, readSettings, secretKey, type Settings } from './core/settings.ts'
import { resealAccess } from './mis-link/access.ts'
import { resealToken } from './mis-link/link.ts'

export type BackupDone = { file: string; bytes: number; takenAt: string }

type Env = Record<string, string | undefined>

/** The database of these settings for as long as `work` lasts; an embedded one is reached by `start`. */
export async function withOpenDatabase<T>(
  settings: Settings,
  start: (options: { dataDir: string }) => Promise<EmbeddedPostgres>,
  work: (database: Database, connection: Connection) => Promise<T>,
): Promise<T> {
  const embedded = settings.databaseUrl === null ? await start({ dataDir: settings.dataDir }) : null
  try {
    const connection = embedded?.connection ?? { connectionString: settings.databaseUrl! }
    const database = openDatabase(connection, createLog('silent'), 2)
    try {
      await checkRole(database)
      return await work(database, connection)
    } finally {
      await database.close()
    }
  } finally {
    await embedded?.stop()
  }
}

/** Everything as it is at one moment, while the server runs or not. FILE is made whole, or left as it was. */
export async function backUp(env: Env, to: string): Promise<BackupDone> {
  const settings = readSettings(env)
  const file = resolve(to)
  await checkPlace(file).catch((error: unknown) => {
    throw saying(error, 'write', file)
  })
  // A slip in DATA_DIR must not make a database, and then nightly backups of nothing.
  if (settings.databaseUrl === null && !existsSync(join(settings.dataDir, 'postgres')))
    throw new Error(`DATA_DIR: there is no database in ${settings.dataDir}.`)
  return await withOpenDatabase(settings, attachOrStartPostgres, async (database) => {
    const about = { release: release(), secretKey: madeSecretKey(env, settings) }
    const taken = await takeBackup(database, file, about).catch((error: unknown) => {
      throw saying(error, 'write', file)
    })
    return { file, ...taken }
  })
}

/** The backup in place of what is there, or nothing changed and the reason. No server may run. */
export async function restore(env: Env, from: string, replace: boolean): Promise<BackupDone> {
  const settings = readSettings(env)
  const file = resolve(from)
  const backup = await openBackup(file).catch((error: unknown) => {
    throw saying(error, 'read', file)
  })
  refuseNewer(backup)
  await withOpenDatabase(settings, startAlone, (database) =>
    restoreBackup(database, backup, {
      replace,
      async settle(eachSite, brought) {
        // Before the rows are there for good: a key too many opens nothing, one too few loses every token.
        if (brought !== null) putSecretKey(env, settings, brought)
        const present = () => createSealer(secretKey(env, settings))
        const keys = { present, brought: brought === null ? null : createSealer(brought) }
        await eachSite(async (tx) => {
          await resealToken(tx, keys)
          await resealAccess(tx, keys)
        })
      },
    }),
  )
  return { file, bytes: backup.bytes, takenAt: backup.header.takenAt }
}

/** As the server does, so that none can take the database over from a restore that takes its time. */
async function startAlone(options: { dataDir: string }): Promise<EmbeddedPostgres> {
  return await startEmbeddedPostgres(options).catch((error: unknown) => {
    if (error instanceof AlreadyRunning)
      throw new Error(`A server runs on DATA_DIR ${options.dataDir}. Stop it, then restore.`)
    throw error
  })
}

function release(): string {
  const text = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

/** What the machine says of a file, in plain words; any other error as it is. */
function saying(error: unknown, what: 'read' | 'write', file: string): unknown {
  const words: Record<string, string> = {
    ENOENT: what === 'read' ? 'there is no such file' : `there is no folder ${dirname(file)}`,
    ENOTDIR: `${dirname(file)} is no folder`,
    EISDIR: 'it is a folder',
    EACCES: 'it is not allowed',
    EPERM: 'it is not allowed',
    EROFS: 'the disk is read-only',
    ENOSPC: 'the disk is full',
    EDQUOT: 'the quota is used up',
    EFBIG: 'it would be larger than a file may be',
  }
  const why = words[(error as NodeJS.ErrnoException).code ?? '']
  return why === undefined ? error : new Error(`Cannot ${what} ${file}: ${why}.`, { cause: error })
}
