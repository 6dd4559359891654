import { request as httpRequest } from 'node:http'
import { expect, test } from 'vitest'
import { type Json, read, standingClock, startWorld } from '../testing.ts'

test('ten schools with their tokens, sizes and what their MIS takes', async () => {
  const { control, sandbox } = await startWorld()
  const { body } = await control('GET', '/schools')
  expect(body.applicationToken).toBe(sandbox.applicationToken)
  expect(body.data).toHaveLength(10)
  expect(body.data[0]).toEqual({
    id: sandbox.schools[0]!.id,
    name: 'Oakfield Primary School',
    mis: 'SIMS',
    phase: 'primary',
    token: sandbox.schools[0]!.token,
    students: 210,
    employees: 28,
    capabilities: { read: 'yes', sessionMark: 'yes', comment: 'yes', minutesLate: 'yes', lessonMark: 'yes' },
  })
})

test('a register holds everybody on roll, and a teacher’s mark in it', async () => {
  const clock = standingClock()
  const { control, school, all } = await startWorld({ now: clock.now })
  const { id } = school('SIMS')
  const register = async () =>
    (await control('GET', `/schools/${id}/register?date=2026-11-24&session=PM`)).body.data
  const rows = await register()
  expect(rows).toHaveLength(210)
  const amara = rows.find((row: Json) => row.name === 'Amara Okonjo-Bell')
  expect(amara).toMatchObject({
    regGroup: '4 Oak',
    code: null,
    minutesLate: null,
    comment: null,
    by: null,
    at: null,
  })
  const marked = await control('POST', `/schools/${id}/marks`, {
    student: amara.student,
    date: '2026-11-24',
    session: 'PM',
    code: '\\',
  })
  expect(marked.body).toMatchObject({
    code: '\\',
    by: 'teacher',
    at: '2026-11-24T09:14:00.000Z',
    outside: null,
  })
  expect((await register()).find((row: Json) => row.student === amara.student)).toEqual(marked.body)
  const [row] = await all(`/schools/${id}/attendance/session`)
  const employees = await all(`/schools/${id}/employees?per_page=100`)
  expect(employees.find((one) => one.id === row.employee)).toMatchObject({ title: 'Miss', surname: 'Rahman' })
  // Without words it is today's register of now.
  expect((await control('GET', `/schools/${id}/register`)).body.data).toHaveLength(210)
})

test('a whole class is marked at once, or not at all', async () => {
  const { control, school } = await startWorld()
  const { id } = school('SIMS')
  const rows = (await control('GET', `/schools/${id}/register?date=2026-11-24&session=AM`)).body.data
  const marks = rows
    .slice(0, 30)
    .map(({ student }: Json) => ({ student, date: '2026-11-24', session: 'AM', code: '/' }))
  const bad = await control('POST', `/schools/${id}/marks`, { marks: [...marks, { ...marks[0], code: '?' }] })
  expect([bad.status, Object.keys(bad.body.error.fields)]).toEqual([422, ['marks.30.code']])
  expect((await control('POST', `/schools/${id}/marks`, { marks })).body.data).toHaveLength(30)
})

test('what outside wanted stays to be seen when a teacher marks over it', async () => {
  const { control, school, post, get, codeId } = await startWorld()
  const { id } = school('SIMS')
  const [{ id: student }] = (await get(`/schools/${id}/students`)).body.data
  const mark = { date: '2026-11-24', session: 'AM' }
  const attendance = [
    { ...mark, student_id: student, attendance_code_id: await codeId(id, 'L'), minutes_late: 4 },
  ]
  await post(`/schools/${id}/attendance/session`, { attendance })
  await post(`/schools/${id}/attendance/session`, { attendance })
  const { body } = await control('POST', `/schools/${id}/marks`, { student, ...mark, code: '/' })
  expect(body).toMatchObject({
    code: '/',
    by: 'teacher',
    minutesLate: null,
    outside: { code: 'L', minutesLate: 4, times: 2 },
  })
  const { students } = (await control('GET', `/schools/${id}/board`)).body
  expect(students[0].marks).toHaveLength(8)
})

test('people join, leave, come back, change names and end posts; the lists and the deletions follow', async () => {
  const clock = standingClock()
  const { control, school, all, get } = await startWorld({ now: clock.now })
  const { id } = school('SIMS')
  const before = await all(`/schools/${id}/students?per_page=500`)
  const [one, two, three] = before
  const employee = (await all(`/schools/${id}/employees`))[3]
  const { status, body } = await control('POST', `/schools/${id}/roll`, {
    join: 2,
    leave: [one.id],
    rename: [{ id: two.id, forename: 'Renamed' }, three.id],
    employeesEnd: [employee.id],
  })
  expect([status, body.left, body.joined.length, body.employeesEnded]).toEqual([
    200,
    [one.id],
    2,
    [employee.id],
  ])
  const after = await all(`/schools/${id}/students?per_page=500`)
  expect(after).toHaveLength(211)
  expect(after.find((row) => row.id === two.id)).toMatchObject({ forename: 'Renamed', surname: two.surname })
  expect(after.find((row) => row.id === three.id).surname).not.toBe(three.surname)
  const touched = await all(`/schools/${id}/students?updated_after=2026-11-24 09:14:00`)
  expect(new Set(touched.map((row) => row.id))).toEqual(new Set([two.id, three.id, ...body.joined]))
  const leaver = (await get(`/schools/${id}/students-leaver/${one.id}?include=education_details`)).body.data
  expect(leaver.education_details.data.leaving_date.date).toBe('2026-11-24 00:00:00.000000')
  const deletions = async () =>
    (await all(`/schools/${id}/deletions?type=student`)).filter((row) => row.id === one.id)
  expect(await deletions()).toMatchObject([{ mis_id: one.mis_id, restored_at: null }])
  const ended = (await get(`/schools/${id}/employees/${employee.id}?include=employment_details`)).body.data
  expect(ended.employment_details.data).toMatchObject({
    current: false,
    employment_end_date: { date: '2026-11-23 00:00:00.000000' },
  })

  clock.forward(60_000)
  await control('POST', `/schools/${id}/roll`, { rejoin: [one.id] })
  const back = (await get(`/schools/${id}/students/${one.id}`)).body.data
  expect(back.restored_at.date).toBe('2026-11-24 09:15:00.000000')
  expect(await deletions()).toMatchObject([{ restored_at: back.restored_at }])
})

test('a new school year moves everybody up, lets the top year go and brings a new one', async () => {
  const { control, school, all } = await startWorld()
  const { id } = school('Bromcom')
  const years = async () => {
    const rows = await all(`/schools/${id}/students?include=year,registration&per_page=500`)
    const counts = new Map<string, number>()
    for (const row of rows) {
      const year = row.year.data?.name ?? 'none'
      counts.set(year, (counts.get(year) ?? 0) + 1)
      const form = row.registration.data?.name
      if (form !== undefined) expect(`Year ${parseInt(form, 10)}`).toBe(year)
    }
    return counts
  }
  const before = await years()
  const { body } = await control('POST', `/schools/${id}/roll`, { rollOver: true })
  const after = await years()
  expect(after.get('Year 8')).toBe(before.get('Year 7'))
  expect(after.get('Year 13')).toBe(before.get('Year 12'))
  expect(after.get('Year 7')).toBe(before.get('Year 7'))
  expect(body.left).toHaveLength(before.get('Year 13')!)
  expect(body.joined).toHaveLength(before.get('Year 7')!)
})

test.each<[string, string, Json, string]>([
  ['POST', 'marks', { student: 'A1', date: '2026-11-24', session: 'AM', code: '/' }, 'student'],
  ['POST', 'marks', { student: 'A1', date: '24/11/2026', session: 'AM', code: '/' }, 'date'],
  ['POST', 'marks', { student: 'A1', date: '2026-11-24', session: 'am', code: '/' }, 'session'],
  ['POST', 'marks', { student: 'A1', date: '2026-11-24', session: 'AM' }, 'code'],
  ['POST', 'marks', { student: 'A1', date: '2026-11-24', session: 'AM', code: '/', colour: 1 }, 'colour'],
  ['POST', 'roll', { join: -1 }, 'join'],
  ['POST', 'roll', { leave: ['A1'] }, 'leave.0'],
  ['POST', 'roll', { rejoin: ['A1'] }, 'rejoin.0'],
  ['POST', 'roll', { rename: [{ id: 'A1', surname: 'X' }] }, 'rename.0'],
  ['POST', 'roll', { employeesEnd: ['A1'] }, 'employeesEnd.0'],
  ['POST', 'roll', { sack: 1 }, 'sack'],
  ['PUT', 'faults', { data: [{ on: 'pupils', kind: '401' }] }, 'data.0.on'],
  ['PUT', 'faults', { data: [{ on: '*', kind: 'sulk' }] }, 'data.0.kind'],
  ['PUT', 'faults', { data: [{ on: '*', kind: '401', times: 0 }] }, 'data.0.times'],
  ['PUT', 'faults', { data: [{ on: '*', kind: '401', ms: '1' }] }, 'data.0.ms'],
  ['PUT', 'faults', { data: [{ on: '*', kind: '401', method: 'PATCH' }] }, 'data.0.method'],
  ['PUT', 'faults', {}, 'data'],
  ['PUT', 'access', { state: 'maybe' }, 'state'],
  ['GET', 'register?session=NIGHT', undefined, 'session'],
  ['GET', 'register?date=2026-02-30', undefined, 'date'],
])('%s %s with a fault is 422 and names the field (%j)', async (method, path, body, field) => {
  const { control, school } = await startWorld()
  const { id } = school('SIMS')
  const reply = await control(method, `/schools/${id}/${path}`, body)
  expect([reply.status, reply.body.error.code]).toEqual([422, 'request.invalid'])
  expect(Object.keys(reply.body.error.fields)).toEqual([field])
  expect((await control('GET', '/schools')).body.data[0]).toMatchObject({ students: 210, employees: 28 })
  expect((await control('GET', `/schools/${id}/faults`)).body.data).toEqual([])
})

test('what is not there is 404, a wrong method 405, what is not JSON 400', async () => {
  const { control, sandbox, school } = await startWorld()
  const { id } = school('SIMS')
  for (const path of ['/nothing', '/schools/A1/register', '/requests?school=A1']) {
    const { status, body } = await control('GET', path)
    expect([status, body.error.code], path).toEqual([404, 'not_found'])
  }
  expect((await control('PATCH', '/schools', {})).status).toBe(405)
  const send = async (headers: Record<string, string>, body: string) =>
    read(await fetch(`${sandbox.url}/control/schools/${id}/marks`, { method: 'POST', headers, body }))
  expect((await send({ 'content-type': 'application/json' }, '{')).body.error.code).toBe('request.not_json')
  expect((await send({ 'content-type': 'text/plain' }, '{}')).status).toBe(400)
  expect((await control('GET', '/requests?since=today')).status).toBe(422)
})

test('faults are put as a whole, told as they were set, and DELETE answers what was', async () => {
  const { control, school } = await startWorld()
  const path = `/schools/${school('SIMS').id}/faults`
  const set = [
    { on: '*', kind: 'slow', ms: 5 },
    { on: '/attendance/session/', kind: '503', times: 2, method: 'post' },
  ]
  const { body } = await control('PUT', path, { data: set })
  expect(body.data).toMatchObject([
    set[0],
    { on: 'attendance/session', kind: '503', times: 2, method: 'POST' },
  ])
  // What it answers may be sent back.
  expect((await control('PUT', path, body)).body).toEqual(body)
  expect((await control('DELETE', path)).body).toEqual(body)
  expect((await control('GET', path)).body).toEqual({ data: [] })
})

test('requests are remembered with who asked, and never with a token', async () => {
  const clock = standingClock()
  const { control, school, get, sandbox } = await startWorld({ now: clock.now })
  const { id, token } = school('SIMS')
  await get(`/schools/${id}/students?per_page=1`, token)
  clock.forward(1_000)
  await get('/schools')
  await get('/schools', 'wrong')
  const rows = async (query = '') => (await control('GET', `/requests${query}`)).body.data
  expect(await rows(`?school=${id}`)).toEqual([
    {
      n: 1,
      at: '2026-11-24T09:14:00.000Z',
      school: id,
      method: 'GET',
      path: `/v1.0/schools/${id}/students`,
      query: 'per_page=1',
      by: 'school',
      status: 200,
      ms: expect.any(Number),
      fault: null,
    },
  ])
  expect(await rows('?school=&since=')).toHaveLength(3)
  const later = await rows('?since=2026-11-24T09:14:01Z')
  expect(later.map((row: Json) => [row.by, row.status])).toEqual([
    ['application', 200],
    ['nobody', 401],
  ])
  const text = JSON.stringify(await rows())
  for (const secret of [token, sandbox.applicationToken, 'wrong']) expect(text).not.toContain(secret)
})

test('starting over brings everything back as it was, or as another seed has it', async () => {
  const { control, school, get } = await startWorld()
  const { id } = school('SIMS')
  const before = (await control('GET', '/schools')).body
  const [student] = (await get(`/schools/${id}/students`)).body.data
  await control('POST', `/schools/${id}/roll`, { leave: [student.id], join: 3 })
  await control('POST', `/schools/${id}/marks`, {
    student: (await get(`/schools/${id}/students`)).body.data[0].id,
    date: '2026-11-24',
    session: 'AM',
    code: '/',
  })
  await control('PUT', `/schools/${id}/faults`, { data: [{ on: '*', kind: '401' }] })
  expect((await control('POST', '/reset', {})).body).toEqual(before)
  expect((await get(`/schools/${id}/students`)).body.data[0]).toEqual(student)
  expect((await get(`/schools/${id}/attendance/session`)).body.data).toEqual([])
  const other = (await control('POST', '/reset', { seed: 7 })).body
  expect(other.applicationToken).not.toBe(before.applicationToken)
  expect((await get('/schools')).status).toBe(401)
  expect((await control('POST', '/reset', { seed: '' })).status).toBe(422)
  expect((await control('POST', '/reset')).body).toEqual(other)
})

test('access that was withdrawn can be given again', async () => {
  const { control, school, get } = await startWorld()
  const { id } = school('SIMS')
  await control('PUT', `/schools/${id}/access`, { state: 'revoked' })
  expect((await get(`/schools/${id}`)).status).toBe(403)
  await control('PUT', `/schools/${id}/access`, { state: 'approved' })
  expect((await get(`/schools/${id}`)).status).toBe(200)
})

/** `fetch` lets no test lie about its host. */
const withHeaders = (url: string, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    const asked = httpRequest(url, { headers }, (reply) => {
      reply.resume()
      resolve(reply.statusCode ?? 0)
    })
    asked.on('error', reject).end()
  })

test('without a key only this machine may control, and no page of another site', async () => {
  const { sandbox } = await startWorld()
  const url = `${sandbox.url}/control/schools`
  const { host } = new URL(url)
  expect(await withHeaders(url, {})).toBe(200)
  expect(await withHeaders(url, { origin: sandbox.url })).toBe(200)
  expect(await withHeaders(url, { host: 'evil.example' })).toBe(403)
  expect(await withHeaders(url, { origin: 'https://evil.example' })).toBe(403)
  expect(await withHeaders(url, { origin: 'null' })).toBe(403)
  expect(await withHeaders(url, { 'x-forwarded-for': '203.0.113.9', host })).toBe(403)
})

test('with a key whoever has it may control, from anywhere, and nobody else', async () => {
  const { sandbox } = await startWorld({ controlKey: 'open sesame' })
  const url = `${sandbox.url}/control/schools`
  expect(await withHeaders(url, {})).toBe(401)
  expect(await withHeaders(url, { authorization: 'Bearer closed' })).toBe(401)
  const right = { authorization: 'Bearer open sesame' }
  expect(await withHeaders(url, right)).toBe(200)
  expect(await withHeaders(url, { ...right, 'x-forwarded-for': '203.0.113.9', host: 'mis.example' })).toBe(
    200,
  )
  expect(await withHeaders(url, { ...right, origin: 'https://evil.example' })).toBe(403)
})
