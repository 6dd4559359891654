/** The office is told (attendance reference §3, §5: signs i and †), once, and nothing is written for it. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Notice } from '../shared/notices.ts'
import { createWorld, linkedSite, until, type World } from './world.ts'

let world: World
let site: { id: string; school: string }
let readOnly: { id: string; school: string }
type Person = { id: string; misId: string }
const people: Record<string, Person[]> = {}

/** Ten past one: the morning's register has closed, the afternoon's is open. */
const schoolDay = {
  ...{ startsAt: '08:45', endsAt: '15:15', lunchStartsAt: '12:15', days: [1, 2, 3, 4, 5, 6, 7] },
  am: { opensAt: '08:45', endsAt: '08:55', closesAt: '09:15' },
  pm: { opensAt: '13:00', endsAt: '13:10', closesAt: '13:30' },
}
const today = new Date().toISOString().slice(0, 10)

beforeAll(async () => {
  world = await createWorld()
  site = await linkedSite(world, 'Oakfield')
  readOnly = await linkedSite(world, 'Holy Cross')
  for (const one of [site, readOnly]) {
    await world.api('PUT', `/sites/${one.id}/school-day`, schoolDay)
    people[one.id] = (await world.api('GET', `/sites/${one.id}/students?state=active`)).body.data
  }
  world.clock.set(`${today}T13:12:00Z`)
}, 60_000)
afterAll(() => world?.close())

async function enter(at: { id: string }, person: Person, type: string, code: string, happenedAt: string) {
  const reasons = (await world.api('GET', `/sites/${at.id}/reasons?type=${type}&limit=500`)).body.data
  const reason = reasons.find((one: { code: string }) => one.code === code).id
  const body = { id: randomUUID(), type, person: person.id, reason, happenedAt: `${today}T${happenedAt}:00Z` }
  const { status, body: movement } = await world.api('POST', `/sites/${at.id}/movements`, body)
  expect(status).toBe(201)
  return movement
}
const marked = (at: { school: string }, person: Person, session: string, code: string) =>
  world.control('POST', `/schools/${at.school}/marks`, { student: person.misId, date: today, session, code })
const told = (at: { id: string }, person: Person, settled = false) =>
  until(
    async () =>
      ((await world.api('GET', `/sites/${at.id}/notices?settled=${settled}`)).body.data as Notice[]).filter(
        (one) => one.person === person.id,
      ),
    (found) => found.length > 0,
  )

test('left after the close, and nobody has marked the morning: the office is told, and may settle it', async () => {
  const pupil = people[site.id]![0]!
  const movement = await enter(site, pupil, 'early-leave', 'M', '12:30')
  const [notice] = await told(site, pupil)
  expect(notice).toMatchObject({ alert: false, session: 'AM', stands: null, movement: movement.id })
  expect(notice!.message).toBe('Left at 12:30; the morning has no mark: nobody has marked this session.')
  const again = `/sites/${site.id}/notices/${notice!.id}/settle`
  const { body: settled } = await world.api('POST', again)
  expect(settled.settledAt).not.toBeNull()
  expect((await world.api('POST', again)).body).toEqual(settled)
})

test('a pupil marked suspended comes in: a person is asked, and somebody is told at once', async () => {
  const pupil = people[site.id]![1]!
  await marked(site, pupil, 'PM', 'E')
  const movement = await enter(site, pupil, 'late-arrival', 'L', '13:05')
  const notices = await until(
    () => told(site, pupil),
    (found) => found.some((one) => one.session === 'PM'),
  )
  expect(notices.find((one) => one.session === 'PM')).toMatchObject({ alert: true, stands: 'E' })
  await until(
    async () => (await world.api('GET', `/sites/${site.id}/write-backs/${movement.writeBacks[0].id}`)).body,
    (row) => row.state === 'conflict',
  )
})

test('the same where the MIS takes no marks: told, although nothing is owed and nothing is sent', async () => {
  const pupil = people[readOnly.id]![0]!
  await marked(readOnly, pupil, 'PM', 'D')
  const movement = await enter(readOnly, pupil, 'late-arrival', 'L', '13:05')
  expect(movement.writeBacks[0].state).toBe('not-required')
  const notices = await until(
    () => told(readOnly, pupil),
    (found) => found.some((one) => one.session === 'PM'),
  )
  expect(notices.find((one) => one.session === 'PM')).toMatchObject({ alert: true, stands: 'D' })
})

test('came for the afternoon: the missed morning is told, an appointment offers M, a correction settles it', async () => {
  const pupil = people[site.id]![2]!
  await marked(site, pupil, 'AM', 'N')
  const movement = await enter(site, pupil, 'late-arrival', 'M', '13:05')
  const [notice] = await told(site, pupil)
  expect(notice).toMatchObject({ alert: false, session: 'AM', stands: 'N' })
  expect(notice!.fix).toContain('enter M for the morning')
  await world.api('POST', `/sites/${site.id}/movements/${movement.id}/correct`, { void: true })
  expect((await told(site, pupil, true))[0]).toMatchObject({ id: notice!.id })
})

test('a morning with a present mark tells nobody anything', async () => {
  const pupil = people[site.id]![3]!
  await marked(site, pupil, 'AM', '/')
  await enter(site, pupil, 'late-arrival', 'L', '13:05')
  const other = people[site.id]![4]!
  await enter(site, other, 'late-arrival', 'L', '13:05')
  await told(site, other)
  const { data } = (await world.api('GET', `/sites/${site.id}/notices`)).body
  expect(data.filter((one: Notice) => one.person === pupil.id)).toEqual([])
})
