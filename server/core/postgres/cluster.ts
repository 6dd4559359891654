/** The cluster on disk: made whole or not at all, with one ordinary role that owns one database. */
import { spawn } from 'node:child_process'
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { Binaries } from './binaries.ts'
import { processIdentity } from './postmaster.ts'
import type { Runner } from './runner.ts'

export type SocketConnection = { host: string; port: number; user: string; database: string; ssl: false }

export const superuser = 'postgres'

/** True where this folder holds a cluster; throws where it holds something else. */
export async function isCluster(clusterDir: string): Promise<boolean> {
  const names = await readdir(clusterDir).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  if (names.length > 0 && !names.includes('PG_VERSION'))
    throw new Error(
      `${clusterDir} is not empty and holds no database. Move it away, or set another DATA_DIR.`,
    )
  return names.length > 0
}

/**
 * Made in a folder beside and renamed into place, so that a crash half-way leaves nothing that looks like a
 * database. Of two first starts at once the slower one drops its own.
 */
export async function createCluster(
  dataDir: string,
  clusterDir: string,
  tools: { binaries: Binaries; runner: Runner; fsync: boolean },
): Promise<void> {
  await sweepHalfMade(dataDir)
  const half = join(dataDir, `postgres.init-${processIdentity(process.pid) ?? process.pid}`)
  await rm(half, { recursive: true, force: true })
  await mkdir(half, { mode: 0o700 })
  await tools.runner.give(half)
  try {
    await initdb(half, tools)
    // Sockets only, even should somebody turn TCP on; the socket's folder is the guard.
    await writeFile(join(half, 'pg_hba.conf'), 'local all all trust\n')
    await rename(half, clusterDir)
    await syncDir(dataDir)
  } catch (error) {
    await rm(half, { recursive: true, force: true })
    const code = (error as NodeJS.ErrnoException).code
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
  }
}

async function sweepHalfMade(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const maker = /^postgres\.init-(\d+)(-.*)?$/.exec(name)
    if (maker === null || name === `postgres.init-${processIdentity(Number(maker[1])) ?? ''}`) continue
    // Whoever was making it may still be dying, and writing into it.
    await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
}

async function initdb(
  dir: string,
  tools: { binaries: Binaries; runner: Runner; fsync: boolean },
): Promise<void> {
  const words = [tools.binaries.initdb, '-D', dir, '--username', superuser, '--encoding=UTF8', '--auth=trust']
  if (!tools.fsync) words.push('--no-sync')
  let said = ''
  // C sorts by code point on every machine and version; C.UTF-8 lets lower() and pg_trgm know letters with accents.
  for (const ctype of ['C.UTF-8', 'en_US.UTF-8', 'C']) {
    const [program = '', ...rest] = tools.runner.wrap([...words, '--locale=C', `--lc-ctype=${ctype}`])
    const child = spawn(program, rest, {
      env: environment(tools.binaries),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...tools.runner.as,
    })
    said = ''
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    if (status === 0) return
    if (!said.includes('invalid locale')) break
  }
  throw new Error(`The embedded database could not be made in ${dir}: ${said.trim().slice(-500)}`)
}

async function syncDir(dir: string): Promise<void> {
  const handle = await open(dir)
  await handle.sync().finally(() => handle.close())
}

export function environment(binaries: Binaries): Record<string, string> {
  return { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC', ...binaries.env }
}

/** The command-line settings of a cluster; `extraSettings` win. */
export async function clusterSettings(
  clusterDir: string,
  socketDir: string,
  options: { fsync: boolean; extraSettings: Record<string, string> },
): Promise<string[]> {
  const version = Number((await readFile(join(clusterDir, 'PG_VERSION'), 'utf8')).trim())
  const settings: Record<string, string> = {
    listen_addresses: '',
    port: '5432',
    unix_socket_directories: `"${socketDir.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    shared_buffers: '128MB',
    max_connections: '100',
    jit: 'off',
    timezone: 'UTC',
    // Only what the server says of itself. A failing statement would bring people's names into the log, and
    // whoever sent it has its error.
    log_min_messages: 'log',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    ...(options.fsync ? {} : { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }),
    // From 18 on; spares three processes that the page cache makes needless here.
    ...(version >= 18 ? { io_method: 'sync' } : {}),
    ...options.extraSettings,
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** The ordinary role, its database and the extensions, whatever of them is missing. Safe to repeat and to break off. */
export async function prepareDatabase(connection: SocketConnection): Promise<void> {
  const { user: role, database } = connection
  for (const name of [role, database]) {
    if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name)) throw new Error(`"${name}" is no name for a role or database`)
  }
  const root = await connect({ ...connection, user: superuser, database }, '3D000')
  if (root !== null) {
    const { rows } = await root.query<{ fine: boolean }>(
      `select not rolsuper and not rolbypassrls
          and (select count(*) = 2 from pg_extension where extname in ('pg_trgm', 'unaccent')) as fine
        from pg_roles where rolname = '${role}'`,
    )
    await root.end()
    if (rows[0]?.fine) return
  }
  const server = await connect({ ...connection, user: superuser, database: 'postgres' })
  const { rowCount } = await server.query(`select from pg_roles where rolname = '${role}'`)
  if (rowCount === 0) await server.query(`create role ${role}`)
  await server.query(`alter role ${role} login nosuperuser nobypassrls nocreaterole nocreatedb noreplication`)
  if (root === null) await server.query(`create database ${database} owner ${role}`)
  await server.end()
  // Both are trusted extensions: the role makes them itself, as it would in a database of its own by DATABASE_URL.
  const owner = await connect(connection)
  await owner.query('create extension if not exists pg_trgm; create extension if not exists unaccent')
  await owner.end()
}

async function connect(connection: SocketConnection): Promise<pg.Client>
async function connect(connection: SocketConnection, absent: string): Promise<pg.Client | null>
async function connect(connection: SocketConnection, absent?: string): Promise<pg.Client | null> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 30_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    if (absent !== undefined && (error as { code?: string }).code === absent) return null
    throw error
  }
}
