/** Backups of a busy server, and what they are worth: restored elsewhere, everything is there and goes on. */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import { openBackup } from '../server/core/backup/file.ts'
import { sectionsOf } from '../server/core/backup/sections.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../server/core/postgres/launcher.ts'
import { ask, contentOf, databaseUrl, testDatabase, type TestDatabase } from './postgres.ts'
import { type ServerProcess, serverProcess } from './server-process.ts'
import { type Api, caller, dayAround, until } from './world.ts'

const oldest = '/usr/lib/postgresql/15/bin'
const key = { SECRET_KEY: '11'.repeat(32) }

let sandbox: Sandbox
let folder: string
/** PostgreSQL 15 with an ordinary role, as an operator has it. */
let old: EmbeddedPostgres
let database: TestDatabase
/** The office whose book is backed up, on `database`. */
let office: ServerProcess
let api: Api
let site: string
let school: Sandbox['schools'][number]
const started: ServerProcess[] = []

async function server(settings: Record<string, string>): Promise<ServerProcess> {
  const made = await serverProcess({ SANDBOX_URL: sandbox.baseUrl, DATA_DIR: folder, ...settings })
  started.push(made)
  return made
}

const place = (name: string) => join(folder, name)

async function contentOfEmbedded(dataDir: string): Promise<Record<string, unknown>> {
  const embedded = await startEmbeddedPostgres({ dataDir, fsync: false })
  return await contentOf(embedded.superuser).finally(() => embedded.stop())
}

/** An empty database beside the others on PostgreSQL 15, owned by the ordinary role. */
async function emptyDatabase(): Promise<{ url: string; superuser: pg.ClientConfig }> {
  const name = `empty_${randomUUID().slice(0, 8)}`
  await ask(
    { ...old.superuser, database: 'postgres' },
    `create database ${name} owner ${old.connection.user}`,
  )
  return {
    url: databaseUrl({ ...old.connection, database: name }),
    superuser: { ...old.superuser, database: name },
  }
}

function apiOf(one: ServerProcess): Api {
  const { token } = one.admin('create-token', '--name', 'test', '--all-sites')
  return caller(`${one.url}/api/v1`, { authorization: `Bearer ${token}` })
}

async function linked(at: Api, by: ServerProcess): Promise<string> {
  const today = new Date().toISOString().slice(0, 10)
  const words = ['--name', 'Oakfield', '--phase', 'primary', '--time-zone', 'UTC', '--mis-from', today]
  const { id } = by.admin('create-site', ...words)
  await at('PUT', `/sites/${id}/school-day`, dayAround(new Date()))
  const put = await at('PUT', `/sites/${id}/mis/connection`, {
    ...{ provider: 'sandbox', schoolId: school.id, token: school.token },
  })
  expect(put.status).toBe(201)
  return id
}

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, dataDir: null, delayMs: 20 })
  school = sandbox.schools.find((one) => one.name.startsWith('Oakfield'))!
  folder = mkdtempSync(join(tmpdir(), 'erb-backup-'))
  old = await startEmbeddedPostgres({
    ...{ dataDir: place('old'), fsync: false, role: 'office', database: 'book' },
    ...(existsSync(oldest) ? { binDir: oldest } : {}),
  })
  database = await testDatabase()
  office = await server({ ...key, DATABASE_URL: database.url })
  await office.start()
  api = apiOf(office)
  site = await linked(api, office)
  await api('POST', `/sites/${site}/mis/imports`, {})
  await until(
    async () => (await api('GET', `/sites/${site}/students?limit=1`)).body.data.length,
    (count) => count === 1,
  )
}, 90_000)
afterAll(async () => {
  for (const one of started) await one.kill()
  await old?.stop()
  await sandbox?.close()
  await database?.drop()
  rmSync(folder, { recursive: true, force: true })
})

/** Late arrivals of these pupils, one after the other, until told to stop. */
async function pour(more: () => boolean): Promise<number> {
  const { data } = (await api('GET', `/sites/${site}/students?limit=200`)).body
  const reasons = (await api('GET', `/sites/${site}/reasons?type=late-arrival`)).body.data
  const reason = reasons.find((one: { code: string }) => one.code === 'L').id
  let sent = 0
  for (const person of data as { id: string }[]) {
    if (!more()) break
    const happenedAt = new Date().toISOString()
    const body = { id: randomUUID(), type: 'late-arrival', person: person.id, reason, happenedAt }
    expect((await api('POST', `/sites/${site}/movements`, body)).status).toBe(201)
    sent++
  }
  return sent
}

test('a backup during late arrivals is of one moment, and every mark goes on where it is restored', async () => {
  await caller(`${sandbox.url}/control`, {})('PUT', `/schools/${school.id}/faults`, {
    data: [{ on: '*', kind: '503' }],
  })
  const file = place('busy.backup')
  let backingUp = true
  const sending = pour(() => backingUp)
  await until(
    async () => (await api('GET', `/sites/${site}/movements?limit=500`)).body.data.length,
    (count) => count >= 5,
  )
  const { code, said, errors } = await office.begin('backup', '--to', file).ended
  backingUp = false
  const sent = await sending
  expect(errors).toBe('')
  expect(code).toBe(0)
  const done = JSON.parse(said)
  expect(done).toEqual({ file, bytes: statSync(file).size, takenAt: expect.any(String) })
  expect(statSync(file).mode & 0o777).toBe(0o600)

  const empty = await emptyDatabase()
  const heir = await server({ ...key, DATABASE_URL: empty.url })
  expect(heir.admin('restore', '--from', file)).toEqual(done)
  const [[movements, marks]] = (await ask(
    empty.superuser,
    `select (select count(*)::int from movement), (select count(*)::int from movement m
       join write_back w on w.movement_id = m.id where w.state in ('waiting', 'sending'))`,
  )) as [[number, number]]
  expect(movements).toBeGreaterThanOrEqual(5)
  expect(movements).toBeLessThanOrEqual(sent)
  expect(marks).toBe(movements)

  await office.kill()
  await caller(`${sandbox.url}/control`, {})('DELETE', `/schools/${school.id}/faults`)
  await heir.start()
  const there = apiOf(heir)
  const rows = await until(
    async () => (await there('GET', `/sites/${site}/write-backs?limit=500`)).body.data as { state: string }[],
    (all) => all.every((row) => row.state === 'confirmed'),
    60_000,
  )
  expect(rows.length).toBe(movements)
  const register = await caller(`${sandbox.url}/control`, {})(
    'GET',
    `/schools/${school.id}/register?date=${new Date().toISOString().slice(0, 10)}&session=AM`,
  )
  expect(register.body.data.filter((row: { code: string }) => row.code === 'L').length).toBe(movements)
  await heir.kill()
}, 120_000)

test('every table is the same again: from a DATABASE_URL into an embedded database, and from there to PostgreSQL 15', async () => {
  const before = await contentOf(database.superuser)
  expect(Object.values(before).filter((digest) => (digest as [number])[0] > 0).length).toBeGreaterThan(12)
  office.admin('backup', '--to', place('first.backup'))
  const embedded = await server({ ...key, DATA_DIR: place('embedded') })
  embedded.admin('restore', '--from', place('first.backup'))
  expect(await contentOfEmbedded(place('embedded'))).toEqual(before)

  embedded.admin('backup', '--to', place('second.backup'))
  const empty = await emptyDatabase()
  const external = await server({ ...key, DATABASE_URL: empty.url })
  external.admin('restore', '--from', place('second.backup'))
  expect(await contentOf(empty.superuser)).toEqual(before)
  // The key was given to us, so it is in no backup.
  expect((await keyIn(place('second.backup'))).secretKey).toBe(null)
  expect(existsSync(place('embedded/secret-key'))).toBe(false)
  // What must not change still does not, what must not show still does not, and numbers go on behind the highest.
  await expect(ask(empty.superuser, 'update movement set note = null')).rejects.toThrow('append-only')
  expect(await ask({ connectionString: empty.url }, 'select 1 from person limit 1')).toEqual([])
  const [[last, next]] = (await ask(
    empty.superuser,
    `select (select max(n) from write_back), nextval(pg_get_serial_sequence('write_back', 'n'))`,
  )) as [[string, string]]
  expect(Number(next)).toBe(Number(last) + 1)
}, 120_000)

async function keyIn(file: string): Promise<{ secretKey: string | null }> {
  return (await sectionsOf((await openBackup(file)).body()).next()) as { secretKey: string | null }
}

test('the key that we made comes along: into an embedded database as it is, into another under its own key', async () => {
  const made = await server({ DATA_DIR: place('made') })
  await made.start()
  const id = await linked(apiOf(made), made)
  made.admin('backup', '--to', place('made.backup'))
  await made.kill()
  const secret = readFileSync(place('made/secret-key'), 'utf8').trim()
  expect((await keyIn(place('made.backup'))).secretKey).toBe(secret)

  const same = await server({ DATA_DIR: place('same') })
  same.admin('restore', '--from', place('made.backup'))
  expect(readFileSync(place('same/secret-key'), 'utf8').trim()).toBe(secret)
  expect(statSync(place('same/secret-key')).mode & 0o777).toBe(0o600)
  expect(await contentOfEmbedded(place('same'))).toEqual(await contentOfEmbedded(place('made')))

  const empty = await emptyDatabase()
  const other = await server({ DATABASE_URL: empty.url, SECRET_KEY: '22'.repeat(32) })
  other.admin('restore', '--from', place('made.backup'))
  await other.start()
  const tried = await apiOf(other)('POST', `/sites/${id}/mis/connection/test`)
  expect(tried.body.data.length).toBeGreaterThan(0)
  expect(tried.body.data.every((one: { ok: boolean }) => one.ok)).toBe(true)
  await other.stop()

  // A key that nobody gave along is asked for, and nothing is changed meanwhile.
  other.admin('backup', '--to', place('other.backup'))
  const before = await contentOf(empty.superuser)
  const wrong = await server({ DATABASE_URL: empty.url, SECRET_KEY: '33'.repeat(32) })
  const refused = await wrong.begin('restore', '--from', place('other.backup'), '--replace').ended
  expect(refused.code).toBe(1)
  expect(refused.errors).toContain('SECRET_KEY: ')
  expect(await contentOf(empty.superuser)).toEqual(before)
}, 120_000)

test('a restore under the key of another place covers everything that is sealed', async () => {
  const sealed = await ask(
    database.superuser,
    `select attrelid::regclass::text, attname::text from pg_attribute where attname like '%sealed%'
       and attrelid in (select oid from pg_class where relkind = 'r')
       order by 1`,
  )
  // Another one: server/backup.ts has to see to it, as it does by resealToken and resealAccess.
  expect(sealed).toEqual([
    ['mis_access', 'token_sealed'],
    ['mis_connection', 'token_sealed'],
  ])
})
