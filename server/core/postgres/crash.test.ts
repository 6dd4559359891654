/** Whatever dies, and however: no orphan stays, nothing committed is lost, and the next start mends it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findPostmaster } from './postmaster.ts'
import {
  bystander,
  eachInItsFolder,
  here,
  onLinux,
  otherProcess,
  pathWithout,
  postgresProcesses,
  query,
  session,
  start,
  withCluster,
} from './testing.ts'

eachInItsFolder()

describe.runIf(onLinux)('after a crash', () => {
  test('SIGKILL of Node takes PostgreSQL along, cleanly, and nobody is refused', async () => {
    await withCluster()
    const other = otherProcess('startEmbeddedPostgres')
    await query(await other.told, 'create table kept as select 7 as n')
    await other.kill()
    await expect.poll(postgresProcesses, { timeout: 5000 }).toEqual([])
    const log = readFileSync(join(here.dataDir, 'postgres.log'), 'utf8')
    expect(log).toContain('database system is shut down')
    const server = await start()
    expect(await query(server, 'select n from kept')).toEqual([[7]])
  })

  test('a start right after the SIGKILL of Node waits for the old PostgreSQL to go', async () => {
    await withCluster()
    const other = otherProcess('startEmbeddedPostgres')
    const told = await other.told
    await session(told)
    other.child.kill('SIGKILL')
    const server = await start()
    expect(server.pid).not.toBe(told.pid)
    expect(await query(server, 'select 1')).toEqual([[1]])
  })

  test('a PostgreSQL left behind by a server that is gone is taken over', async () => {
    await withCluster()
    // Started with no link to its parent's death, as on a machine without setpriv.
    const other = otherProcess('startEmbeddedPostgres', { env: { PATH: pathWithout('setpriv') } })
    const told = await other.told
    await query(told, 'create table kept as select 7 as n')
    await other.kill()
    await expect.poll(() => findPostmaster(here.cluster)).toMatchObject({ pid: told.pid, owner: null })
    const server = await start()
    expect(server.pid).not.toBe(told.pid)
    expect(await query(server, 'select n from kept')).toEqual([[7]])
  })

  test('Node and PostgreSQL killed at once: the next start recovers what was committed', async () => {
    await withCluster()
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
    await withCluster()
    const first = await start()
    const lines = readFileSync(join(here.cluster, 'postmaster.pid'), 'utf8').split('\n')
    await first.stop()
    const other = bystander()
    lines[0] = String(other.pid)
    const stale = lines.join('\n')
    writeFileSync(join(here.cluster, 'postmaster.pid'), stale, { mode: 0o600 })
    writeFileSync(join(first.connection.host, '.s.PGSQL.5432.lock'), stale, { mode: 0o600 })
    const server = await start()
    expect(await query(server, 'select 1')).toEqual([[1]])
    expect(other.exitCode).toBeNull()
  })

  test('a killed PostgreSQL is started again under a living server, at the same address', async () => {
    await withCluster()
    let restarts = 0
    const server = await start({ fsync: true, onRestart: () => restarts++ })
    await query(server, 'create table kept as select 7 as n')
    process.kill(server.pid, 'SIGKILL')
    await expect.poll(() => restarts, { timeout: 10_000 }).toBe(1)
    expect(await query(server, 'select n from kept')).toEqual([[7]])
    await expect(start()).rejects.toThrow('is in use by another server')
  })
})
