import { expect, test } from 'vitest'
import { type Json, read, startWorld, standingClock } from '../testing.ts'

test('a token is taken in the five forms that clients send', async () => {
  const { sandbox } = await startWorld()
  const token = sandbox.applicationToken
  const basic = Buffer.from(`${token}:`).toString('base64')
  const forms = [
    `Bearer ${token}`,
    `bearer ${token}`,
    `Basic ${basic}`,
    `Basic ${token}`,
    token,
    token.toUpperCase(),
  ]
  for (const authorization of forms) {
    expect((await fetch(sandbox.baseUrl, { headers: { authorization } })).status, authorization).toBe(200)
  }
  for (const authorization of ['', 'Bearer', `Bearer ${'0'.repeat(40)}`, `Digest ${token}`, 'Basic !!!']) {
    const { status, body } = await read(await fetch(sandbox.baseUrl, { headers: { authorization } }))
    expect([status, body.error], authorization).toEqual([401, 'unauthenticated'])
  }
})

test('a school token reaches its own school; another one is 403, one that is none 404', async () => {
  const { get, school } = await startWorld()
  const { id, token } = school('SIMS')
  expect((await get(`/schools/${id}`, token)).body.data.name).toBe('Oakfield Primary School')
  expect((await get('/schools', token)).body.data.map((row: Json) => row.id)).toEqual([id])
  expect((await get(`/schools/${school('Bromcom').id}/students`, token)).status).toBe(403)
  expect((await get('/schools/A1/students', token)).status).toBe(404)
  expect((await get(`/schools/${id}/nothing`)).status).toBe(404)
  expect((await get(`/schools/${id}/students/A1`)).status).toBe(404)
})

test('a wrong method is 405, and a slash at the end changes nothing', async () => {
  const { sandbox, school, get } = await startWorld()
  const { id } = school('SIMS')
  const headers = { authorization: `Bearer ${sandbox.applicationToken}` }
  expect((await fetch(`${sandbox.baseUrl}/schools/${id}/students`, { method: 'PUT', headers })).status).toBe(
    405,
  )
  const plain = await get(`/schools/${id}/students`)
  const slash = await fetch(`${sandbox.baseUrl}/schools/${id}/students/`, { headers, redirect: 'error' })
  expect(await slash.json()).toEqual(plain.body)
})

test('answers carry the headers and escaped slashes of the real thing', async () => {
  const { sandbox, school } = await startWorld()
  const headers = { authorization: `Bearer ${sandbox.applicationToken}` }
  const reply = await fetch(`${sandbox.baseUrl}/schools/${school('SIMS').id}`, { headers })
  expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(reply.headers.get('cache-control')).toBe('no-cache, private')
  expect(reply.headers.get('vary')).toBe('Authorization,User-Agent')
  const text = await reply.text()
  expect(text).toContain('"timezone":"Europe\\/London"')
  expect(text).not.toMatch(/[^\\]\//)
})

test('a list pages by number, fifty rows unless told, and every address keeps the other parameters', async () => {
  const { get, school, sandbox } = await startWorld()
  const path = `/schools/${school('SIMS').id}/students`
  const first = (await get(path)).body
  expect(first.data).toHaveLength(50)
  const filters = 'include=year%2Cregistration&updated_after=2020-01-01'
  const middle = (await get(`${path}/?${filters}&per_page=100&page=2`)).body
  expect(middle.data).toHaveLength(100)
  expect(middle.meta.pagination).toEqual({
    next: `${sandbox.baseUrl}${path}?${filters}&per_page=100&page=3`,
    previous: `${sandbox.baseUrl}${path}?${filters}&per_page=100&page=1`,
    more: true,
    per_page: 100,
    current_page: 2,
  })
  const last = (await get(middle.meta.pagination.next)).body
  expect(last.data).toHaveLength(10)
  expect(last.meta.pagination).toMatchObject({ next: null, more: false, current_page: 3 })
  const exact = (await get(`${path}?per_page=210`)).body
  expect(exact.meta.pagination).toMatchObject({ next: null, more: false })
})

test('a cursor skips nobody and reads nobody twice while the roll changes', async () => {
  const { get, school, control } = await startWorld()
  const { id } = school('SIMS')
  const first = (await get(`/schools/${id}/students?cursor=true&per_page=100`)).body
  const [gone] = first.data
  await control('POST', `/schools/${id}/roll`, { leave: [gone.id], join: 1 })
  const rows = [...first.data]
  for (let { next } = first.meta.pagination; next !== null; ) {
    const page = (await get(next)).body
    expect(page.data.length).toBeGreaterThan(0)
    rows.push(...page.data)
    next = page.meta.pagination.next
  }
  const ids = rows.map((row) => row.id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids).toHaveLength(211)
})

test('a parameter that makes no sense is 400, one that is unknown is ignored', async () => {
  const { get, school } = await startWorld()
  const path = `/schools/${school('SIMS').id}/students`
  for (const query of ['per_page=0', 'per_page=many', 'page=-1', 'cursor=abc', 'updated_after=tomorrow']) {
    const { status, body } = await get(`${path}?${query}`)
    expect([status, body.error], query).toEqual([400, 'invalid_parameter'])
  }
  expect((await get(`${path}?colour=blue`)).body.data).toHaveLength(50)
})

test('an include that is none, or that the school did not permit, fails the whole request', async () => {
  const { get, school } = await startWorld()
  const { status, body } = await get(`/schools/${school('SIMS').id}/students?include=year,foo`)
  expect(status).toBe(400)
  expect(body).toEqual({ error: 'invalid_include', message: 'The include foo is not available on students.' })
  const refused = school('iSAMS').id
  expect((await get(`/schools/${refused}/students?include=contacts`)).body.error).toBe('invalid_include')
  expect((await get(`/schools/${refused}/contacts`)).body.error).toBe('permission_required')
  expect((await get(`/schools/${refused}/students`)).body.data[0].gender).toBe(null)
  // Repeating the parameter keeps only the last.
  expect((await get(`/schools/${school('SIMS').id}/students?include=foo&include=year`)).status).toBe(200)
})

test('a pupil has the documented fields, relations wrapped in data', async () => {
  const { all, school, get } = await startWorld()
  const path = `/schools/${school('SIMS').id}/students`
  const rows = await all(
    `${path}?include=education_details,registration,year,contacts.contact_details,photo&per_page=210`,
  )
  const amara = rows.find((row) => row.surname === 'Okonjo-Bell')
  expect(amara).toMatchObject({
    id: expect.stringMatching(/^A\d{10}$/),
    upi: expect.stringMatching(/^[0-9a-f]{32}$/),
    mis_id: expect.stringMatching(/^\d+$/),
    initials: 'AO',
    forename: 'Amara',
    legal_surname: null,
    date_of_birth: {
      date: expect.stringMatching(/^\d{4}-\d\d-\d\d 00:00:00\.000000$/),
      timezone_type: 3,
      timezone: 'Europe/London',
    },
    restored_at: null,
    updated_at: { timezone: 'UTC' },
    education_details: { data: { current_nc_year: '4', leaving_date: null } },
    year: { data: { name: 'Year 4', type: 'YEAR' } },
    registration: { data: { name: '4 Oak', type: 'REGISTRATION' } },
  })
  expect(amara).not.toHaveProperty('title')
  expect(amara.contacts.data[0]).toMatchObject({
    relationship: { priority: 1, parental_responsibility: true },
    contact_details: { data: { phones: { work: null }, emails: { primary: null } } },
  })
  const [bare] = (await get(path)).body.data
  expect(bare).not.toHaveProperty('year')
  const one = (await get(`${path}/${amara.id}?include=year`)).body
  expect(one.data.year).toEqual(amara.year)
  expect(one.meta.includes).toContain('education_details')
})

test('a pupil without a form comes with {"data": null}', async () => {
  const { all, school } = await startWorld()
  const rows = await all(`/schools/${school('Bromcom').id}/students?include=registration,year&per_page=500`)
  expect(rows).toHaveLength(1_200)
  expect(rows.filter((row) => row.registration.data === null)).toHaveLength(2)
  expect(rows.filter((row) => row.year.data === null)).toHaveLength(1)
})

test('photos are JPEG in base64, some have none, and their hash tells them apart', async () => {
  const { all, school } = await startWorld()
  const { id } = school('SIMS')
  const rows = await all(`/schools/${id}/students?include=photo&per_page=210`)
  const photos = rows.map((row) => row.photo.data).filter((photo) => photo !== null)
  expect(photos.length).toBeGreaterThan(100)
  expect(photos.length).toBeLessThan(210)
  for (const { content } of photos)
    expect(Buffer.from(content, 'base64').subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]))
  expect(new Set(photos.map(({ hash }) => hash)).size).toBe(
    new Set(photos.map(({ content }) => content)).size,
  )
  expect(await all(`/schools/${id}/photos`)).toHaveLength(photos.length)
})

test('employees who left are in the list, told apart by employment_details alone', async () => {
  const { all, school } = await startWorld()
  const rows = await all(
    `/schools/${school('Bromcom').id}/employees?include=employment_details,contact_details`,
  )
  const current = rows.filter((row) => row.employment_details.data.current)
  expect([rows.length, current.length]).toEqual([162, 150])
  const mails = current.map((row) => row.contact_details.data.emails.work)
  expect(mails.filter((mail) => mail === 'office@northgate.example')).toHaveLength(2)
  expect(mails).toContain(null)
  expect(rows[0].title).toBeTruthy()
})

test('a school tells its MIS, its own host as region domain, and whether it writes', async () => {
  const { get, school, sandbox } = await startWorld()
  const { body } = await get(`/schools/${school('SIMS').id}`)
  expect(body.data).toMatchObject({
    mis: 'SIMS',
    phase_of_education: 'PRIMARY',
    timezone: 'Europe/London',
    extended: { allows_writeback: true },
    region: {
      code: 'GBR',
      domain: new URL(sandbox.url).host,
      school_url: `${sandbox.baseUrl}/schools/${body.data.id}`,
    },
  })
  expect(body.meta.includes).toEqual(['cbds'])
  expect((await get(`/schools/${school('WCBS').id}`)).body.data.extended.allows_writeback).toBe(false)
})

test('addresses follow the setting, else what the request says of itself', async () => {
  const published = await startWorld({ publicUrl: 'https://mis.example/v1.0/' })
  const { id } = published.school('SIMS')
  const domain = async (world: typeof published, headers: Record<string, string> = {}) => {
    const authorization = `Bearer ${world.sandbox.applicationToken}`
    const reply = await fetch(`${world.sandbox.baseUrl}/schools/${id}/students`, {
      headers: { authorization, ...headers },
    })
    return ((await reply.json()) as Json).meta.pagination.next as string
  }
  expect(await domain(published)).toBe(`https://mis.example/v1.0/schools/${id}/students?page=2`)
  expect((await published.get(`/schools/${id}`)).body.data.region.domain).toBe('mis.example')
  const plain = await startWorld()
  const next = await domain(plain, { 'x-forwarded-proto': 'https' })
  expect(next).toBe(`${plain.sandbox.baseUrl.replace('http:', 'https:')}/schools/${id}/students?page=2`)
})

test('meta tells online, and permissions as they were given', async () => {
  const { get, school } = await startWorld()
  const sims = school('SIMS').id
  expect((await get(`/meta/schools/${sims}`)).body).toEqual({
    data: { online: true, approved: true, audited: true, custom_attendance_codes: false },
  })
  expect((await get(`/meta/schools/${school('iSAMS').id}`)).body.data.custom_attendance_codes).toBe(true)
  const declined = async (mis: string) =>
    (await get(`/meta/schools/${school(mis).id}/permissions`)).body.data
      .filter((row: Json) => row.declined)
      .map((row: Json) => row.identity)
  expect(await declined('SIMS')).toEqual([])
  expect(await declined('WCBS')).toEqual(['attendance.write'])
  expect(await declined('iSAMS')).toEqual(['contacts.read'])
  expect((await get(`/meta/schools/${sims}/acl?with_user_type=true`)).body).toEqual({
    data: { mode: 'exclude', ids: [] },
  })
  const counts = (await get(`/schools/${sims}/counts?include=students,contacts`)).body.data
  expect(counts.students).toEqual({ data: { count: 210 } })
})

test('schools are found in the list of their standing; access is asked for, given back and refused', async () => {
  const { get, post, school, sandbox } = await startWorld()
  const names = async (which: string) =>
    (await get(`/schools${which}`)).body.data.map((row: Json) => row.name)
  expect(await names('')).toHaveLength(10)
  expect(await names('/all')).toHaveLength(13)
  expect(await names('/pending')).toEqual(['Larkhill Infant School'])
  expect(await names('/declined')).toEqual(['Moorfield High School'])
  expect(await names('/all?postcode=ex9')).toEqual(['Moorfield High School'])
  expect(await names('?urn=137402')).toEqual(['Northgate Academy'])
  const other = (await get('/schools/all?urn=141003')).body.data[0].id
  expect((await get(`/schools/${other}/students`)).status).toBe(403)
  expect((await post(`/schools/${other}/request-access`, [])).body).toEqual({
    success: true,
    state: 'pending',
    message: 'Access request successfully received',
  })
  expect(await names('/pending')).toContain('Westbrook Junior School')
  const { id } = school('SIMS')
  const reply = await fetch(`${sandbox.baseUrl}/schools/${id}/revoke-access`, {
    method: 'DELETE',
    headers: { authorization: sandbox.applicationToken },
    body: '{"contacts":[]}',
  })
  expect(await reply.json()).toEqual({ success: true, state: 'revoked', message: 'Access revoked' })
  expect((await get(`/schools/${id}/students`)).status).toBe(403)
  expect(await names('/revoked')).toEqual(['Oakfield Primary School'])
})

test('every school has its own ids for the codes of the national list', async () => {
  const { get, school } = await startWorld()
  const codes = async (mis: string) => (await get(`/schools/${school(mis).id}/attendance-codes`)).body.data
  const [sims, bromcom, isams] = [await codes('SIMS'), await codes('Bromcom'), await codes('iSAMS')]
  expect(sims.map((row: Json) => row.code).join(' ')).toBe(
    '/ \\ L K V P W B D C C1 C2 E I J1 M R S T G N O U X Q Y1 Y2 Y3 Y4 Y5 Y6 Y7 Z #',
  )
  const general = (await get('/attendance-codes')).body.data
  const ids = [...sims, ...bromcom, ...isams, ...general].map((row: Json) => row.id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(isams.map((row: Json) => row.code)).toContain('MU')
})

test('a filter of time takes three forms, all as UTC', async () => {
  const clock = standingClock()
  const { get, school, control } = await startWorld({ now: clock.now })
  const { id } = school('SIMS')
  const [student] = (await get(`/schools/${id}/students`)).body.data
  await control('POST', `/schools/${id}/roll`, { rename: [{ id: student.id, surname: 'Newname' }] })
  for (const at of [
    '2026-11-24',
    '2026-11-24 09:14:00',
    '2026-11-24T09:14:00Z',
    '2026-11-24T10:14:00%2B01:00',
  ]) {
    const { data } = (await get(`/schools/${id}/students?updated_after=${at}`)).body
    expect(
      data.map((row: Json) => row.surname),
      at,
    ).toEqual(['Newname'])
  }
  expect((await get(`/schools/${id}/students?updated_after=2026-11-24T09:14:01Z`)).body.data).toEqual([])
  expect(
    (await get(`/schools/${id}/students?updated_before=2026-11-01&per_page=500`)).body.data,
  ).toHaveLength(209)
})

test('Arbor has a lesson every hour of every day, and a lesson names its class, room and teacher by id', async () => {
  const clock = standingClock('2026-07-05T02:30:00Z')
  const { get, school, all } = await startWorld({ now: clock.now })
  const { id } = school('Arbor')
  const lessons = await all(`/schools/${id}/lessons?per_page=500`)
  const classes = await all(`/schools/${id}/classes`)
  expect(lessons).toHaveLength(classes.length * 24)
  const [first] = lessons
  // A summer midnight in London is 23:00 UTC of the day before.
  expect(first.start_at).toMatchObject({ date: '2026-07-04 23:00:00.000000', timezone: 'UTC' })
  expect(first.room).toMatch(/^A\d{10}$/)
  const one = (await get(`/schools/${id}/lessons/${first.id}?include=class,employee,period,room`)).body.data
  expect(one.class.data.subject).toMatch(/^A\d{10}$/)
  expect(one.employee.data.id).toBe(first.employee)
  expect(one.period.data).toMatchObject({ id: first.period, start_time: '00:00:00', day: 'sunday' })
  expect((await get(`/schools/${school('SIMS').id}/classes`)).body.data).toEqual([])
})
