/** The main job, end to end: sandbox → import → a late pupil → the mark in the MIS. Also run on PostgreSQL 15. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, imported, linkedSite, until, type World } from './world.ts'

let world: World
let site: { id: string; school: string }

beforeAll(async () => {
  world = await createWorld()
  site = await linkedSite(world, 'Oakfield')
}, 60_000)
afterAll(() => world?.close())

const get = async (path: string) => (await world.api('GET', `/sites/${site.id}${path}`)).body
const today = () => world.clock.now().toISOString().slice(0, 10)
const register = async () =>
  (await world.control('GET', `/schools/${site.school}/register?date=${today()}&session=AM`)).body.data as {
    student: string
    code: string | null
    minutesLate: number | null
    by: string | null
    comment: string | null
  }[]

async function lateReason(): Promise<string> {
  const { data } = await get('/reasons?type=late-arrival')
  return data.find((reason: { code: string }) => reason.code === 'L').id
}

async function student(n: number): Promise<{ id: string; misId: string }> {
  return (await get('/students?limit=500')).data[n]
}

async function late(n: number, happenedAt = world.clock.now()) {
  const person = await student(n)
  const body = {
    id: randomUUID(),
    type: 'late-arrival',
    person: person.id,
    reason: await lateReason(),
    happenedAt: happenedAt.toISOString(),
  }
  const answer = await world.api('POST', `/sites/${site.id}/movements`, body)
  return { person, body, answer }
}

const settled = async (id: string, state = 'confirmed') =>
  await until(
    () => get(`/write-backs/${id}`),
    (row) => row.state === state,
  )

test('the first import brings everybody of the MIS', async () => {
  const { data } = await get('/mis/imports')
  expect(data[0]).toMatchObject({ state: 'done', trigger: 'api', cause: null })
  expect(data[0].counts.students).toMatchObject({ joiners: 210, problems: 0 })
  expect((await get('/students?limit=500')).data).toHaveLength(210)
  expect((await get('/attendance-codes')).data.length).toBeGreaterThan(20)
})

test('a late arrival becomes a confirmed mark, with its minutes', async () => {
  const { person, body, answer } = await late(3)
  expect(answer.status).toBe(201)
  expect(answer.body).toMatchObject({ session: 'AM', person: person.id, reason: body.reason })
  const [mark] = answer.body.writeBacks
  expect(mark).toMatchObject({
    code: 'L',
    session: 'AM',
    date: today(),
    minutesLate: answer.body.minutesLate,
  })
  const done = await settled(mark.id)
  expect(done).toMatchObject({ attempts: 1, needsPerson: false })
  expect(done.history.map((step: { to: string }) => step.to)).toEqual([
    'waiting',
    'sending',
    'sent',
    'confirmed',
  ])
  const row = (await register()).find((one) => one.student === person.misId)
  expect(row).toMatchObject({ code: 'L', by: 'outside', minutesLate: answer.body.minutesLate || null })
})

test('the same command again is the same movement; another body is refused', async () => {
  const { body, answer } = await late(4)
  const again = await world.api('POST', `/sites/${site.id}/movements`, body)
  expect(again.status).toBe(200)
  expect(again.body.writeBacks[0].id).toBe(answer.body.writeBacks[0].id)
  const other = await world.api('POST', `/sites/${site.id}/movements`, { ...body, note: 'another' })
  expect(other.status).toBe(409)
})

test('a second late arrival owes nothing', async () => {
  const first = await late(5)
  const second = await late(5)
  expect(second.answer.status).toBe(201)
  expect(second.answer.body.writeBacks[0]).toMatchObject({
    state: 'not-required',
    cause: { code: 'attendance.already_late' },
  })
  await settled(first.answer.body.writeBacks[0].id)
})

test('a teacher’s present mark is a question, and theirs is kept until a person says ours', async () => {
  const person = await student(6)
  await world.control('POST', `/schools/${site.school}/marks`, {
    student: person.misId,
    date: today(),
    session: 'AM',
    code: '/',
  })
  // The provider's copy may lag a little behind the register.
  await until(register, (rows) => rows.some((row) => row.student === person.misId && row.code === '/'))
  await new Promise((resolve) => setTimeout(resolve, 100))
  const { answer } = await late(6)
  const { id } = answer.body.writeBacks[0]
  const asked = await settled(id, 'conflict')
  expect(asked.cause.code).toBe('attendance.their_mark')
  expect((await register()).find((row) => row.student === person.misId)).toMatchObject({
    code: '/',
    by: 'teacher',
  })
  const used = await world.api('POST', `/sites/${site.id}/write-backs/${id}/resolve`, { as: 'use-ours' })
  expect(used.status).toBe(200)
  await settled(id)
  expect((await register()).find((row) => row.student === person.misId)).toMatchObject({
    code: 'L',
    by: 'outside',
  })
  const over = await world.api('POST', `/sites/${site.id}/write-backs/${id}/resolve`, { as: 'use-ours' })
  expect(over.status).toBe(409)
})

test('an import again changes nothing and says so', async () => {
  const run = await imported(world, site.id)
  expect(run).toMatchObject({
    state: 'done',
    counts: { students: { joiners: 0, changed: 0, leavers: 0, unchanged: 210 } },
  })
})

test('one id for ten pupils at the same moment: one of them, and the others are told', async () => {
  const id = randomUUID()
  const people = await Promise.all(Array.from({ length: 10 }, (_, i) => student(60 + i)))
  const happenedAt = world.clock.now().toISOString()
  const answers = await Promise.all(
    people.map((person) =>
      world.api('POST', `/sites/${site.id}/movements`, {
        id,
        type: 'check-in',
        person: person.id,
        happenedAt,
      }),
    ),
  )
  const won = answers.filter(({ status }) => status === 201)
  expect(won).toHaveLength(1)
  for (const { status, body } of answers.filter((answer) => answer !== won[0]))
    expect([status, body.error.code]).toEqual([409, 'attendance.id_used'])
})
