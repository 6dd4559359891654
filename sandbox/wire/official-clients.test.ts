/** What the official PHP, .NET and Ruby clients do, step by step (wonde-api.md §17.4). */
import { expect, test } from 'vitest'
import { type Json, read, startWorld } from '../testing.ts'

test('PHP: Basic, a slash at the end, next followed whenever it is filled, no empty page before the last', async () => {
  const { sandbox, school } = await startWorld()
  const authorization = `Basic ${Buffer.from(`${sandbox.applicationToken}:`).toString('base64')}`
  const uri = `${sandbox.baseUrl}/schools/${school('Bromcom').id}/students/?include=education_details&per_page=100`
  const sizes: number[] = []
  for (let next: string | null = uri; next; ) {
    const { status, body } = await read(await fetch(next, { headers: { authorization } }))
    expect(status).toBe(200)
    sizes.push(body.data.length)
    next = body.meta.pagination.next
  }
  expect(sizes).toEqual(Array.from({ length: 12 }, () => 100))
})

test('PHP: a register is written with a slash at the end; 422 carries a body to decode', async () => {
  const { sandbox, school, codeId, get } = await startWorld()
  const { id } = school('SIMS')
  const [student] = (await get(`/schools/${id}/students`)).body.data
  const authorization = `Basic ${Buffer.from(`${sandbox.applicationToken}:`).toString('base64')}`
  const mark = {
    student_id: student.id,
    date: '2026-11-24',
    session: 'AM',
    attendance_code_id: await codeId(id, 'L'),
    minutes_late: '5',
  }
  const send = async (row: unknown) =>
    read(
      await fetch(`${sandbox.baseUrl}/schools/${id}/attendance/session/`, {
        method: 'POST',
        headers: { authorization, 'user-agent': 'wonde-php-client-3.1.4' },
        body: JSON.stringify({ attendance: [row] }),
      }),
    )
  expect((await send(mark)).body.writeback_id).toMatch(/^A\d+$/)
  const refused = await send({ ...mark, date: '' })
  expect([refused.status, typeof refused.body]).toEqual([422, 'object'])
})

test('.NET: the school first, its region domain for the rest, pagination in every list, 200 and nothing else', async () => {
  const { sandbox, school, codeId } = await startWorld()
  const headers = { authorization: `bearer ${sandbox.applicationToken}` }
  const { id } = school('SIMS')
  const { data } = (await (await fetch(`${sandbox.baseUrl}/schools/${id}`, { headers })).json()) as Json
  const base = `http://${data.region.domain}/v1.0`
  for (const list of [
    'students',
    'employees',
    'groups',
    'deletions',
    'attendance-codes',
    'attendance/session',
    'classes',
  ]) {
    const { body } = await read(await fetch(`${base}/schools/${id}/${list}`, { headers }))
    expect(body.meta.pagination, list).toMatchObject({ per_page: 50, current_page: 1 })
  }
  const students = (await read(await fetch(`${base}/schools/${id}/students`, { headers }))).body.data
  const row = {
    student_id: students[0].id,
    date: '2026-11-24',
    session: 'AM',
    attendance_code_id: await codeId(id, 'U'),
  }
  const reply = await fetch(`${base}/schools/${id}/attendance/session`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ attendance: [{ ...row, comment: null, minutes_late: null }] }),
  })
  expect(reply.status).toBe(200)
  const { writeback_id: receipt } = (await reply.json()) as Json
  const status = (await read(await fetch(`${base}/writebacks/${receipt}`, { headers }))).body
  expect(status.data).toMatchObject({ id: receipt, status: expect.any(String) })
  expect((await read(await fetch(`${base}/writebacks`, { headers }))).body.meta.pagination.more).toBe(false)
})

test('Ruby: Bearer to read, the raw token after Basic to write, a timestamp whose first ten characters are the day', async () => {
  const { sandbox, school, get, codeId, all, control } = await startWorld()
  const { id } = school('SIMS')
  const headers = {
    authorization: `Basic ${sandbox.applicationToken}`,
    'user-agent': 'wonde-rb-client-0.0.1',
  }
  const [student] = (await get(`/schools/${id}/students/`)).body.data
  const mark = {
    student_id: student.id,
    date: '2026-06-10T00:00:00+01:00',
    session: 'PM',
    attendance_code_id: await codeId(id, 'M'),
  }
  const reply = await fetch(`${sandbox.baseUrl}/schools/${id}/attendance/session`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: JSON.stringify({ attendance: [mark] }),
  })
  expect(reply.status).toBe(200)
  expect((await all(`/schools/${id}/attendance/session`))[0].date.date).toBe('2026-06-10 00:00:00.000000')
  const send = async (method: string, path: string, body: string) =>
    read(await fetch(`${sandbox.baseUrl}/schools/${id}/${path}`, { method, headers, body }))
  expect((await send('POST', 'request-access', '{}')).body.success).toBe(true)
  expect((await send('DELETE', 'revoke-access', '{}')).body.state).toBe('revoked')
  expect((await control('GET', `/requests?school=${id}`)).body.data.at(-1)).toMatchObject({
    method: 'DELETE',
    by: 'application',
  })
})
