/** The day's e-mail of the marks that need somebody: at the school's time, on school days, once, if any stand. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { postSummaries } from '../server/attendance/summary.ts'
import { permission } from '../shared/accounts.ts'
import { createWorld, linkedSite, type World } from './world.ts'

let world: World
let site: { id: string; school: string }
const to = ['office@school.example', 'head@school.example']

beforeAll(async () => {
  world = await createWorld()
  // A Monday in term.
  await moveTo('2027-01-11T10:00:00Z')
  site = await linkedSite(world, 'Oakfield')
  await api('PUT', '/school-day', {
    ...{ startsAt: '08:45', endsAt: '15:15', lunchStartsAt: null, days: [1, 2, 3, 4, 5] },
    am: { opensAt: '08:45', endsAt: '08:55', closesAt: '09:15' },
    pm: { opensAt: '13:00', endsAt: '13:10', closesAt: '13:30' },
  })
}, 60_000)
afterAll(() => world?.close())
beforeEach(() => moveTo(world.clock.now()))

async function moveTo(at: string | Date) {
  world.clock.set(at)
  world.api = await world.as(permission.options, null)
}
// oxlint-disable-next-line typescript/no-explicit-any
const api = (method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> =>
  world.api(method, `/sites/${site.id}${path}`, body)
type Message = { to: string; subject: string; text: string }
const messages = async (): Promise<Message[]> =>
  (await api('GET', '/messages?limit=500')).body.data.filter((one: Message) =>
    /marks? needs? you/.test(one.subject),
  )
/** What the worker does by itself, twice at once. */
const look = () => Promise.all([postSummaries(world.running.app), postSummaries(world.running.app)])

/** A mark of yesterday, entered today, is held: somebody is needed. */
async function heldMark(yesterday: string) {
  const { data } = (await api('GET', '/students?limit=1')).body
  const reasons = (await api('GET', '/reasons?type=late-arrival')).body.data
  const reason = reasons.find((one: { code: string }) => one.code === 'L').id
  const { body } = await api('POST', '/movements', {
    ...{ id: randomUUID(), type: 'late-arrival', person: data[0].id, reason, happenedAt: yesterday },
  })
  expect(body.writeBacks).toMatchObject([{ state: 'held' }])
  return data[0]
}

test('nobody at first; addresses and time are checked by field', async () => {
  expect((await api('GET', '/marks-email')).body).toEqual({ at: '14:30', to: [] })
  for (const [body, field] of [
    [{ at: '25:00', to }, 'at'],
    [{ at: '14:00', to: ['nobody'] }, 'to.0'],
    [{ at: '14:00' }, 'to'],
    [{ at: '14:00', to, days: [] }, 'days'],
  ] as const) {
    const { status, body: answer } = await api('PUT', '/marks-email', body)
    expect([status, Object.keys(answer.error.fields)]).toEqual([422, [field]])
  }
  const desk = await world.as(['attendance.read'], [site.id])
  expect((await desk('GET', `/sites/${site.id}/marks-email`)).status).toBe(403)
  const put = await api('PUT', '/marks-email', { at: '14:00', to: [...to, 'HEAD@school.example'] })
  expect(put.body).toEqual({ at: '14:00', to })
})

test('no mark needs anybody: no e-mail', async () => {
  await moveTo('2027-01-11T14:00:30Z')
  await look()
  expect(await messages()).toEqual([])
})

test('one stands: one e-mail to each, once a day, that names no pupil', async () => {
  await moveTo('2027-01-12T13:59:30Z')
  const pupil = await heldMark('2027-01-11T09:00:00Z')
  await look()
  expect(await messages()).toEqual([])
  await moveTo('2027-01-12T14:00:30Z')
  await look()
  const sent = await messages()
  expect(sent.map((one) => one.to).toSorted()).toEqual(to.toSorted())
  expect(sent[0]!.subject).toBe('1 mark needs you: Oakfield')
  expect(sent[0]!.text).toContain('1 × Held')
  expect(sent[0]!.text).toContain(`/sites/${site.id}/marks`)
  expect(JSON.stringify(sent)).not.toContain(pupil.name)
  // Moved to a later time the same day: those who have it get no second.
  await api('PUT', '/marks-email', { at: '15:00', to: [...to, 'new@school.example'] })
  await moveTo('2027-01-12T15:00:30Z')
  await look()
  expect((await messages()).map((one) => one.to).toSorted()).toEqual([...to, 'new@school.example'].toSorted())
})

test('not at the weekend, not on a closed day; made up for the same day only', async () => {
  await api('PUT', '/marks-email', { at: '14:00', to: ['office@school.example'] })
  await api('PUT', '/closures', { data: [{ from: '2027-01-14', to: '2027-01-14', name: 'INSET' }] })
  const before = (await messages()).length
  for (const at of [
    '2027-01-13T23:59:00Z',
    '2027-01-14T14:01:00Z',
    '2027-01-16T14:01:00Z',
    '2027-01-17T14:01:00Z',
  ]) {
    await moveTo(at)
    await look()
  }
  // Wednesday's was made up for late that evening; Thursday was closed; then a weekend.
  expect(await messages()).toHaveLength(before + 1)
  await moveTo('2027-01-19T08:00:00Z')
  await look()
  expect(await messages()).toHaveLength(before + 1)
  await moveTo('2027-01-19T14:01:00Z')
  await look()
  expect(await messages()).toHaveLength(before + 2)
})

test('with nobody to write to nothing is due', async () => {
  await api('PUT', '/marks-email', { at: '14:00', to: [] })
  const before = (await messages()).length
  await moveTo('2027-01-20T14:01:00Z')
  await look()
  expect(await messages()).toHaveLength(before)
})
