/** A weekday with times of its own: wherever the day is read, over clock changes too. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { permission } from '../shared/accounts.ts'
import { createWorld, linkedSite, type World } from './world.ts'

let world: World
let site: { id: string; school: string }
let pupils: { id: string }[]

const usual = {
  ...{ startsAt: '08:45', endsAt: '15:15', lunchStartsAt: null },
  am: { opensAt: '08:45', endsAt: '08:55', closesAt: '09:15' },
  pm: { opensAt: '13:00', endsAt: '13:10', closesAt: '13:30' },
}
const friday = {
  ...{ day: 5, startsAt: '09:30', endsAt: '12:30', lunchStartsAt: null },
  am: { opensAt: '09:30', endsAt: '09:40', closesAt: '10:00' },
  pm: { opensAt: '11:30', endsAt: '11:35', closesAt: '11:50' },
}

beforeAll(async () => {
  world = await createWorld()
  world.clock.set('2027-03-25T09:50:00Z')
  world.api = await world.as(permission.options, null)
  site = await linkedSite(world, 'Oakfield')
  pupils = (await api('GET', '/students?limit=500&state=active')).body.data
}, 60_000)
afterAll(() => world?.close())

// oxlint-disable-next-line typescript/no-explicit-any
const api = (method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> =>
  world.api(method, `/sites/${site.id}${path}`, body)
let next = 0
async function late(at: string) {
  world.clock.set(at)
  world.api = await world.as(permission.options, null)
  const { data } = (await api('GET', '/reasons?type=late-arrival')).body
  const reason = data.find((one: { code: string }) => one.code === 'L').id
  const person = pupils[next++]!.id
  const { status, body } = await api('POST', '/movements', {
    ...{
      id: randomUUID(),
      type: 'late-arrival',
      person,
      reason,
      happenedAt: world.clock.now().toISOString(),
    },
  })
  expect(status).toBe(201)
  const { session, minutesLate, date } = body
  return { session, minutesLate, date, code: body.writeBacks[0].code }
}

test('the usual day keeps its body; exceptions have their own, refused by field', async () => {
  const day = { ...usual, days: [1, 2, 3, 4, 5] }
  expect((await api('PUT', '/school-day', { ...day, exceptions: [] })).status).toBe(422)
  expect(await api('PUT', '/school-day', day)).toMatchObject({ status: 200, body: day })
  expect((await api('GET', '/school-day/exceptions')).body).toEqual({ data: [] })
  const wrong = async (data: unknown) => {
    const { status, body } = await api('PUT', '/school-day/exceptions', { data })
    return [status, ...Object.keys(body.error.fields)]
  }
  const { endsAt: _ends, ...short } = friday
  expect(await wrong([short])).toEqual([422, 'data.0.endsAt'])
  expect(await wrong([friday, friday])).toEqual([422, 'data.1.day'])
  expect(await wrong([{ ...friday, day: 8 }])).toEqual([422, 'data.0.day'])
  expect(await wrong([{ ...friday, pm: { ...friday.pm, closesAt: '12:31' } }])).toEqual([
    422,
    'data.0.endsAt',
  ])
  expect(await wrong([{ ...friday, note: 'x' }])).toEqual([422, 'data.0.note'])
  const put = await api('PUT', '/school-day/exceptions', { data: [friday] })
  expect(put).toMatchObject({ status: 200, body: { data: [friday] } })
  expect((await api('GET', '/school-day/exceptions')).body).toEqual({ data: [friday] })
  expect((await api('GET', '/school-day')).body).toEqual(day)
})

test('on that weekday its times decide, on the others the usual ones', async () => {
  // The site's clock is UTC.
  expect(await late('2027-03-25T09:50:00Z')).toEqual({
    session: 'AM',
    minutesLate: 55,
    date: '2027-03-25',
    code: 'U',
  })
  expect(await late('2027-03-26T09:50:00Z')).toEqual({
    session: 'AM',
    minutesLate: 10,
    date: '2027-03-26',
    code: 'L',
  })
  expect(await late('2027-03-26T11:50:00Z')).toEqual({
    session: 'PM',
    minutesLate: 15,
    date: '2027-03-26',
    code: 'U',
  })
  const today = (await api('GET', '/today')).body
  expect(today.schoolDay).toMatchObject({ startsAt: '09:30', endsAt: '12:30' })
  expect(today.counts).toMatchObject({ lateToday: 2, lateBeforeClose: 1, lateAfterClose: 1 })
  // Reports know each day's own close.
  const { body } = await api('GET', '/reports/late-arrivals/totals?from=2027-03-25&to=2027-03-26')
  expect(body).toMatchObject({ rows: 3, beforeClose: 1, afterClose: 2 })
  const rows = (await api('GET', '/reports/late-arrivals?from=2027-03-25&to=2027-03-26')).body.data
  expect(rows.map((row: { register: string }) => row.register)).toEqual([
    'after-close',
    'before-close',
    'after-close',
  ])
})

test('after its end nothing is owed, and what was owed is held from its end on', async () => {
  expect(await late('2027-03-26T12:30:00Z')).toMatchObject({ session: null, minutesLate: null })
  // Entered after the end for a time within it.
  const { data } = (await api('GET', '/reasons?type=late-arrival')).body
  const { body } = await api('POST', '/movements', {
    ...{ id: randomUUID(), type: 'late-arrival', person: pupils[next++]!.id },
    ...{
      reason: data.find((one: { code: string }) => one.code === 'L').id,
      happenedAt: '2027-03-26T09:50:00Z',
    },
  })
  expect(body.writeBacks).toMatchObject([{ state: 'held', cause: { code: 'attendance.day_over' } }])
})

test('the Friday before and the Friday after the clocks go forward have the same local times', async () => {
  const { body: london } = await world.api('POST', '/sites', { name: 'London', phase: 'primary' })
  const there = { id: london.id, school: '' }
  const put = (path: string, body: unknown) => world.api('PUT', `/sites/${there.id}${path}`, body)
  await put('/school-day', { ...usual, days: [1, 2, 3, 4, 5] })
  await put('/school-day/exceptions', { data: [friday] })
  const person = await world.api('POST', `/sites/${there.id}/employees`, { forename: 'A', surname: 'B' })
  expect(person.status).toBe(201)
  for (const [at, session, minutes] of [
    ['2027-03-26T09:41:00Z', 'AM', '09:41'],
    ['2027-04-02T08:41:00Z', 'AM', '09:41'],
    ['2027-04-02T11:29:00Z', 'PM', '12:29'],
    ['2027-04-02T11:30:00Z', null, '12:30'],
    ['2027-10-29T11:29:00Z', 'PM', '12:29'],
    ['2027-11-05T12:29:00Z', 'PM', '12:29'],
  ] as const) {
    world.clock.set(at)
    world.api = await world.as(permission.options, null)
    const today = (await world.api('GET', `/sites/${there.id}/today`)).body
    expect.soft([at, minutes, today.session, today.schoolDay.endsAt]).toEqual([at, minutes, session, '12:30'])
  }
})
