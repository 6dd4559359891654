/** What a backup and a restore refuse, and what is left when they are broken off: always what was there before. */
import { spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBackup, writeBackup } from '../server/core/backup/file.ts'
import { sectionsOf } from '../server/core/backup/sections.ts'
import { listTables } from '../server/core/backup/tables.ts'
import { takeAlone } from '../server/core/db/in-use.ts'
import { migrateWithin, migrationNames } from '../server/core/db/migrate.ts'
import { ask, contentOf, tableNames, testDatabase, type TestDatabase } from './postgres.ts'
import { begin, type Begun, root, type ServerProcess, serverProcess } from './server-process.ts'
import { until } from './world.ts'

const key = { SECRET_KEY: '11'.repeat(32) }
const site = randomUUID()

let folder: string
/** Large enough that both commands take a while over it. */
let book: TestDatabase
let at: ServerProcess
const others: TestDatabase[] = []

const place = (name: string) => join(folder, name)

async function other(): Promise<TestDatabase & { by: ServerProcess }> {
  const made = await testDatabase()
  others.push(made)
  return { ...made, by: await serverProcess({ ...key, DATABASE_URL: made.url, DATA_DIR: folder }) }
}

async function refusal(
  by: ServerProcess,
  ...words: string[]
): Promise<{ code: number | null; errors: string }> {
  const { code, said, errors } = await by.begin(...words).ended
  expect(said).toBe('')
  return { code, errors }
}

const addSite = (id: string) => `insert into system.site values
  ('${id}', 'Oakfield', 'primary', 'education', 'UTC', '{}', '[]', '{}', 'blue', now())`

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'erb-refusals-'))
  book = await testDatabase()
  at = await serverProcess({ ...key, DATABASE_URL: book.url, DATA_DIR: folder })
  await ask(book.superuser, addSite(site))
  await ask(
    book.superuser,
    `insert into audit select '${site}', gen_random_uuid(), now(), 'a' || n, 'tést\\\\. ' || chr(10) || chr(92) || '.' || chr(10),
       null, jsonb_build_object('n', n, 'x', md5(n::text) || md5((n + 1)::text)) from generate_series(1, 200000) n`,
  )
}, 60_000)
afterAll(async () => {
  for (const one of [book, ...others]) await one?.drop()
  rmSync(folder, { recursive: true, force: true })
})

test('every table is in a backup', async () => {
  const client = new pg.Client(book.connection)
  await client.connect()
  const ours = await listTables(client).finally(() => client.end())
  const names = ours.map(({ name }) => (name.includes('.') ? name : `public.${name}`))
  expect(names.sort()).toEqual(await tableNames(book.superuser))
})

test('what is there stays where the words are wrong, the place cannot be written or holds something else', async () => {
  expect(await refusal(at, 'backup')).toMatchObject({ code: 2, errors: expect.stringContaining('--to') })
  expect(await refusal(at, 'backup', '--to', place('x'), '--too')).toMatchObject({ code: 2 })
  expect(await refusal(at, 'restore')).toMatchObject({ code: 2, errors: expect.stringContaining('--from') })
  expect(await refusal(at, 'backup', '--to', place('none/x'))).toEqual({
    ...{ code: 1, errors: `Cannot write ${place('none/x')}: there is no folder ${place('none')}.\n` },
  })
  writeFileSync(place('letter'), 'Dear parents')
  mkdirSync(place('folder'))
  for (const name of ['letter', 'folder'])
    expect(await refusal(at, 'backup', '--to', place(name))).toEqual({
      ...{ code: 1, errors: `${place(name)} is there already and is no backup. Give another name.\n` },
    })
  expect(readFileSync(place('letter'), 'utf8')).toBe('Dear parents')
  expect(await refusal(at, 'restore', '--from', place('letter'))).toEqual({
    ...{ code: 1, errors: `${place('letter')} is no backup of e-Reception Book.\n` },
  })
  expect(await refusal(at, 'restore', '--from', place('none'))).toEqual({
    ...{ code: 1, errors: `Cannot read ${place('none')}: there is no such file.\n` },
  })
  const nothing = await serverProcess({ DATA_DIR: place('nothing') })
  expect(await refusal(nothing, 'backup', '--to', place('x'))).toMatchObject({ code: 1 })
  expect(existsSync(place('nothing'))).toBe(false)
  expect(existsSync(place('x'))).toBe(false)
}, 60_000)

test('a full disk is said, and leaves no half file and the old one', async () => {
  const file = place('kept.backup')
  at.admin('backup', '--to', file)
  const old = readFileSync(file)
  const before = readdirSync(folder)
  // So much and no more may be written to one file.
  const limited = `trap '' XFSZ; ulimit -f 512; exec sh scripts/node.sh server/admin.ts backup --to "$0"`
  const env = { ...process.env, ...key, DATABASE_URL: book.url, DATA_DIR: folder }
  const child = spawn('sh', ['-c', limited, file], { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(1)
  expect(errors).toBe(`Cannot write ${file}: it would be larger than a file may be.\n`)
  expect(readFileSync(file).equals(old)).toBe(true)
  expect(readdirSync(folder)).toEqual(before)
}, 60_000)

test('a backup that is killed leaves the one before, and what it left goes with the next', async () => {
  const file = place('nightly.backup')
  at.admin('backup', '--to', file)
  const old = readFileSync(file)
  const half = () => readdirSync(folder).filter((name) => name.startsWith('nightly.backup.part-'))
  const { child, ended } = at.begin('backup', '--to', file)
  await until(
    async () => half().map((name) => statSync(place(name)).size)[0] ?? 0,
    (size) => size > 100_000,
  )
  child.kill('SIGKILL')
  await ended
  expect(half().length).toBe(1)
  expect(readFileSync(file).equals(old)).toBe(true)
  at.admin('backup', '--to', file)
  expect(half()).toEqual([])
  expect(readFileSync(file).equals(old)).toBe(false)
}, 60_000)

test('an altered or shortened file is refused, wherever it was hurt', async () => {
  const file = place('kept.backup')
  const whole = readFileSync(file)
  const { by, superuser } = await other()
  await ask(superuser, addSite(randomUUID()))
  const before = await contentOf(superuser)
  const headEnd = whole.indexOf('\n')
  const hurt = place('hurt.backup')
  for (const position of [headEnd - 3, headEnd + 6, whole.length >> 1, whole.length - 40, whole.length - 1]) {
    const copy = Buffer.from(whole)
    copy[position]! ^= 1
    writeFileSync(hurt, copy)
    await expect(openBackup(hurt)).rejects.toThrow(/damaged or cut short/)
  }
  for (const copy of [
    whole.subarray(0, headEnd + 10),
    whole.subarray(0, -1),
    whole.subarray(0, whole.length >> 1),
  ]) {
    writeFileSync(hurt, copy)
    await expect(openBackup(hurt)).rejects.toThrow(/damaged or cut short/)
  }
  writeFileSync(hurt, Buffer.concat([whole, randomBytes(20)]))
  expect(await refusal(by, 'restore', '--from', hurt, '--replace')).toEqual({
    ...{ code: 1, errors: `${hurt} is damaged or cut short: its checksum is wrong. Use another backup.\n` },
  })
  expect(await contentOf(superuser)).toEqual(before)
}, 60_000)

test('a database with something in it is replaced only where that is said', async () => {
  const { by, superuser } = await other()
  await ask(superuser, addSite(randomUUID()))
  const before = await contentOf(superuser)
  const refused = await refusal(by, 'restore', '--from', place('kept.backup'))
  expect(refused).toMatchObject({ code: 1, errors: expect.stringContaining('--replace') })
  expect(await contentOf(superuser)).toEqual(before)
  by.admin('restore', '--from', place('kept.backup'), '--replace')
  const after = await contentOf(superuser)
  expect(after).toEqual(await contentOf(book.superuser))
  // The same command sent twice.
  by.admin('restore', '--from', place('kept.backup'), '--replace')
  expect(await contentOf(superuser)).toEqual(after)
}, 60_000)

test('somebody else’s table is neither mixed with ours nor taken away', async () => {
  const { by, superuser, connection } = await other()
  await ask(connection, `create table public.cakes (name text)`)
  await ask(connection, `insert into cakes values ('Victoria')`)
  const refused = await refusal(by, 'restore', '--from', place('kept.backup'))
  expect(refused).toMatchObject({ code: 1, errors: expect.stringContaining('cakes') })
  by.admin('restore', '--from', place('kept.backup'), '--replace')
  expect(await ask(superuser, 'select name from cakes')).toEqual([['Victoria']])
}, 60_000)

async function killedInTheMiddle(by: ServerProcess, connection: pg.ClientConfig): Promise<void> {
  const { child, ended } = by.begin('restore', '--from', place('kept.backup'), '--replace')
  const progress = `select 1 from pg_stat_progress_copy
    where datname = current_database() and tuples_processed > 1000`
  await until(
    async () => await ask(connection, progress).catch(() => []),
    (rows) => rows.length === 1,
  )
  child.kill('SIGKILL')
  await ended
}

test('a restore that is killed changes nothing', async () => {
  const { by, superuser } = await other()
  await ask(superuser, addSite(randomUUID()))
  const before = await contentOf(superuser)
  await killedInTheMiddle(by, superuser)
  await until(
    async () =>
      await ask(
        superuser,
        `select 1 from pg_stat_activity where datname = current_database() and query like 'copy %'`,
      ),
    (rows) => rows.length === 0,
  )
  expect(await contentOf(superuser)).toEqual(before)
}, 60_000)

/** The server itself as a process of its own; returns once it says that it is there. */
async function serve(url: string, by: ServerProcess, more: Record<string, string> = {}): Promise<Begun> {
  const settings = { ...key, DATABASE_URL: url, DATA_DIR: folder, LOG_LEVEL: 'fatal', ...more }
  const begun = begin('server/main.ts', [], { ...process.env, ...settings, PORT: new URL(by.url).port })
  let said = ''
  begun.child.stdout!.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await until(
    async () => said,
    (text) => text.includes('e-Reception Book is'),
    30_000,
  )
  return begun
}

test.each(['web', 'worker'])(
  'nobody restores under a running %s',
  async (role) => {
    const { url, by } = await other()
    const { child, ended } = await serve(url, by, { ROLES: role })
    const refused = await refusal(by, 'restore', '--from', place('kept.backup'), '--replace')
    expect(refused).toMatchObject({ code: 1, errors: expect.stringContaining('in use') })
    child.kill('SIGTERM')
    await ended
    by.admin('restore', '--from', place('kept.backup'), '--replace')
  },
  60_000,
)

/** As a restore does, until this connection ends. */
async function alone(connection: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(connection)
  await client.connect()
  await client.query('begin')
  await until(
    () => takeAlone(client),
    (got) => got,
  )
  return client
}

test('nor starts a server under a restore', async () => {
  const { url, by, connection } = await other()
  const restoring = await alone(connection)
  const settings = { ...process.env, ...key, DATABASE_URL: url, DATA_DIR: folder, LOG_LEVEL: 'silent' }
  const { ended } = begin('server/main.ts', [], { ...settings, PORT: new URL(by.url).port })
  expect(await ended).toMatchObject({ code: 1, errors: expect.stringContaining('being') })
  expect(await refusal(by, 'list-sites')).toMatchObject({
    ...{ code: 1, errors: expect.stringContaining('restored') },
  })
  expect(await refusal(by, 'backup', '--to', place('never'))).toMatchObject({ code: 1 })
  expect(existsSync(place('never'))).toBe(false)
  await restoring.end()
}, 60_000)

test.each(['goes on', 'is over'])(
  'a server that was cut off meanwhile ends when the restore %s',
  async (how) => {
    const { url, by, connection, superuser } = await other()
    const { ended } = await serve(url, by)
    await ask(
      superuser,
      `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and query like 'listen%'`,
    )
    const restoring = await alone(connection)
    if (how === 'is over') {
      // What a restore does to every table: it is made anew.
      await ask(
        superuser,
        `create table system.site_again (like system.site); drop table system.site cascade;
       alter table system.site_again rename to site`,
      )
      await restoring.end()
    }
    const { code, errors } = await ended
    await restoring.end()
    expect(errors).toContain('restored into this database')
    expect(code).toBe(1)
  },
  60_000,
)

test('a server with the embedded database is not restored under either', async () => {
  const embedded = await serverProcess({
    DATA_DIR: place('embedded'),
    SANDBOX_URL: 'http://127.0.0.1:9/v1.0',
  })
  await embedded.start()
  try {
    expect(await refusal(embedded, 'restore', '--from', place('kept.backup'), '--replace')).toEqual({
      ...{ code: 1, errors: `A server runs on DATA_DIR ${place('embedded')}. Stop it, then restore.\n` },
    })
  } finally {
    await embedded.kill()
  }
  // One that has only been started is as good as empty.
  embedded.admin('restore', '--from', place('kept.backup'))
  expect(embedded.admin('list-sites').data[0].id).toBe(site)
  // Killed, it takes its database with it, and the next to come finds what was there before.
  embedded.admin('create-site', '--name', 'Second', '--phase', 'primary')
  await killedInTheMiddle(embedded, { host: place('embedded/socket'), user: 'erb', database: 'erb' })
  expect(embedded.admin('list-sites').data.length).toBe(2)
}, 120_000)

async function emptied(): Promise<Awaited<ReturnType<typeof other>>> {
  const made = await other()
  await ask(
    made.superuser,
    `drop schema public, system, auth, jobs cascade; create schema public authorization pg_database_owner`,
  )
  return made
}

test('a backup of an older release is brought up to this one', async () => {
  const { connection, superuser, by } = await emptied()
  const pool = new pg.Pool({ ...connection, max: 1 })
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  await db.transaction().execute((transaction) => migrateWithin(transaction, migrationNames[0]))
  await db.destroy()
  await ask(
    superuser,
    `insert into system.site (id, name, phase, edition, time_zone, mis_starts_on, school_day, attendance, accent, created_at)
     values ('${site}', 'Oakfield', 'primary', 'education', 'UTC', '2026-09-01', '{}', '{}', 'blue', now())`,
  )
  by.admin('backup', '--to', place('older.backup'))
  // Taking it changes nothing, whatever this release would have.
  expect(await ask(superuser, 'select name from system.migration')).toEqual([[migrationNames[0]]])
  expect((await openBackup(place('older.backup'))).header.migrations).toEqual([migrationNames[0]])

  const newer = await other()
  newer.by.admin('restore', '--from', place('older.backup'), '--replace')
  expect(await ask(newer.superuser, 'select starts_on::text from system.mis_term')).toEqual([['2026-09-01']])
  expect(await ask(newer.superuser, 'select name from system.migration order by name')).toEqual(
    migrationNames.map((name) => [name]),
  )
}, 60_000)

test('a backup of a newer release is refused in plain words', async () => {
  const kept = await openBackup(place('kept.backup'))
  const file = place('newer.backup')
  const migrations = [...kept.header.migrations, '2031-01-01-holograms']
  await writeBackup(file, { ...kept.header, release: '9.0.0', migrations }, kept.body())
  const { by } = await other()
  expect(await refusal(by, 'restore', '--from', file)).toEqual({
    code: 1,
    errors:
      'The backup is of a newer release (9.0.0, migration 2031-01-01-holograms). Update this one, then restore.\n',
  })
}, 60_000)

test('rows come out of the stream as they went in, wherever its pieces end', async () => {
  const parts = [
    '{"a":1}\n\\.\n{"b":2}\nrow\\\\.\n\\\\.\nlast\n\\.\n{"c":3}\n\\N\n\\.\n',
    ['', 'row\\\\.\n\\\\.\nlast\n', '\\N\n'],
  ] as const
  for (let size = 1; size < 12; size++) {
    async function* pieces() {
      for (let i = 0; i < parts[0].length; i += size) yield Buffer.from(parts[0].slice(i, i + size))
    }
    const sections = sectionsOf(pieces())
    const found: string[] = []
    for (let next = await sections.next(); next !== null; next = await sections.next()) {
      let rows = ''
      for await (const piece of sections.rows()) rows += piece.toString()
      found.push(rows)
    }
    expect(found).toEqual(parts[1])
  }
})
