/** Marks when things go wrong: nothing is lost, nothing is sent twice for nothing, no other school waits. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, linkedSite, until, type World } from './world.ts'

let world: World
let site: { id: string; school: string }
let other: { id: string; school: string }
let third: { id: string; school: string }

beforeAll(async () => {
  world = await createWorld()
  site = await linkedSite(world, 'Oakfield')
  other = await linkedSite(world, 'Holy Cross')
  third = await linkedSite(world, 'Fenland')
}, 60_000)
afterAll(() => world?.close())

type Site = { id: string; school: string }
const today = () => world.clock.now().toISOString().slice(0, 10)
const fault = (kind: string, more: object = {}) =>
  world.control('PUT', `/schools/${site.school}/faults`, {
    data: [{ on: 'attendance/session', kind, ...more }],
  })
const clear = () => world.control('DELETE', `/schools/${site.school}/faults`)
let next = 20

async function late(at: Site = site) {
  const { data } = (await world.api('GET', `/sites/${at.id}/students?limit=500&state=active`)).body
  const person = data[next++]
  const reasons = (await world.api('GET', `/sites/${at.id}/reasons?type=late-arrival`)).body.data
  const reason = reasons.find((one: { code: string }) => one.code === 'L').id
  const body = {
    id: randomUUID(),
    type: 'late-arrival',
    person: person.id,
    reason,
    happenedAt: world.clock.now().toISOString(),
  }
  const { body: movement } = await world.api('POST', `/sites/${at.id}/movements`, body)
  return { misId: person.misId as string, mark: movement.writeBacks[0].id as string }
}
const state = async (mark: string, at: Site = site) =>
  (await world.api('GET', `/sites/${at.id}/write-backs/${mark}`)).body
const becomes = (mark: string, wanted: string, ms?: number) =>
  until(
    () => state(mark),
    (row) => row.state === wanted,
    ms,
  )
const posts = async () =>
  (
    (await world.control('GET', `/requests?school=${site.school}`)).body.data as {
      method: string
      path: string
    }[]
  ).filter((one) => one.method === 'POST' && one.path.includes('attendance/session')).length
const register = async (misId: string) =>
  (await world.control('GET', `/schools/${site.school}/register?date=${today()}&session=AM`)).body.data.find(
    (row: { student: string }) => row.student === misId,
  )

test('a MIS that cannot write never gets a POST and is promised nothing', async () => {
  const { mark } = await late(other)
  expect(await state(mark, other)).toMatchObject({
    state: 'not-required',
    cause: { code: 'attendance.mis_cannot_write' },
  })
})

test('a mark is sent by a look begun after it was owed: a teacher’s of a moment before is never overwritten', async () => {
  for (let i = 0; i < 3; i++) {
    // The first gives the worker a look that is still young when the second comes.
    await late()
    const people = (await world.api('GET', `/sites/${site.id}/students?limit=500&state=active`)).body.data
    const teacher = { student: people[next].misId, date: today(), session: 'AM', code: '/' }
    await world.control('POST', `/schools/${site.school}/marks`, teacher)
    const { mark, misId } = await late()
    await becomes(mark, 'conflict')
    expect(await register(misId)).toMatchObject({ code: '/', by: 'teacher' })
  }
})

test('an answer lost after the write: looked for, and not sent again', async () => {
  const before = await posts()
  await fault('timeout-after', { times: 1, ms: 0 })
  const { mark, misId } = await late()
  const done = await becomes(mark, 'confirmed', 25_000)
  expect(done.attempts).toBe(1)
  expect((await posts()) - before).toBe(1)
  expect(await register(misId)).toMatchObject({ code: 'L', by: 'outside' })
  await clear()
}, 40_000)

test('refused by the provider: before a person, with its words', async () => {
  await fault('403', { method: 'POST' })
  const { mark } = await late()
  const row = await becomes(mark, 'refused')
  expect(row).toMatchObject({ needsPerson: true, cause: { code: 'attendance.refused' } })
  await clear()
  await world.api('POST', `/sites/${site.id}/write-backs/${mark}/resend`)
  await becomes(mark, 'confirmed')
})

test('the provider says later that the write failed: refused', async () => {
  await fault('writeback-failed', { times: 1 })
  const { mark } = await late()
  expect(await becomes(mark, 'refused')).toMatchObject({ needsPerson: true })
  await clear()
})

test('a provider that is down for a while gets every mark once it is back, each once', async () => {
  const before = await posts()
  await world.control('PUT', `/schools/${site.school}/faults`, { data: [{ on: '*', kind: 'down' }] })
  const all = []
  for (let i = 0; i < 30; i++) all.push(await late())
  await until(
    async () => (await world.api('GET', `/sites/${site.id}/mis/connection`)).body.state,
    (link) => link === 'unreachable',
  )
  // Another school goes on meanwhile as if nothing were wrong.
  const elsewhere = await late(third)
  await until(
    () => state(elsewhere.mark, third),
    (row) => row.state === 'confirmed',
    6_000,
  )
  await clear()
  for (const { mark } of all) await becomes(mark, 'confirmed', 45_000)
  const delivered = await posts()
  expect(delivered - before).toBeLessThanOrEqual(32)
  for (const { misId } of all) expect(await register(misId)).toMatchObject({ code: 'L' })
}, 90_000)

test('a withdrawn token holds marks, and they go by themselves once it is mended', async () => {
  await world.control('PUT', `/schools/${site.school}/faults`, { data: [{ on: '*', kind: '401' }] })
  const { mark } = await late()
  expect(await becomes(mark, 'held')).toMatchObject({ cause: { code: 'attendance.link_cut' } })
  await clear()
  const school = world.sandbox.schools.find((one) => one.id === site.school)!
  const put = await world.api('PUT', `/sites/${site.id}/mis/connection`, {
    provider: 'sandbox',
    schoolId: school.id,
    token: school.token,
  })
  expect(put.status).toBe(200)
  await becomes(mark, 'confirmed')
})

test('one that is withdrawn after it stands asks a person, for no mark can be cleared', async () => {
  const { data } = (await world.api('GET', `/sites/${site.id}/movements?type=late-arrival&limit=1`)).body
  const movement = data[0]
  const put = await world.api('POST', `/sites/${site.id}/movements/${movement.id}/correct`, { void: true })
  expect(put.status).toBe(201)
  const [row] = put.body.writeBacks
  expect(await becomes(row.id, 'conflict')).toMatchObject({
    code: null,
    cause: { code: 'attendance.cannot_clear' },
  })
  const ours = await world.api('POST', `/sites/${site.id}/write-backs/${row.id}/resolve`, { as: 'use-ours' })
  expect(ours.status).toBe(422)
  const settled = await world.api('POST', `/sites/${site.id}/write-backs/${row.id}/resolve`, {
    as: 'entered-by-hand',
  })
  expect(settled.body.state).toBe('resolved')
})
