import { expect, test } from 'vitest'
import { type Json, standingClock, startWorld, type World } from '../testing.ts'

async function prepared(mis = 'SIMS', options: Parameters<typeof startWorld>[0] = {}) {
  const clock = standingClock()
  const world = await startWorld({ now: clock.now, delayMs: 500, ...options })
  const { id } = world.school(mis)
  const [student, second] = (await world.get(`/schools/${id}/students`)).body.data
  const mark = {
    student_id: student.id,
    date: '2026-11-24',
    session: 'AM',
    attendance_code_id: await world.codeId(id, 'L'),
    comment: 'Traffic',
    minutes_late: 19,
  }
  const path = `/schools/${id}/attendance/session`
  return { ...world, clock, id, student, second, mark, path, rows: () => world.all(path) }
}

const send = (world: World, path: string, ...attendance: unknown[]) => world.post(path, { attendance })

test('a mark is taken at once, stands in the MIS at once and is seen after its delay', async () => {
  const world = await prepared()
  const { mark, path, clock, id, student, rows } = world
  const { status, body } = await send(world, path, mark)
  expect(status).toBe(200)
  expect(Object.keys(body)).toEqual(['writeback_id'])
  const register = await world.control('GET', `/schools/${id}/register?date=2026-11-24&session=AM`)
  expect(register.body.data.find((row: Json) => row.student === student.id)).toMatchObject({
    code: 'L',
    minutesLate: 19,
    comment: 'Traffic',
    by: 'outside',
    at: '2026-11-24T09:14:00.000Z',
  })
  const status1 = async () => (await world.get(`/writebacks/${body.writeback_id}`)).body.data
  expect(await rows()).toEqual([])
  expect(await status1()).toMatchObject({ type: 'attendance.session', status: 'pending', message: null })
  clock.forward(500)
  expect(await status1()).toMatchObject({ status: 'completed', message: null })
  expect(await rows()).toEqual([
    {
      id: expect.stringMatching(/^A\d+$/),
      date: { date: '2026-11-24 00:00:00.000000', timezone_type: 3, timezone: 'Europe/London' },
      session: 'AM',
      comment: 'Traffic',
      student: student.id,
      employee: null,
      attendance_code: mark.attendance_code_id,
      minutes_late: 19,
      created_at: { date: '2026-11-24 09:14:00.000000', timezone_type: 3, timezone: 'UTC' },
      updated_at: { date: '2026-11-24 09:14:00.500000', timezone_type: 3, timezone: 'UTC' },
    },
  ])
})

test('a later mark takes the place of the earlier, under the same id, and what stood is seen until then', async () => {
  const world = await prepared()
  const { mark, path, clock, rows } = world
  await send(world, path, mark)
  clock.forward(500)
  const [before] = await rows()
  const other = await world.codeId(world.id, 'M')
  await send(world, path, { ...mark, attendance_code_id: other, minutes_late: null, comment: null })
  expect((await rows()).map((row) => row.attendance_code)).toEqual([mark.attendance_code_id])
  clock.forward(500)
  expect(await rows()).toMatchObject([
    { id: before.id, attendance_code: other, minutes_late: null, comment: null },
  ])
})

test('what official clients send is read: nulls, numbers as text, a timestamp by its first ten characters', async () => {
  const world = await prepared()
  const { mark, path, clock, rows, second } = world
  const { status } = await send(
    world,
    path,
    { ...mark, date: '2026-11-24T00:00:00+01:00', minutes_late: '7', comment: null },
    { ...mark, student_id: second.id, minutes_late: 0, employee_id: null },
  )
  expect(status).toBe(200)
  clock.forward(500)
  const told = (await rows()).map((row) => [row.date.date.slice(0, 10), row.minutes_late, row.comment])
  expect(told).toEqual([
    ['2026-11-24', 7, null],
    ['2026-11-24', null, 'Traffic'],
  ])
})

test.each<[string, (mark: Json) => unknown, string]>([
  ['an unknown student', (mark) => ({ ...mark, student_id: 'A1' }), 'student_id'],
  ['no student', (mark) => ({ ...mark, student_id: undefined }), 'student_id'],
  ['an unknown code', (mark) => ({ ...mark, attendance_code_id: 'L' }), 'attendance_code_id'],
  ['an unknown employee', (mark) => ({ ...mark, employee_id: 'A1' }), 'employee_id'],
  ['a day that is none', (mark) => ({ ...mark, date: '2026-02-30' }), 'date'],
  ['a session in lower case', (mark) => ({ ...mark, session: 'am' }), 'session'],
  ['minutes below 0', (mark) => ({ ...mark, minutes_late: -1 }), 'minutes_late'],
  ['minutes not whole', (mark) => ({ ...mark, minutes_late: 1.5 }), 'minutes_late'],
])('%s is refused by position, and nothing of the batch is stored', async (_, spoil, field) => {
  const world = await prepared()
  const { mark, path, second, clock, rows } = world
  const { status, body } = await send(world, path, { ...mark, student_id: second.id }, spoil(mark))
  expect(status).toBe(422)
  expect(body.message).toBe('The given data was invalid.')
  expect(Object.keys(body.errors)).toEqual([`attendance.1.${field}`])
  clock.forward(500)
  expect(await rows()).toEqual([])
})

test('no list, an empty list and one key twice are refused; what is not JSON is 400', async () => {
  const world = await prepared()
  const { mark, path, sandbox } = world
  for (const body of [{}, { attendances: [mark] }, { attendance: [] }, { attendance: 'x' }, []]) {
    const reply = await world.post(path, body)
    expect([reply.status, Object.keys(reply.body.errors)]).toEqual([422, ['attendance']])
  }
  expect((await send(world, path, mark, mark)).body.errors).toHaveProperty(['attendance.1.student_id'])
  expect((await send(world, path, 'mark')).body.errors).toHaveProperty(['attendance.0'])
  const headers = { authorization: sandbox.applicationToken }
  expect((await fetch(`${sandbox.baseUrl}${path}`, { method: 'POST', headers, body: '{"att' })).status).toBe(
    400,
  )
  expect((await fetch(`${sandbox.baseUrl}${path}`, { method: 'POST', headers })).status).toBe(422)
})

test.each([
  ['SIMS', 19, 'Traffic'],
  ['Bromcom', 19, 'Traffic'],
  ['iSAMS', 19, 'Traffic'],
  ['Pupil Asset', 19, 'Traffic'],
  ['Arbor', 19, null],
  ['ScholarPack', 19, null],
  ['SchoolBase', null, null],
])('%s keeps of a mark what it takes', async (mis, minutes, comment) => {
  const world = await prepared(mis)
  expect((await send(world, world.path, world.mark)).status).toBe(200)
  world.clock.forward(500)
  expect(await world.rows()).toMatchObject([{ minutes_late: minutes, comment }])
})

test.each(['WCBS', 'RM Integris'])('%s does not permit writing', async (mis) => {
  const world = await prepared(mis)
  const { status, body } = await send(world, world.path, world.mark)
  expect([status, body.error]).toEqual([403, 'permission_required'])
})

test('Engage accepts a mark, and its write-back fails', async () => {
  const world = await prepared('Engage')
  const { body } = await send(world, world.path, world.mark)
  world.clock.forward(500)
  const { data } = (await world.get(`/writebacks/${body.writeback_id}`)).body
  expect(data).toMatchObject({ status: 'failed', message: 'The Engage API does not write back.' })
  expect(await world.rows()).toEqual([])
})

test('Arbor takes today’s marks at any hour, and accepts yesterday’s without storing them', async () => {
  const world = await prepared('Arbor', { now: () => new Date('2026-11-28T02:30:00Z') })
  const { path, mark, id, second } = world
  await send(world, path, { ...mark, date: '2026-11-28' })
  const lost = await send(world, path, { ...mark, student_id: second.id, date: '2026-11-27' })
  expect(lost.status).toBe(200)
  const register = async (date: string) =>
    (await world.control('GET', `/schools/${id}/register?date=${date}&session=AM`)).body.data.filter(
      (row: Json) => row.code !== null,
    )
  expect(await register('2026-11-28')).toHaveLength(1)
  expect(await register('2026-11-27')).toHaveLength(0)
})

test('write-backs are listed at the root, and a school token sees its own', async () => {
  const world = await prepared()
  await send(world, world.path, world.mark)
  expect((await world.get('/writebacks')).body.data).toHaveLength(1)
  const [row] = (await world.get('/writebacks', world.school('SIMS').token)).body.data
  const other = world.school('Bromcom').token
  expect((await world.get('/writebacks', other)).body.data).toEqual([])
  expect((await world.get(`/writebacks/${row.id}`, other)).status).toBe(404)
  expect((await world.get('/writebacks/A1')).status).toBe(404)
})

test('marks of one who left are read among the leavers’, and are not taken any more', async () => {
  const world = await prepared()
  const { path, mark, id, student, clock, rows } = world
  await send(world, path, mark)
  clock.forward(500)
  await world.control('POST', `/schools/${id}/roll`, { leave: [student.id] })
  expect(await rows()).toEqual([])
  expect(await world.all(`/schools/${id}/attendance-leavers/session`)).toHaveLength(1)
  const { status, body } = await send(world, path, mark)
  expect([status, Object.keys(body.errors)]).toEqual([422, ['attendance.0.student_id']])
})

test('only what changed since is read, by the time it came to be seen', async () => {
  const world = await prepared()
  const { path, mark, clock, second } = world
  await send(world, path, mark)
  clock.forward(60_000)
  await send(world, path, { ...mark, student_id: second.id })
  clock.forward(500)
  const later = await world.all(`${path}?updated_after=2026-11-24 09:15:00`)
  expect(later.map((row) => row.student)).toEqual([second.id])
})

test('a lesson mark is written by lesson, and summed marks count letters', async () => {
  const world = await prepared('Bromcom')
  const { id, student, mark, clock } = world
  const [lesson] = (await world.get(`/schools/${id}/lessons`)).body.data
  const row = { student_id: student.id, lesson_id: lesson.id, attendance_code_id: mark.attendance_code_id }
  expect((await send(world, `/schools/${id}/attendance/lesson`, row)).status).toBe(200)
  const wrong = await send(world, `/schools/${id}/attendance/lesson`, { ...row, lesson_id: 'A1' })
  expect(Object.keys(wrong.body.errors)).toEqual(['attendance.0.lesson_id'])
  await send(world, world.path, mark)
  clock.forward(500)
  expect(await world.all(`/schools/${id}/attendance/lesson`)).toMatchObject([
    { student: student.id, lesson: lesson.id },
  ])
  const summary = (await world.get(`/schools/${id}/students/${student.id}?include=attendance_summary`)).body
    .data
  expect(summary.attendance_summary.data).toMatchObject({
    possible_marks: 1,
    late_before_registration: 1,
    attendance_codes: { L: 1 },
  })
})
