/** The supervised test mark: what it proves, what it disproves, and that it never stands over anybody's mark. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, linkedSite, until, type World } from './world.ts'

type Site = { id: string; school: string }
let world: World
let sims: Site
let engage: Site
let integris: Site

beforeAll(async () => {
  world = await createWorld()
  sims = await linkedSite(world, 'Oakfield')
  engage = await linkedSite(world, 'Abbotsleigh')
  integris = await linkedSite(world, 'Holy Cross')
}, 90_000)
afterAll(() => world?.close())

const today = () => world.clock.now().toISOString().slice(0, 10)
const capabilities = async (site: Site) =>
  (await world.api('GET', `/sites/${site.id}/mis/connection`)).body.capabilities
const register = async (site: Site, student: string, session = 'PM') =>
  (
    await world.control('GET', `/schools/${site.school}/register?date=${today()}&session=${session}`)
  ).body.data.find((row: { student: string }) => row.student === student)
const teacherMarks = (site: Site, student: string, code: string, session = 'PM') =>
  world.control('POST', `/schools/${site.school}/marks`, { student, date: today(), session, code })
const send = (site: Site, student: string, session = 'PM', headers = {}) =>
  world.api('POST', `/sites/${site.id}/mis/test-mark`, { student, session }, headers)
const becomes = (site: Site, id: string, state: string) =>
  until(
    async () => (await world.api('GET', `/sites/${site.id}/write-backs/${id}`)).body,
    (row) => row.state === state,
  )
const marksOf = async (site: Site, person: string) =>
  (await world.api('GET', `/sites/${site.id}/write-backs?person=${person}`)).body.data

let next = 0
async function pupil(site: Site): Promise<{ id: string; misId: string }> {
  return (await world.api('GET', `/sites/${site.id}/students?limit=500`)).body.data[next++]
}

test('Engage is read only until a test mark is seen, and then takes marks', async () => {
  const nothing = { sessionMark: 'no', minutesLate: 'no', comment: 'no' }
  expect(await capabilities(engage)).toMatchObject(nothing)
  const failed = (await send(engage, (await pupil(engage)).id)).body
  expect((await becomes(engage, failed.id, 'refused')).cause.message).toContain('does not write back')
  expect(await capabilities(engage)).toMatchObject(nothing)
  await world.control('PUT', `/schools/${engage.school}/faults`, {
    data: [{ on: 'attendance/session', kind: 'takes-marks' }],
  })
  const person = await pupil(engage)
  const { status, body } = await send(engage, person.id)
  expect(status).toBe(201)
  expect(body).toMatchObject({ person: person.id, movement: null, session: 'PM', code: 'L', minutesLate: 1 })
  await becomes(engage, body.id, 'confirmed')
  expect(await capabilities(engage)).toMatchObject({ sessionMark: 'yes', minutesLate: 'no', comment: 'no' })
})

test('what was not there before cannot be put back: a person is asked to clear it', async () => {
  const person = await pupil(sims)
  const { body } = await send(sims, person.id)
  await becomes(sims, body.id, 'confirmed')
  const back = (await marksOf(sims, person.id)).find((row: { id: string }) => row.id !== body.id)
  await becomes(sims, back.id, 'conflict')
  const asked = (await world.api('GET', `/sites/${sims.id}/write-backs/${back.id}`)).body
  expect(asked).toMatchObject({ needsPerson: true, code: null, cause: { code: 'attendance.cannot_clear' } })
  const { data } = (await world.api('GET', `/sites/${sims.id}/needs-you`)).body
  expect(data).toContainEqual(
    expect.objectContaining({ movement: null, writeBack: expect.objectContaining({ id: back.id }) }),
  )
})

test('a teacher’s mark is not touched until a person says so, and is put back afterwards', async () => {
  const person = await pupil(sims)
  await teacherMarks(sims, person.misId, '/', 'AM')
  const { body } = await send(sims, person.id, 'AM')
  expect((await becomes(sims, body.id, 'conflict')).cause.code).toBe('attendance.their_mark')
  expect(await register(sims, person.misId, 'AM')).toMatchObject({ code: '/', by: 'teacher' })
  await world.api('POST', `/sites/${sims.id}/write-backs/${body.id}/resolve`, { as: 'use-ours' })
  await becomes(sims, body.id, 'confirmed')
  await until(
    () => register(sims, person.misId, 'AM'),
    (row) => row.code === '/',
  )
})

test('a MIS that takes marks is found out by a refusal, and proved again', async () => {
  await world.control('PUT', `/schools/${sims.school}/faults`, {
    data: [{ on: 'attendance/session', kind: 'writeback-failed' }],
  })
  const refused = (await send(sims, (await pupil(sims)).id)).body
  await becomes(sims, refused.id, 'refused')
  expect((await capabilities(sims)).sessionMark).toBe('no')
  await world.control('DELETE', `/schools/${sims.school}/faults`)
  const seen = (await send(sims, (await pupil(sims)).id)).body
  await becomes(sims, seen.id, 'confirmed')
  expect(await capabilities(sims)).toMatchObject({ sessionMark: 'yes', comment: 'yes', minutesLate: 'yes' })
})

test('said twice it is one; beside another mark of that pupil it is refused', async () => {
  const person = await pupil(sims)
  const key = { 'idempotency-key': 'test-mark-1' }
  const first = await send(sims, person.id, 'PM', key)
  const again = await send(sims, person.id, 'PM', key)
  expect([first.status, again.status]).toEqual([201, 200])
  expect(again.body.id).toBe(first.body.id)
  await becomes(sims, first.body.id, 'confirmed')
  // What puts it back waits for a person now.
  expect((await send(sims, person.id)).status).toBe(409)
})

test('what cannot be tried is said in plain words', async () => {
  expect((await send(integris, (await pupil(integris)).id)).body.error).toMatchObject({
    code: 'mis.read_only',
  })
  const unknown = await send(sims, '01a217a8-3e92-76f8-a694-d2258335da89')
  expect([unknown.status, Object.keys(unknown.body.error.fields)]).toEqual([422, ['student']])
  expect((await send(sims, (await pupil(sims)).id, 'EV')).status).toBe(422)
})
