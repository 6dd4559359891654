/** When MIS integration ends, whether by its day or by the operator: reading and writing stop, and nothing is lost. */
import { randomUUID } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeIds } from '../server/attendance/reasons.ts'
import { startDueImports } from '../server/imports/imports.ts'
import { remindOfEnds } from '../server/licences/reminders.ts'
import { noMemory, runRound } from '../server/write-backs/round.ts'
import { permission } from '../shared/accounts.ts'
import { type Api, createWorld, linkedSite, until, type World } from './world.ts'

let world: World
let api: Api
let site: { id: string; school: string }
let next = 5

beforeAll(async () => {
  world = await createWorld()
  api = world.api
  site = await linkedSite(world, 'Oakfield')
}, 60_000)
afterAll(() => world?.close())

const today = () => Temporal.PlainDate.from(world.clock.now().toISOString().slice(0, 10))
const path = (rest: string) => `/sites/${site.id}${rest}`
const licence = (startsOn: Temporal.PlainDate | null) =>
  api('PUT', path('/licence'), {
    edition: 'education',
    misIntegration: startsOn === null ? null : { startsOn: startsOn.toString() },
  })
const faults = (data: object[]) => world.control('PUT', `/schools/${site.school}/faults`, { data })
const clear = () => world.control('DELETE', `/schools/${site.school}/faults`)
const asked = async () =>
  (await world.control('GET', `/requests?school=${site.school}`)).body.data.length as number
const mark = async (id: string) => (await api('GET', path(`/write-backs/${id}`))).body
const becomes = (id: string, state: string) =>
  until(
    () => mark(id),
    (row) => row.state === state,
  )

async function late() {
  const { data } = (await api('GET', path('/students?limit=500&state=active'))).body
  const reasons = (await api('GET', path('/reasons?type=late-arrival'))).body.data
  const { body } = await api('POST', path('/movements'), {
    id: randomUUID(),
    type: 'late-arrival',
    person: data[next++].id,
    reason: reasons.find((one: { code: string }) => one.code === 'L').id,
    happenedAt: world.clock.now().toISOString(),
  })
  return body.writeBacks[0] as { id: string; state: string; cause: { code: string } | null }
}

async function refusedEverywhere() {
  const school = world.sandbox.schools.find((one) => one.id === site.school)!
  const connection = { provider: 'sandbox', schoolId: school.id, token: school.token }
  const { data } = (await api('GET', path('/mis/people?kind=student&limit=1'))).body
  const calls: [string, string, unknown][] = [
    ['PUT', '/mis/connection', connection],
    ['POST', '/mis/connection/test', undefined],
    ['POST', '/mis/imports', {}],
    ['POST', '/mis/imports', { preview: true }],
    ['POST', '/mis/people/selection', { importing: false, misIds: [data[0].misId] }],
    ['POST', `/mis/people/${data[0].misId}/match`, { person: null }],
  ]
  for (const [method, rest, body] of calls) {
    const answer = await api(method, path(rest), body)
    expect(`${rest} ${answer.status} ${answer.body.error?.code}`).toBe(`${rest} 402 licence.mis_not_active`)
    expect(answer.body.error.message).toContain('Licence page')
  }
}

test('withdrawn in the middle of a morning: what waits is held, nothing is asked of the MIS, and it goes on by itself', async () => {
  await faults([{ on: 'attendance/session', kind: '503' }])
  const waiting = await late()
  expect((await becomes(waiting.id, 'waiting')).state).toBe('waiting')
  await licence(null)
  const held = await becomes(waiting.id, 'held')
  expect(held).toMatchObject({ needsPerson: true, cause: { code: 'attendance.not_licensed' } })
  await clear()
  const before = await asked()
  await refusedEverywhere()
  expect(await late()).toMatchObject({ state: 'not-required', cause: { code: 'attendance.not_licensed' } })
  for (const [call, body] of [
    ['resend', undefined],
    ['resolve', { as: 'use-ours' }],
  ] as const)
    expect((await api('POST', path(`/write-backs/${waiting.id}/${call}`), body)).status).toBe(402)
  expect((await mark(waiting.id)).state).toBe('held')
  // A minute later the link is still not asked for.
  world.clock.forward(61_000)
  await remindOfEnds(world.running.app)
  expect(await asked()).toBe(before)
  expect((await api('GET', path('/mis/connection'))).status).toBe(200)
  expect((await api('GET', path('/students?limit=1'))).body.data).toHaveLength(1)

  await licence(today())
  const done = await becomes(waiting.id, 'confirmed')
  expect(done.history.map(({ to }: { to: string }) => to)).toEqual(
    expect.arrayContaining(['held', 'waiting', 'sending', 'sent', 'confirmed']),
  )
  expect(done.attempts).toBeGreaterThanOrEqual(1)
})

test('withdrawn while an import reads: it ends without changing anybody', async () => {
  await world.control('POST', `/schools/${site.school}/roll`, { join: 2 })
  await faults([{ on: '*', kind: 'slow', ms: 1_500 }])
  const { body: run } = await api('POST', path('/mis/imports'), {})
  const now = () => api('GET', path(`/mis/imports/${run.id}`)).then(({ body }) => body)
  await until(now, ({ state }) => state === 'running')
  await licence(null)
  await clear()
  const ended = await until(now, ({ state }) => state !== 'running')
  expect(ended).toMatchObject({ state: 'failed', cause: { code: 'import.not_licensed' } })
  expect(ended.counts.students.joiners).toBe(0)
  await licence(today())
})

test('its last day works to the end; the day after, all stops by itself and stands before a person', async () => {
  // Twelve months that end today.
  await licence(today().add({ days: 1 }).subtract({ months: 12 }))
  await becomes((await late()).id, 'confirmed')
  await faults([{ on: '*', kind: 'slow-to-show', ms: 600_000 }])
  const sent = await late()
  await becomes(sent.id, 'sent')
  await faults([{ on: 'attendance/session', kind: '503' }])
  const waiting = await late()
  await until(
    () => mark(waiting.id),
    (row) => row.cause?.code === 'attendance.unreachable',
  )

  world.clock.set(`${today().add({ days: 1 }).toString()}T00:00:01Z`)
  api = await world.as(permission.options, null)
  expect((await api('GET', path('/licence'))).body.misIntegration.state).toBe('lapsed')
  await remindOfEnds(world.running.app)
  expect((await becomes(waiting.id, 'held')).cause.code).toBe('attendance.not_licensed')
  expect((await becomes(sent.id, 'unconfirmed')).cause.code).toBe('attendance.not_seen')
  await clear()
  const before = await asked()
  await refusedEverywhere()
  const runs = (await api('GET', path('/mis/imports'))).body.data.length
  world.clock.forward(4 * 3_600_000)
  await startDueImports(world.running.app)
  // A look at the mark that was sent would be due long since.
  expect(await runRound(world.running.app, site.id, noMemory(), codeIds)).toBe(null)
  expect((await api('GET', path('/mis/imports'))).body.data).toHaveLength(runs)
  expect(await asked()).toBe(before)

  // By hand it can always be settled; renewed, what is of an ended day waits for a person and what was sent is looked for.
  await licence(today())
  expect(
    await until(
      () => mark(waiting.id),
      ({ cause }) => cause?.code !== 'attendance.not_licensed',
    ),
  ).toMatchObject({
    state: 'held',
    cause: { code: 'attendance.day_over' },
  })
  const settled = await api('POST', path(`/write-backs/${waiting.id}/resolve`), { as: 'entered-by-hand' })
  expect(settled.body.state).toBe('resolved')
})
