import { expect, test } from 'vitest'
import { type Json, standingClock, startWorld, type World } from '../testing.ts'
import { type FaultKind, faultKinds } from './faults.ts'

async function prepared() {
  const clock = standingClock()
  const world = await startWorld({ now: clock.now, delayMs: 500 })
  const { id } = world.school('SIMS')
  const students = `/schools/${id}/students`
  const path = `/schools/${id}/attendance/session`
  const [student] = (await world.get(students)).body.data
  const mark = {
    student_id: student.id,
    date: '2026-11-24',
    session: 'AM',
    attendance_code_id: await world.codeId(id, 'L'),
  }
  return {
    ...world,
    clock,
    id,
    students,
    path,
    send: () => world.post(path, { attendance: [mark] }),
    set: (...data: Json[]) => world.control('PUT', `/schools/${id}/faults`, { data }),
    faults: async () => (await world.control('GET', `/schools/${id}/faults`)).body.data as Json[],
    seen: () => world.all(path),
    inMis: async () => {
      const { data } = (await world.control('GET', `/schools/${id}/register?date=2026-11-24&session=AM`)).body
      return data.find((row: Json) => row.student === student.id).code as string | null
    },
    status: async (receipt: string) => (await world.get(`/writebacks/${receipt}`)).body.data.status as string,
  }
}
type Prepared = Awaited<ReturnType<typeof prepared>>

const lineCut = (call: Promise<unknown>) => expect(call).rejects.toThrow(TypeError)

/** What each kind does; a kind without a line here fails the test beneath. */
const cases: Record<FaultKind, (world: Prepared) => Promise<void>> = {
  '400': async ({ set, get, students }) => {
    await set({ on: 'students', kind: '400' })
    const { status, body } = await get(`${students}?include=year`)
    expect([status, body.error]).toEqual([400, 'invalid_include'])
    expect((await get(students)).status).toBe(200)
  },
  '401': refuses('401', 'unauthenticated'),
  '403': refuses('403', 'forbidden'),
  '422': async ({ set, send, inMis, seen }) => {
    await set({ on: 'attendance/session', kind: '422', times: 1 })
    expect(await seen()).toEqual([])
    const { status, body } = await send()
    expect([status, Object.keys(body.errors)]).toEqual([422, ['attendance.0.attendance_code_id']])
    expect(await inMis()).toBe(null)
    expect((await send()).status).toBe(200)
  },
  '423': refuses('423', 'school_inactive'),
  '429': async ({ set, get, students }) => {
    await set({ on: 'students', kind: '429', ms: 1_200 }, { on: 'employees', kind: '429' })
    const { status, headers, body } = await get(students)
    expect([status, headers.get('retry-after'), body.error]).toEqual([429, '2', 'too_many_requests'])
  },
  '429-no-retry-after': async ({ set, get, students }) => {
    await set({ on: 'students', kind: '429-no-retry-after' })
    const { status, headers } = await get(students)
    expect([status, headers.get('retry-after')]).toEqual([429, null])
  },
  '500': refuses('500', 'server_error'),
  '503': refuses('503', 'server_error'),
  html: async ({ set, sandbox, students }) => {
    await set({ on: '*', kind: 'html' })
    const reply = await fetch(`${sandbox.baseUrl}${students}`, {
      headers: { authorization: sandbox.applicationToken },
    })
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(await reply.text()).toContain('<html>')
  },
  'timeout-before': async ({ set, send, inMis }) => {
    await set({ on: 'attendance/session', kind: 'timeout-before', ms: 20, method: 'POST' })
    await lineCut(send())
    expect(await inMis()).toBe(null)
  },
  'timeout-after': async ({ set, send, inMis, seen }) => {
    await set({ on: '*', kind: 'timeout-after', ms: 20, times: 1 })
    // Looking first does not use it up.
    expect(await seen()).toEqual([])
    await lineCut(send())
    expect(await inMis()).toBe('L')
  },
  'cut-json': async ({ set, sandbox, students }) => {
    await set({ on: 'students', kind: 'cut-json' })
    const reply = await fetch(`${sandbox.baseUrl}${students}`, {
      headers: { authorization: sandbox.applicationToken },
    })
    const text = await reply.text()
    expect([reply.status, text.startsWith('{"data":[')]).toEqual([200, true])
    expect(() => JSON.parse(text)).toThrow(SyntaxError)
  },
  'more-without-next': async ({ set, get, students }) => {
    await set({ on: 'students', kind: 'more-without-next' })
    expect((await get(students)).body.meta.pagination).toMatchObject({ more: true, next: null })
  },
  'foreign-next': async ({ set, get, students, sandbox }) => {
    await set({ on: 'students', kind: 'foreign-next' })
    const { next } = (await get(`${students}?per_page=500`)).body.meta.pagination
    expect(new URL(next).origin).not.toBe(new URL(sandbox.url).origin)
    expect(new URL(next).pathname).toBe(`/v1.0${students}`)
  },
  'looping-next': async ({ set, get, students }) => {
    await set({ on: 'students', kind: 'looping-next' })
    const first = (await get(students)).body
    const second = (await get(first.meta.pagination.next)).body
    expect(second).toEqual(first)
  },
  empty: async ({ set, get, students, id }) => {
    await set({ on: 'students', kind: 'empty' })
    const { status, body } = await get(students)
    expect([status, body.data, body.meta.pagination.more]).toEqual([200, [], false])
    expect((await get(`/schools/${id}/employees`)).body.data.length).toBeGreaterThan(0)
  },
  half: async ({ set, all, students }) => {
    await set({ on: 'students', kind: 'half' })
    expect(await all(`${students}?per_page=25`)).toHaveLength(105)
  },
  'no-pagination': async ({ set, get, students }) => {
    await set({ on: 'students', kind: 'no-pagination' })
    const { body } = await get(`${students}?per_page=500`)
    expect(body.meta).not.toHaveProperty('pagination')
    expect(body.data).toHaveLength(210)
  },
  'null-fields': async ({ set, get, id }) => {
    await set({ on: '*', kind: 'null-fields' })
    const pupil = (await get(`/schools/${id}/students?include=year,education_details`)).body.data[0]
    expect(pupil).toMatchObject({
      surname: 'O’Brien',
      gender: null,
      date_of_birth: null,
      year: { data: null },
    })
    expect(pupil.education_details.data).toMatchObject({ current_nc_year: null, leaving_date: null })
    const employee = (await get(`/schools/${id}/employees?include=employment_details,contact_details`)).body
      .data[0]
    expect(employee.employment_details.data).toMatchObject({ current: null, employment_end_date: null })
    expect(employee.contact_details.data.emails).toMatchObject({ work: null })
  },
  'writeback-pending': async (world) => heldUp(world, 'writeback-pending'),
  offline: async (world) => {
    await heldUp(world, 'offline', async () => {
      expect((await world.get(`/meta/schools/${world.id}`)).body.data.online).toBe(false)
      expect((await world.get('/schools/offline')).body.data).toHaveLength(1)
    })
    expect((await world.get(`/meta/schools/${world.id}`)).body.data.online).toBe(true)
  },
  'writeback-failed': async ({ set, send, clock, status, inMis }) => {
    await set({ on: 'attendance/session', kind: 'writeback-failed' })
    const { body } = await send()
    clock.forward(500)
    expect([await status(body.writeback_id), await inMis()]).toEqual(['failed', null])
  },
  'accept-and-drop': async ({ set, send, clock, status, inMis, seen }) => {
    await set({ on: 'attendance/session', kind: 'accept-and-drop' })
    const { body } = await send()
    clock.forward(500)
    expect([await status(body.writeback_id), await inMis(), await seen()]).toEqual(['completed', null, []])
  },
  'takes-marks': async ({ school, get, post, codeId, control, clock, status }) => {
    const { id } = school('Engage')
    const [student] = (await get(`/schools/${id}/students`)).body.data
    const attendance_code_id = await codeId(id, 'L')
    const write = async () => {
      const mark = { student_id: student.id, date: '2026-11-24', session: 'AM', attendance_code_id }
      const { body } = await post(`/schools/${id}/attendance/session`, { attendance: [mark] })
      clock.forward(500)
      return await status(body.writeback_id)
    }
    expect(await write()).toBe('failed')
    await control('PUT', `/schools/${id}/faults`, {
      data: [{ on: 'attendance/session', kind: 'takes-marks' }],
    })
    expect(await write()).toBe('completed')
    await control('DELETE', `/schools/${id}/faults`)
    expect(await write()).toBe('failed')
  },
  'slow-to-show': async ({ set, send, clock, status, inMis, seen }) => {
    await set({ on: 'attendance/session', kind: 'slow-to-show', ms: 60_000 })
    const { body } = await send()
    clock.forward(59_999)
    expect([await status(body.writeback_id), await inMis(), await seen()]).toEqual(['completed', 'L', []])
    clock.forward(1)
    expect(await seen()).toHaveLength(1)
  },
  slow: async ({ set, get, students }) => {
    await set({ on: 'students', kind: 'slow', ms: 150 })
    const begun = performance.now()
    expect((await get(students)).status).toBe(200)
    expect(performance.now() - begun).toBeGreaterThanOrEqual(149)
  },
  down: async ({ set, get, send, students }) => {
    await set({ on: '*', kind: 'down' })
    await lineCut(get(students))
    await lineCut(send())
  },
}

function refuses(kind: '401' | '403' | '423' | '500' | '503', error: string) {
  return async ({ set, get, send, students, id, inMis }: Prepared) => {
    await set({ on: '*', kind })
    for (const path of [students, `/schools/${id}`, `/meta/schools/${id}`]) {
      const { status, body } = await get(path)
      expect([status, body.error]).toEqual([Number(kind), error])
    }
    expect((await send()).status).toBe(Number(kind))
    expect(await inMis()).toBe(null)
    expect((await get(`/schools/${id.replace(/^A10/, 'A11')}`)).status).toBe(404)
  }
}

async function heldUp(world: Prepared, kind: FaultKind, meanwhile = async () => {}): Promise<void> {
  const { set, send, clock, status, inMis, seen } = world
  await set({ on: '*', kind })
  const receipt = (await send()).body.writeback_id
  clock.forward(3_600_000)
  expect([await status(receipt), await inMis(), await seen()]).toEqual(['pending', null, []])
  await meanwhile()
  await set()
  clock.forward(500)
  expect([await status(receipt), await inMis()]).toEqual(['completed', 'L'])
  expect(await seen()).toHaveLength(1)
}

test.each(faultKinds)('the fault %s does what it says, and is over once it is off', async (kind) => {
  const world = await prepared()
  await cases[kind](world)
  await world.control('DELETE', `/schools/${world.id}/faults`)
  expect((await world.get(world.students)).body.data).toHaveLength(50)
  expect((await world.send()).status).toBe(200)
})

test('a fault with a count is gone after so many, and counts only requests it takes effect on', async () => {
  const { set, get, students, id, faults } = await prepared()
  await set({ on: 'students', kind: '503', times: 2 }, { on: '*', kind: 'empty', times: 1 })
  const statuses = []
  for (let i = 0; i < 2; i++) statuses.push((await get(students)).status)
  expect(statuses).toEqual([503, 503])
  expect(await faults()).toMatchObject([{ kind: 'empty', times: 1, used: 0 }])
  expect((await get(`/meta/schools/${id}`)).status).toBe(200)
  expect((await get(students)).body.data).toEqual([])
  expect(await faults()).toEqual([])
  expect((await get(students)).body.data).toHaveLength(50)
})

test('a count holds when many ask at once', async () => {
  const { set, get, students } = await prepared()
  await set({ on: 'students', kind: '500', times: 3 })
  const replies = await Promise.all(Array.from({ length: 8 }, () => get(students)))
  expect(replies.filter(({ status }) => status === 500)).toHaveLength(3)
})

test('a fault aims at one school, one resource and, if told, one method', async () => {
  const { set, get, send, school, students, path, id } = await prepared()
  await set({ on: 'attendance/session', kind: '403', method: 'GET' })
  expect((await get(path)).status).toBe(403)
  expect((await send()).status).toBe(200)
  expect((await get(students)).status).toBe(200)
  expect((await get(`/schools/${school('Bromcom').id}/attendance/session`)).status).toBe(200)
  await set({ on: 'attendance', kind: '503' })
  expect((await get(`/schools/${id}/attendance/lesson`)).status).toBe(503)
  expect((await get(`/schools/${id}/attendance-codes`)).status).toBe(200)
})

test('a write-back’s own address has the faults of its school', async () => {
  const { set, send, get } = await prepared()
  const { writeback_id: receipt } = (await send()).body
  await set({ on: 'writebacks', kind: '503' })
  expect((await get(`/writebacks/${receipt}`)).status).toBe(503)
  expect((await send()).status).toBe(200)
})

test('a slow answer and another fault come together', async () => {
  const { set, get, students } = await prepared()
  await set({ on: 'students', kind: 'slow', ms: 60 }, { on: 'students', kind: '500' })
  const begun = performance.now()
  expect((await get(students)).status).toBe(500)
  expect(performance.now() - begun).toBeGreaterThanOrEqual(59)
})

test('marks that were slow to show are seen once the fault is taken off', async () => {
  const { set, send, clock, seen } = await prepared()
  await set({ on: '*', kind: 'slow-to-show', ms: 86_400_000 })
  await send()
  clock.forward(1_000)
  expect(await seen()).toEqual([])
  await set()
  clock.forward(500)
  expect(await seen()).toHaveLength(1)
})

test('a teacher’s mark is seen at once, whatever is slow', async () => {
  const { set, control, id, get, students, seen } = await prepared()
  await set({ on: '*', kind: 'slow-to-show' })
  const [{ id: student }] = (await get(students)).body.data
  await control('POST', `/schools/${id}/marks`, { student, date: '2026-11-24', session: 'AM', code: 'N' })
  expect(await seen()).toHaveLength(1)
})

test('the sandbox closes while requests hang', async () => {
  const world: World = await startWorld()
  const { id } = world.school('SIMS')
  await world.control('PUT', `/schools/${id}/faults`, { data: [{ on: '*', kind: 'timeout-before' }] })
  const hanging = lineCut(world.get(`/schools/${id}/students`))
  await expect
    .poll(async () => (await world.control('GET', '/requests')).body.data.at(-1)?.fault)
    .toBe('timeout-before')
  const begun = performance.now()
  await world.sandbox.close()
  await hanging
  expect(performance.now() - begun).toBeLessThan(3_000)
})
