/** The process may die between any two lines: started for real, killed at random while late arrivals pour in. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import { testDatabase, type TestDatabase } from './postgres.ts'
import { type ServerProcess, serverProcess } from './server-process.ts'
import { type Api, caller, dayAround, until } from './world.ts'

let database: TestDatabase
let sandbox: Sandbox
let folder: string
let server: ServerProcess
let api: Api

beforeAll(async () => {
  database = await testDatabase()
  sandbox = await startSandbox({ port: 0, dataDir: null, delayMs: 50 })
  folder = mkdtempSync(join(tmpdir(), 'erb-crash-'))
  server = await serverProcess({
    ...{ DATABASE_URL: database.url, SECRET_KEY: '11'.repeat(32), DATA_DIR: folder },
    SANDBOX_URL: sandbox.baseUrl,
  })
  await server.start()
  const { token } = server.admin('create-token', '--name', 'crash', '--all-sites')
  api = caller(`${server.url}/api/v1`, { authorization: `Bearer ${token}` })
}, 60_000)
afterAll(async () => {
  await server?.kill()
  await sandbox?.close()
  await database?.drop()
  rmSync(folder, { recursive: true, force: true })
})

test('killed again and again, every mark stands once', async () => {
  const school = sandbox.schools.find((one) => one.name.startsWith('Oakfield'))!
  const today = new Date().toISOString().slice(0, 10)
  const site = server.admin(
    'create-site',
    '--name',
    'Oakfield',
    '--phase',
    'primary',
    '--time-zone',
    'UTC',
    '--mis-from',
    today,
  )
  await api('PUT', `/sites/${site.id}/school-day`, dayAround(new Date()))
  await api('PUT', `/sites/${site.id}/mis/connection`, {
    provider: 'sandbox',
    schoolId: school.id,
    token: school.token,
  })
  await api('POST', `/sites/${site.id}/mis/imports`, {})
  const people = await until(
    async () =>
      (await api('GET', `/sites/${site.id}/students?limit=500`)).body.data as { id: string; misId: string }[],
    (rows) => rows.length === 210,
  )
  const reasons = (await api('GET', `/sites/${site.id}/reasons?type=late-arrival`)).body.data
  const reason = reasons.find((one: { code: string }) => one.code === 'L').id
  const late = people.slice(0, 40).map((person) => ({
    person,
    body: {
      id: randomUUID(),
      type: 'late-arrival',
      person: person.id,
      reason,
      happenedAt: new Date().toISOString(),
    },
  }))
  // A client with an outbox: it asks again until it hears that the server has it.
  const sending = (async () => {
    for (const { body } of late)
      await until(
        async () => (await api('POST', `/sites/${site.id}/movements`, body).catch(() => null))?.status ?? 0,
        (status) => status === 200 || status === 201,
        60_000,
      )
  })()
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setTimeout(resolve, 60 + Math.random() * 400))
    await server.kill()
    await server.start()
  }
  await sending
  const rows = await until(
    async () =>
      (await api('GET', `/sites/${site.id}/write-backs?limit=500`)).body.data as {
        state: string
        person: string
        attempts: number
      }[],
    (all) => all.length === 40 && all.every((row) => row.state === 'confirmed'),
    75_000,
  )
  expect(new Set(rows.map((row) => row.person)).size).toBe(40)
  const control = caller(`${sandbox.url}/control`, {})
  const register = (await control('GET', `/schools/${school.id}/register?date=${today}&session=AM`)).body
    .data as {
    student: string
    code: string | null
  }[]
  expect(new Set(register.filter((row) => row.code === 'L').map((row) => row.student))).toEqual(
    new Set(late.map(({ person }) => person.misId)),
  )
  const { data: asked } = (await control('GET', `/requests?school=${school.id}`)).body
  const posts = asked.filter(
    (one: { method: string; path: string }) =>
      one.method === 'POST' && one.path.includes('attendance/session'),
  ).length
  // A second POST of a mark only after an answer that was lost and a look that did not show it.
  expect(posts).toBeGreaterThanOrEqual(40)
  expect(posts).toBeLessThanOrEqual(40 + 4 * 2)
}, 170_000)
