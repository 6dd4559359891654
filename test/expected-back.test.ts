/** Early leavers who come back: shown until they do, alerted of once overdue, and no mark lost either way. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { permission } from '../shared/accounts.ts'
import { createWorld, linkedSite, until, type World } from './world.ts'

let world: World
let site: { id: string; school: string }
let pupils: { id: string; name: string }[]
let reason: string
const minute = 60_000

beforeAll(async () => {
  world = await createWorld()
  // A Tuesday morning; tokens are made after the clock has moved.
  world.clock.set('2027-01-12T10:00:00Z')
  world.api = await world.as(permission.options, null)
  site = await linkedSite(world, 'Oakfield')
  await api('PUT', '/school-day', {
    ...{ startsAt: '08:45', endsAt: '15:15', lunchStartsAt: '12:15', days: [1, 2, 3, 4, 5] },
    am: { opensAt: '08:45', endsAt: '08:55', closesAt: '09:15' },
    pm: { opensAt: '13:00', endsAt: '13:10', closesAt: '13:30' },
  })
  pupils = (await api('GET', '/students?limit=500&state=active')).body.data
  const { data } = (await api('GET', '/reasons?type=early-leave')).body
  reason = data.find((one: { code: string }) => one.code === 'M').id
}, 60_000)
afterAll(() => world?.close())

// oxlint-disable-next-line typescript/no-explicit-any
const api = (method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> =>
  world.api(method, `/sites/${site.id}${path}`, body)
const at = (minutes: number) => new Date(world.clock.now().getTime() + minutes * minute).toISOString()
const leave = (person: string, more: object) =>
  api('POST', '/movements', {
    id: randomUUID(),
    type: 'early-leave',
    person,
    reason,
    happenedAt: at(0),
    ...more,
  })
const today = async () => (await api('GET', '/today')).body
const alertsOf = async (person: string) =>
  (await today()).notices.filter(
    (row: { person: { id: string }; notice: { alert: boolean } }) =>
      row.person.id === person && row.notice.alert,
  )

test('the time is later than the leave, on its day, and of an early leave only', async () => {
  const person = pupils[0]!.id
  for (const [body, words] of [
    [{ expectedBackAt: at(0) }, 'later'],
    [{ expectedBackAt: at(-5) }, 'later'],
    [{ expectedBackAt: at(24 * 60) }, 'day of the leave'],
    [{ expectedBackAt: at(60), type: 'return', reason: undefined }, 'early leave'],
    [{ expectedBackAt: 'soon' }, ''],
  ] as const) {
    const { status, body: answer } = await leave(person, body)
    expect([status, answer.error.fields.expectedBackAt]).toEqual([422, expect.stringContaining(words)])
  }
  expect((await api('GET', `/movements?person=${person}`)).body.data).toEqual([])
})

test('back before the register closes: no mark, shown on Today, and gone from there once they are back', async () => {
  const { id: person, name } = pupils[1]!
  const id = randomUUID()
  const { status, body } = await leave(person, { id, expectedBackAt: at(180) })
  expect(status).toBe(201)
  expect(body).toMatchObject({ expectedBackAt: at(180).slice(0, 17) + body.expectedBackAt.slice(17) })
  expect(body.writeBacks).toMatchObject([
    { session: 'PM', state: 'not-required', cause: { code: 'attendance.expected_back' } },
  ])
  // The same command again is the same leave; with another time it is another command.
  expect(
    (await leave(person, { id, happenedAt: body.happenedAt, expectedBackAt: body.expectedBackAt })).status,
  ).toBe(200)
  expect((await leave(person, { id, happenedAt: body.happenedAt })).status).toBe(409)
  expect((await today()).expectedBack).toMatchObject([{ movement: id, person: { name } }])
  world.clock.forward(30 * minute)
  await api('POST', '/movements', { id: randomUUID(), type: 'return', person, happenedAt: at(0) })
  expect((await today()).expectedBack).toEqual([])
})

test('back only after the register has closed: the afternoon mark is owed at once', async () => {
  const { body } = await leave(pupils[2]!.id, { expectedBackAt: '2027-01-12T14:00:00Z' })
  expect(body.writeBacks).toMatchObject([{ session: 'PM', code: 'M' }])
})

test('overdue: told once, after ten minutes; taken back by itself when they come', async () => {
  const { id: person } = pupils[3]!
  await leave(person, { expectedBackAt: at(20) })
  world.clock.forward(29 * minute)
  // A leave that is long overdue shows that the worker has looked at the younger one too.
  const { id: other } = pupils[4]!
  const early = new Date(world.clock.now().getTime() - 25 * minute).toISOString()
  await leave(other, { happenedAt: early, expectedBackAt: at(-15) })
  await until(
    () => alertsOf(other),
    (rows) => rows.length === 1,
  )
  expect(await alertsOf(person)).toEqual([])
  world.clock.forward(2 * minute)
  const [row] = await until(
    () => alertsOf(person),
    (rows) => rows.length === 1,
  )
  expect(row.notice).toMatchObject({ alert: true, session: 'AM', settledAt: null })
  expect(row.notice.message).toMatch(/^Left at \d\d:\d\d, was expected back at \d\d:\d\d and has not come\.$/)
  await api('POST', '/movements', { id: randomUUID(), type: 'return', person, happenedAt: at(0) })
  world.clock.forward(2 * minute)
  await until(
    () => alertsOf(person),
    (rows) => rows.length === 0,
  )
  const all = (await api('GET', '/notices?limit=500')).body.data as {
    person: string
    alert: boolean
    settledBy: string
  }[]
  expect(all.filter((one) => one.person === person && one.alert)).toMatchObject([{ settledBy: 'came back' }])
})

test('not coming back after all: the afternoon mark goes, and the alert with the old leave', async () => {
  const { id: person } = pupils[4]!
  const [{ movement }] = (await today()).expectedBack.filter(
    (row: { person: { id: string } }) => row.person.id === person,
  )
  const { body } = await api('POST', `/movements/${movement}/correct`, { expectedBackAt: null })
  expect(body).toMatchObject({ expectedBackAt: null, corrects: movement })
  expect(body.writeBacks).toMatchObject([{ session: 'PM', code: 'M' }])
  expect(JSON.stringify((await today()).expectedBack)).not.toContain(person)
  world.clock.forward(2 * minute)
  await until(
    () => alertsOf(person),
    (rows) => rows.length === 0,
  )
})

test('at the kiosk: the reason asks, the answer is kept, and one that cannot be is left out, not refused', async () => {
  const { body: settings } = await api('GET', '/attendance-settings')
  await api('PUT', '/attendance-settings', { ...settings, reasonMode: 'own-reasons' })
  const leaving = (await api('GET', '/reasons?type=early-leave')).body.data as {
    id: string
    asksBack: boolean
  }[]
  const asks = leaving.find((one) => one.asksBack)!
  const { id: _id, state: _state, ...body } = asks as Record<string, unknown>
  const wrong = await api('PUT', `/reasons/${asks.id}`, { ...body, type: 'return' })
  expect([wrong.status, Object.keys(wrong.body.error.fields)]).toEqual([422, ['asksBack']])
  await api('PUT', `/reasons/${asks.id}`, { ...body, publicScreen: true })
  const { body: kiosk } = await api('POST', '/kiosks', { name: 'Door' })
  const paired = await fetch(`${world.url}/api/v1/kiosk/pair`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-kiosk': '1' },
    body: JSON.stringify({ code: kiosk.pairingCode }),
  })
  const home = (await paired.json()) as { schoolEndsAt: string; reasons: object[] }
  expect(home.schoolEndsAt).toBe('2027-01-12T15:15:00.000Z')
  expect(home.reasons).toContainEqual(expect.objectContaining({ id: asks.id, asksBack: true }))
  const cookie = paired.headers.getSetCookie()[0]!.split(';')[0]!
  const tap = async (person: string, expectedBackAt: string) => {
    const said = {
      id: randomUUID(),
      type: 'early-leave',
      person,
      reason: asks.id,
      happenedAt: at(0),
      expectedBackAt,
    }
    const answer = await fetch(`${world.url}/api/v1/kiosk/movements`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-kiosk': '1', cookie },
      body: JSON.stringify(said),
    })
    expect(answer.status).toBe(201)
    return (await api('GET', `/movements/${said.id}`)).body.expectedBackAt
  }
  const later = at(45)
  expect(await tap(pupils[10]!.id, later)).toBe(later)
  expect(await tap(pupils[11]!.id, at(-45))).toBeNull()
})
