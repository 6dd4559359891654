/** The start with a DATABASE_URL as an operator makes it: roles as processes of their own, and what stops it. */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../server/core/postgres/launcher.ts'
import { freePort } from './free-port.ts'
import { ask, databaseUrl } from './postgres.ts'
import { begin, type Begun, serverProcess } from './server-process.ts'
import { caller, dayAround, until } from './world.ts'

const oldest = '/usr/lib/postgresql/15/bin'

let folder: string
let sandbox: Sandbox
/** PostgreSQL 15 where this machine has it. */
let postgres: EmbeddedPostgres
const children: Begun['child'][] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'erb-start-'))
  sandbox = await startSandbox({ port: 0, dataDir: null, delayMs: 20 })
  postgres = await startEmbeddedPostgres({
    ...{ dataDir: folder, fsync: false, role: 'reception', database: 'reception' },
    ...(existsSync(oldest) ? { binDir: oldest } : {}),
  })
  await ask(postgres.superuser, 'create role guest login; create role boss superuser login')
}, 60_000)
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await postgres?.stop()
  await sandbox?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function database(words: string): Promise<string> {
  const name = `d_${randomUUID().slice(0, 8)}`
  await ask({ ...postgres.superuser, database: 'postgres' }, `create database ${name} ${words}`)
  return name
}

const urlOf = (name: string, user = postgres.connection.user) =>
  databaseUrl({ ...postgres.connection, database: name, user })

const settings = (more: Record<string, string>) => ({
  ...{ LOG_LEVEL: 'silent', SECRET_KEY: '11'.repeat(32), DATA_DIR: folder, SANDBOX_URL: sandbox.baseUrl },
  ...more,
})

/** Of a server process: once it has said `word`, and how it ended. */
async function serve(more: Record<string, string>, word: string): Promise<Begun> {
  const begun = begin('server/main.ts', [], { ...process.env, ...settings(more) })
  children.push(begun.child)
  let said = ''
  begun.child.stdout!.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await until(
    async () => said,
    (text) => text.includes(word),
    30_000,
  )
  return begun
}

test('web and worker as two processes: a mark stands, and each ends within ten seconds of SIGTERM', async () => {
  const DATABASE_URL = urlOf(await database('owner reception'))
  const by = await serverProcess(settings({ DATABASE_URL }))
  const PORT = new URL(by.url).port
  // Both at once, on a database that neither has seen.
  const [web, worker] = await Promise.all([
    serve({ DATABASE_URL, PORT, ROLES: 'web' }, 'is ready'),
    serve({ DATABASE_URL, PORT, ROLES: 'worker' }, 'is working'),
  ])
  const { token } = by.admin('create-token', '--name', 'test', '--all-sites')
  const api = caller(`${by.url}/api/v1`, { authorization: `Bearer ${token}` })
  const school = sandbox.schools.find((one) => one.name.startsWith('Oakfield'))!
  const today = new Date().toISOString().slice(0, 10)
  const words = ['--name', 'Oakfield', '--phase', 'primary', '--time-zone', 'UTC', '--mis-from', today]
  const { id } = by.admin('create-site', ...words)
  await api('PUT', `/sites/${id}/school-day`, dayAround(new Date()))
  await api('PUT', `/sites/${id}/mis/connection`, {
    ...{ provider: 'sandbox', schoolId: school.id, token: school.token },
  })
  await api('POST', `/sites/${id}/mis/imports`, {})
  const [person] = await until(
    async () => (await api('GET', `/sites/${id}/students?limit=1`)).body.data,
    (rows) => rows.length === 1,
  )
  const reasons = (await api('GET', `/sites/${id}/reasons?type=late-arrival`)).body.data
  const reason = reasons.find((one: { code: string }) => one.code === 'L').id
  const late = {
    ...{ id: randomUUID(), type: 'late-arrival', person: person.id, reason },
    happenedAt: new Date().toISOString(),
  }
  expect((await api('POST', `/sites/${id}/movements`, late)).status).toBe(201)
  await until(
    async () => (await api('GET', `/sites/${id}/write-backs`)).body.data[0]?.state,
    (state) => state === 'confirmed',
  )
  for (const { child, ended } of [web, worker]) {
    const began = performance.now()
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 0, errors: '' })
    expect(performance.now() - began).toBeLessThan(10_000)
  }
  const open = `select count(*)::int from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`
  await until(
    async () => (await ask({ connectionString: DATABASE_URL }, open))[0]![0],
    (count) => count === 0,
  )
}, 120_000)

test('a port in use is named with its setting, and nothing is started', async () => {
  const name = await database('owner reception')
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const PORT = String((taken.address() as AddressInfo).port)
  const { ended } = begin('server/main.ts', [], {
    ...{ ...process.env, ...settings({ DATABASE_URL: urlOf(name), PORT }) },
  })
  expect(await ended).toEqual({
    ...{ code: 1, said: '' },
    errors: `PORT: ${PORT} is in use on 127.0.0.1. Stop what uses it, or set another PORT.\n`,
  })
  taken.close()
  expect(
    await ask({ ...postgres.superuser, database: name }, `select to_regclass('system.migration')`),
  ).toEqual([[null]])
}, 60_000)

const unused = async (url: () => Promise<string> | string) => {
  const { ended } = begin('server/main.ts', [], {
    ...{ ...process.env, ...settings({ DATABASE_URL: await url(), PORT: String(await freePort()) }) },
  })
  const { code, said, errors } = await ended
  expect({ code, said }).toEqual({ code: 1, said: '' })
  return errors
}

test.each([
  [
    'no such database',
    () => urlOf('nothing'),
    /^DATABASE_URL: database "nothing" does not exist\. Make it.*\n$/,
  ],
  ['no such role', () => urlOf('reception', 'nobody'), /^DATABASE_URL: .*"nobody".*\n$/],
  [
    'no server',
    () => 'postgresql://reception@127.0.0.1:1/reception',
    /^DATABASE_URL: .*No database server.*\n$/,
  ],
  [
    'no such host',
    () => 'postgresql://reception@nowhere.invalid/x',
    /^DATABASE_URL: .*nowhere\.invalid.*host.*\n$/,
  ],
  ['a superuser', () => urlOf('reception', 'boss'), /^DATABASE_URL: .*ALTER ROLE "boss" NOSUPERUSER.*\n$/],
  [
    'no right to make tables',
    async () => urlOf(await database('owner reception'), 'guest'),
    /^DATABASE_URL: the role guest may make no tables.*OWNER TO "guest";\n$/,
  ],
  [
    'text that is no UTF8',
    async () =>
      urlOf(
        await database(`owner reception encoding sql_ascii lc_collate 'C' lc_ctype 'C' template template0`),
      ),
    /^DATABASE_URL: .*SQL_ASCII.*createdb --encoding=UTF8.*\n$/,
  ],
])(
  'what stops the start is one line with the fix: %s',
  async (_name, url, said) => {
    expect(await unused(url)).toMatch(said)
  },
  30_000,
)

test('a role that may CREATE in a database of somebody else’s will do', async () => {
  const name = await database('')
  await ask({ ...postgres.superuser, database: name }, `grant create on database ${name} to guest`)
  const by = await serverProcess(settings({ DATABASE_URL: urlOf(name, 'guest') }))
  const { id } = by.admin('create-site', '--name', 'Oakfield', '--phase', 'primary')
  expect(by.admin('list-sites').data[0].id).toBe(id)
  const where = `select schemaname, count(*) > 10 from pg_tables where tablename in ('person', 'movement') or
    schemaname = 'guest' group by 1`
  expect(await ask({ ...postgres.superuser, database: name }, where)).toEqual([['guest', true]])
}, 60_000)
