/** The MIS is away for six hours of a school's day and the server is killed five times: every mark stands, once. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import { type TestDatabase, testDatabase } from './postgres.ts'
import { type ServerProcess, serverProcess } from './server-process.ts'
import { type Api, caller, until } from './world.ts'

const pupils = 500
const kills = 5
const hourMs = 3_600_000
const day = new Date().toISOString().slice(0, 10)
let ahead = Date.parse(`${day}T09:00:00Z`) - Date.now()
const now = () => new Date(Date.now() + ahead)

let database: TestDatabase
let sandbox: Sandbox
let folder: string
let api: Api
let control: Api
let server: ServerProcess
let ticking: NodeJS.Timeout

/** The server's clock is this file; it goes on as ours does. */
function tick(): void {
  const file = join(folder, 'now')
  writeFileSync(`${file}.next`, now().toISOString())
  renameSync(`${file}.next`, file)
}

beforeAll(async () => {
  database = await testDatabase()
  sandbox = await startSandbox({ port: 0, dataDir: null, delayMs: 50, now })
  folder = mkdtempSync(join(tmpdir(), 'erb-outage-'))
  tick()
  server = await serverProcess({
    ...{ DATABASE_URL: database.url, SECRET_KEY: '22'.repeat(32), DATA_DIR: folder },
    ...{ SANDBOX_URL: sandbox.baseUrl, NODE_ENV: 'test' },
    TEST_NOW_FILE: join(folder, 'now'),
  })
  ticking = setInterval(tick, 50)
  await server.start()
  const { token } = server.admin('create-token', '--name', 'outage', '--all-sites')
  api = caller(`${server.url}/api/v1`, { authorization: `Bearer ${token}` })
  control = caller(`${sandbox.url}/control`, {})
}, 60_000)
afterAll(async () => {
  clearInterval(ticking)
  await server?.kill()
  await sandbox?.close()
  await database?.drop()
  rmSync(folder, { recursive: true, force: true })
})

type Site = { id: string; school: string; people: { id: string; misId: string }[]; reason: string }

async function linked(name: string): Promise<Site> {
  const school = sandbox.schools.find((one) => one.name.startsWith(name))!
  const { body: site } = await api('POST', '/sites', { name, phase: 'secondary', timeZone: 'UTC' })
  await api('PUT', `/sites/${site.id}/licence`, { edition: 'education', misIntegration: { startsOn: day } })
  await api('PUT', `/sites/${site.id}/school-day`, {
    ...{ startsAt: '00:00', endsAt: '24:00', lunchStartsAt: null, days: [1, 2, 3, 4, 5, 6, 7] },
    am: { opensAt: '08:30', endsAt: '08:55', closesAt: '20:00' },
    pm: { opensAt: '23:57', endsAt: '23:58', closesAt: '23:59' },
  })
  const link = { provider: 'sandbox', schoolId: school.id, token: school.token }
  expect((await api('PUT', `/sites/${site.id}/mis/connection`, link)).status).toBe(201)
  const { body: run } = await api('POST', `/sites/${site.id}/mis/imports`, {})
  await until(
    async () => (await api('GET', `/sites/${site.id}/mis/imports/${run.id}`)).body.state,
    (state) => state === 'done',
  )
  const people: Site['people'] = []
  for (let next: string | null = ''; next !== null; ) {
    const { body }: { body: { data: Site['people']; meta: { next: string | null } } } = await api(
      'GET',
      `/sites/${site.id}/students?limit=500&state=active${next === '' ? '' : `&cursor=${next}`}`,
    )
    people.push(...body.data)
    next = body.meta.next
  }
  const reasons = (await api('GET', `/sites/${site.id}/reasons?type=late-arrival`)).body.data
  const reason = reasons.find((one: { code: string }) => one.code === 'L').id
  return { id: site.id, school: school.id, people, reason }
}

/** As a client with an outbox: asks again until it hears that the server has it. */
async function late(site: Site, person: string): Promise<void> {
  const at = now().toISOString()
  const body = { id: randomUUID(), type: 'late-arrival', person, reason: site.reason, happenedAt: at }
  await until(
    async () => (await api('POST', `/sites/${site.id}/movements`, body).catch(() => null))?.status ?? 0,
    (status) => status === 200 || status === 201,
    60_000,
  )
}

type Mark = { state: string; person: string; attempts: number }
async function marks(site: Site): Promise<Mark[]> {
  const rows: Mark[] = []
  for (let next: string | null = ''; next !== null; ) {
    const { body }: { body: { data: Mark[]; meta: { next: string | null } } } = await api(
      'GET',
      `/sites/${site.id}/write-backs?limit=500${next === '' ? '' : `&cursor=${next}`}`,
    )
    rows.push(...body.data)
    next = body.meta.next
  }
  return rows
}

test('500 late pupils, six hours without the MIS, five kills: 500 marks, none doubled, no other school delayed', async () => {
  const away = await linked('Northgate')
  const other = await linked('Oakfield')
  const latecomers = away.people.slice(0, pupils)
  expect(latecomers).toHaveLength(pupils)
  await control('PUT', `/schools/${away.school}/faults`, { data: [{ on: '*', kind: 'down' }] })
  const waits: number[] = []
  for (let hour = 0; hour < kills; hour++) {
    const queue = latecomers.slice((hour * pupils) / kills, ((hour + 1) * pupils) / kills)
    const sending = Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let one = queue.shift(); one !== undefined; one = queue.shift()) await late(away, one.id)
      }),
    )
    // Killed while they pour in.
    await until(
      async () => queue.length,
      (left) => left < pupils / kills / 2,
    )
    await server.kill()
    await server.start()
    await sending
    const begun = performance.now()
    const neighbour = other.people[hour]!
    await late(other, neighbour.id)
    await until(
      async () => (await api('GET', `/sites/${other.id}/write-backs?person=${neighbour.id}`)).body.data,
      (rows: Mark[]) => rows.length === 1 && rows[0]!.state === 'confirmed',
    )
    waits.push(performance.now() - begun)
    ahead += (6 / kills) * hourMs
    tick()
  }
  const before = await marks(away)
  expect(before).toHaveLength(pupils)
  expect(new Set(before.map((row) => row.state))).toEqual(new Set(['waiting']))
  await control('DELETE', `/schools/${away.school}/faults`)
  const returned = performance.now()
  const after = await until(
    () => marks(away),
    (rows) => rows.every((row) => row.state === 'confirmed'),
    60_000,
  )
  const emptied = performance.now() - returned
  process.stdout.write(
    `outage: ledger empty ${(emptied / 1000).toFixed(1)} s after the MIS came back; ` +
      `the other school's marks confirmed in at most ${(Math.max(...waits) / 1000).toFixed(1)} s\n`,
  )
  expect(new Set(after.map((row) => row.person)).size).toBe(pupils)
  expect(Math.max(...waits)).toBeLessThan(10_000)
  const register = (await control('GET', `/schools/${away.school}/register?date=${day}&session=AM`)).body
    .data as { student: string; code: string | null; outside: { times: number } | null }[]
  const marked = register.filter((row) => row.code === 'L')
  expect(new Set(marked.map((row) => row.student))).toEqual(new Set(latecomers.map((one) => one.misId)))
  expect(marked.filter((row) => row.outside?.times !== 1)).toEqual([])
}, 170_000)
