import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { attachOrStartPostgres } from './launcher.ts'
import { findPostmaster } from './postmaster.ts'
import {
  eachInItsFolder,
  here,
  onLinux,
  options,
  otherProcess,
  postgresProcesses,
  putDataDir,
  query,
  session,
  start,
  withCluster,
} from './testing.ts'

eachInItsFolder()

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
    await query(server, 'create table t (a int)')
    expect(statSync(server.connection.host).mode & 0o777).toBe(0o700)
    expect(server.attached).toBe(false)
  })

  test('keeps what was committed and is quick the second time', async () => {
    const first = await start({ fsync: true })
    await query(first, 'create table kept as select 7 as n')
    await first.stop()
    expect(postgresProcesses()).toEqual([])
    const before = performance.now()
    const second = await start({ fsync: true })
    expect(await query(second, 'select n from kept')).toEqual([[7]])
    expect(performance.now() - before).toBeLessThan(3000)
  })

  test('works where the path is too long for a socket, and in one with odd letters', async () => {
    putDataDir(join(here.base, 'a, "quoted" folder', 'x'.repeat(120)))
    const server = await start()
    expect(Buffer.byteLength(join(server.connection.host, '.s.PGSQL.5432'))).toBeLessThanOrEqual(103)
    expect(await query(server, 'select 1')).toEqual([[1]])
    rmSync(server.connection.host, { recursive: true })
  })

  test('begins again where a crash stopped the making of the cluster', async () => {
    const { dataDir } = here
    const old = join(dataDir, 'postgres.init-999999999-1')
    mkdirSync(old, { recursive: true })
    writeFileSync(join(old, 'PG_VERSION'), '18\n')
    const other = otherProcess('startEmbeddedPostgres')
    const halfMade = () => readdirSync(dataDir).some((name) => existsSync(join(dataDir, name, 'base')))
    await expect.poll(halfMade, { timeout: 10_000, interval: 5 }).toBe(true)
    expect(existsSync(old)).toBe(false)
    await other.kill()
    const server = await start()
    expect(await query(server, 'select 1')).toEqual([[1]])
    expect(readdirSync(dataDir).filter((name) => name.includes('init'))).toEqual([])
  })

  test('refuses a folder that holds something else', async () => {
    mkdirSync(here.cluster, { recursive: true })
    writeFileSync(join(here.cluster, 'holiday.jpg'), '')
    await expect(start()).rejects.toThrow(/is not empty and holds no database/)
  })
})

describe('one server a DATA_DIR', () => {
  test('the second is refused in one line, in this process and in another', async () => {
    await withCluster()
    await start()
    const refusal = `DATA_DIR ${here.dataDir} is in use by another server (process ${process.pid})`
    await expect(start()).rejects.toThrow(refusal)
    const other = otherProcess('startEmbeddedPostgres')
    expect(await other.ended).not.toBe(0)
    expect(other.errors()).toContain(refusal)
  })

  test('of many that start at once on a new folder exactly one wins', async () => {
    const others = Array.from({ length: 4 }, () => otherProcess('startEmbeddedPostgres'))
    const results = await Promise.allSettled(others.map((other) => other.told))
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1)
    for (const other of others.filter((_, i) => results[i]?.status === 'rejected'))
      expect(other.errors()).toContain('is in use by another server')
  })
})

describe('an admin command', () => {
  test('joins the running server and leaves it running', async () => {
    await withCluster()
    const server = await start()
    const admin = await attachOrStartPostgres(options())
    expect(admin).toMatchObject({ attached: true, pid: server.pid, connection: server.connection })
    await admin.stop()
    expect(await query(server, 'select 1')).toEqual([[1]])
    const other = otherProcess('attachOrStartPostgres')
    expect(await other.told).toMatchObject({ attached: true, pid: server.pid })
    await other.kill()
    expect(await query(server, 'select 1')).toEqual([[1]])
    expect(findPostmaster(here.cluster)?.pid).toBe(server.pid)
  })

  test('starts the database for the moment where no server runs', async () => {
    await withCluster()
    const admin = await attachOrStartPostgres(options())
    expect(admin.attached).toBe(false)
    expect(await query(admin, 'select current_user')).toEqual([['erb']])
    await admin.stop()
    expect(postgresProcesses()).toEqual([])
  })

  test('waits for another admin command, and then works', async () => {
    await withCluster()
    const first = await attachOrStartPostgres(options())
    const second = attachOrStartPostgres(options())
    const early = await Promise.race([second, sleep(300, 'it waits')])
    expect(early).toBe('it waits')
    await first.stop()
    const joined = await second
    expect(await query(joined, 'select 1')).toEqual([[1]])
    await joined.stop()
  })

  test('does not hold up a server: it gets its time to finish, then the server has its own', async () => {
    await withCluster()
    const other = otherProcess('attachOrStartPostgres')
    const told = await other.told
    const said: string[] = []
    const starting = start({ log: (message) => said.push(message) })
    await expect
      .poll(() => said, { timeout: 10_000 })
      .toEqual([expect.stringContaining(`waiting for an admin command (process ${other.child.pid})`)])
    other.child.kill('SIGTERM')
    const server = await starting
    expect(server.pid).not.toBe(told.pid)
    expect(server.attached).toBe(false)
    expect(await query(server, 'select 1')).toEqual([[1]])
    expect(await other.ended).toBe(0)
  })

  test('that never finishes loses its database to the server', async () => {
    await withCluster()
    const other = otherProcess('attachOrStartPostgres')
    const told = await other.told
    const server = await start({ adminPatience: 500 })
    expect(server.pid).not.toBe(told.pid)
    expect(other.child.exitCode).toBeNull()
    expect(findPostmaster(here.cluster)?.pid).toBe(server.pid)
  })
})

describe('a stop', () => {
  test('is done within seconds while sessions are busy, and may be said twice', async () => {
    await withCluster()
    const server = await start()
    const client = await session(server)
    const busy = client.query('select pg_sleep(60)').catch((error: Error) => error.message)
    const asleep = `select count(*)::int from pg_stat_activity where wait_event = 'PgSleep'`
    await expect.poll(() => query(server, asleep)).toEqual([[1]])
    const before = performance.now()
    await Promise.all([server.stop(), server.stop()])
    expect(performance.now() - before).toBeLessThan(3000)
    expect(await busy).toContain('terminat')
  })

  test.runIf(onLinux)('Ctrl-C reaches the server and not its database', async () => {
    await withCluster()
    const server = await start()
    const group = execFileSync('ps', ['-o', 'pgid=', '-p', String(server.pid)], { encoding: 'utf8' }).trim()
    expect(Number(group)).toBe(server.pid)
  })
})
