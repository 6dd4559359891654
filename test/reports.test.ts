/** Reports agree with the dashboard, come as files that are safe to open, and stay quick over years of movements. */
import { randomUUID } from 'node:crypto'
import exceljs from 'exceljs'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorld, dayAround, linkedSite, until, type World } from './world.ts'

let world: World
let site: { id: string; school: string }
let pupils: { id: string; name: string; yearGroup: string; regGroup: string }[]
let reasons: Record<string, { id: string; code: string; name: string }[]>

beforeAll(async () => {
  world = await createWorld()
  site = await linkedSite(world, 'Oakfield')
  pupils = (await world.api('GET', `/sites/${site.id}/students?limit=500&state=active`)).body.data
  const ofType = async (type: string) =>
    (await world.api('GET', `/sites/${site.id}/reasons?type=${type}`)).body.data
  reasons = { late: await ofType('late-arrival'), early: await ofType('early-leave') }
}, 60_000)
afterAll(() => world?.close())

const today = () => world.clock.now().toISOString().slice(0, 10)
const get = (path: string) => world.api('GET', `/sites/${site.id}/reports/${path}`)
const enter = async (type: string, person: string, minutesAgo: number, code: string) => {
  const reason = reasons[type === 'late-arrival' ? 'late' : 'early']!.find((one) => one.code === code)!
  const happenedAt = new Date(world.clock.now().getTime() - minutesAgo * 60_000).toISOString()
  const body = { id: randomUUID(), type, person, reason: reason.id, happenedAt }
  const { status, body: movement } = await world.api('POST', `/sites/${site.id}/movements`, body)
  expect(status).toBe(201)
  return movement
}

test('late arrivals: each pupil once a session, without what was withdrawn, as many as on Today', async () => {
  const [a, b, c] = pupils as [(typeof pupils)[0], (typeof pupils)[0], (typeof pupils)[0]]
  const first = await enter('late-arrival', a.id, 4, 'L')
  await enter('late-arrival', a.id, 2, 'L')
  const wrong = await enter('late-arrival', b.id, 3, 'L')
  await world.api('POST', `/sites/${site.id}/movements/${wrong.id}/correct`, { void: true })
  await enter('late-arrival', c.id, 1, 'L')
  const { status, body } = await get('late-arrivals')
  expect(status).toBe(200)
  expect(body.data.map((row: { name: string }) => row.name)).toEqual([c.name, a.name])
  expect(body.data[1]).toMatchObject({
    ...{ movement: first.id, person: a.id, date: today(), session: 'AM', register: 'before-close' },
    ...{ minutesLate: first.minutesLate, yearGroup: a.yearGroup, regGroup: a.regGroup, enteredAt: 'office' },
  })
  const totals = (await get('late-arrivals/totals')).body
  const { counts } = (await world.api('GET', `/sites/${site.id}/today`)).body
  expect(totals).toMatchObject({
    ...{ rows: counts.lateToday, students: 2, beforeClose: counts.lateBeforeClose, afterClose: 0 },
    ...{ byState: null, byDay: [{ date: today(), rows: 2 }] },
    minutesLate: body.data.reduce((sum: number, row: { minutesLate: number }) => sum + row.minutesLate, 0),
  })
  expect(totals.byStudent.map((row: { person: string }) => row.person).sort()).toEqual([a.id, c.id].sort())
})

test('filters narrow list and totals alike; a page ends where the next begins', async () => {
  const d = pupils.find((one) => one.regGroup !== pupils[0]!.regGroup)!
  await enter('late-arrival', d.id, 0, 'U')
  for (const query of [
    `yearGroup=${encodeURIComponent(d.yearGroup)}`,
    `regGroup=${encodeURIComponent(d.regGroup)}`,
    `person=${d.id}`,
    `reason=${reasons['late']!.find((one) => one.code === 'U')!.id}`,
    `reason=${encodeURIComponent(reasons['late']!.find((one) => one.code === 'U')!.name.toUpperCase())}&person=${d.id}`,
  ]) {
    const { data } = (await get(`late-arrivals?${query}`)).body
    const { rows } = (await get(`late-arrivals/totals?${query}`)).body
    expect.soft([query, data.length > 0, data.length === rows]).toEqual([query, true, true])
    expect.soft(data.map((row: { person: string }) => row.person)).toContain(d.id)
  }
  const ids = (rows: { movement: string }[]) => rows.map((row) => row.movement)
  const whole = (await get('late-arrivals')).body.data
  const one = (await get('late-arrivals?limit=1')).body
  const rest = (await get(`late-arrivals?limit=500&cursor=${one.meta.next}`)).body
  expect(ids([...one.data, ...rest.data])).toEqual(ids(whole))
  expect((await get('late-arrivals?from=2020-01-01&to=2020-12-31')).body.data).toEqual([])
})

test('marks and their fate, with early leaves: what stands in the ledger, by state', async () => {
  const e = pupils[20]!
  const left = await enter('early-leave', e.id, 0, 'M')
  const { data } = (await get('early-leaves')).body
  expect(data).toHaveLength(1)
  expect(data[0]).toMatchObject({ movement: left.id, person: e.id })
  expect(data[0]).not.toHaveProperty('minutesLate')
  expect(data[0].marks.map((mark: { id: string }) => mark.id).sort()).toEqual(
    left.writeBacks.map((mark: { id: string }) => mark.id).sort(),
  )
  const totals = await until(
    async () => (await get('marks/totals')).body,
    (now) => now.byState.some((one: { state: string }) => one.state === 'confirmed'),
  )
  const all = (await world.api('GET', `/sites/${site.id}/write-backs?date=${today()}&limit=500`)).body.data
  expect(totals.rows).toBe(all.length)
  const inMis = (await get('marks?state=confirmed&limit=500')).body.data
  expect(inMis.length).toBeGreaterThan(0)
  expect(new Set(inMis.map((row: { state: string }) => row.state))).toEqual(new Set(['confirmed']))
  expect(inMis[0].confirmedAt).not.toBeNull()
})

describe('files', () => {
  test('CSV: Excel knows its UTF-8, no cell is a formula, reasons only when asked for', async () => {
    const odd = (
      await world.api('POST', `/sites/${site.id}/students`, {
        ...{
          forename: '=HYPERLINK("http://x")',
          surname: '@Siân "Bó"',
          yearGroup: 'Year 3',
          regGroup: '3 Ash',
        },
      })
    ).body
    await enter('late-arrival', odd.id, 0, 'L')
    const { status, headers, body } = await get(`late-arrivals/file?person=${odd.id}`)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(headers.get('content-disposition')).toBe(`attachment; filename="late-arrivals ${today()}.csv"`)
    const [head, row, end] = (body as string).split('\r\n')
    expect(end).toBe('')
    expect(head).not.toContain('Reason')
    expect(row).toContain(`"'@Siân ""Bó""","'=HYPERLINK(""http://x"")","Year 3","3 Ash","Morning"`)
    const withReasons = (await get(`late-arrivals/file?person=${odd.id}&reasons=true`)).body as string
    expect(withReasons.split('\r\n')[0]).toMatch(/"Reason"$/)
    const raw = await fetch(`${world.url}/api/v1/sites/${site.id}/reports/late-arrivals/file`)
    expect(raw.status).toBe(401)
  })

  test('the bytes begin with the mark by which Excel knows UTF-8, and the workbook opens', async () => {
    const { rows: before } = await auditOf()
    const token = await tokenOf()
    const bytes = async (path: string) => {
      const answer = await fetch(`${world.url}/api/v1/sites/${site.id}/reports/${path}`, {
        headers: { authorization: `Bearer ${token}` },
      })
      return Buffer.from(await answer.arrayBuffer())
    }
    expect((await bytes('late-arrivals/file')).subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
    const book = new exceljs.Workbook()
    await book.xlsx.load((await bytes('marks/file?format=xlsx')) as never)
    const sheet = book.worksheets[0]!
    const { rows } = (await get('marks/totals')).body
    expect(sheet.rowCount).toBe(rows + 1)
    expect(sheet.getRow(1).values).toContain('What became of it')
    expect(sheet.getCell('A2').value).toBeInstanceOf(Date)
    const { rows: after } = await auditOf()
    expect(after).toHaveLength(before.length + 2)
    expect(after.at(-1)).toMatchObject({ action: 'report.file', subject: 'marks' })
    expect(JSON.stringify(after)).not.toContain(pupils[0]!.name)
  })

  const auditOf = () =>
    world.running.app.db.read(site.id, (db) =>
      sql<{ action: string; subject: string }>`select * from audit order by id`.execute(db.sql),
    )
  const tokenOf = async () => {
    const { createApiToken } = await import('../server/accounts/accounts.ts')
    const { app } = world.running
    const made = await app.db.system((tx) =>
      createApiToken(app, tx, { name: 't', siteIds: null, permissions: ['attendance.read'], days: 1 }),
    )
    return made.token
  }
})

test('the sixth form comes and goes: each is a row, nobody else’s is, and nothing of it is a mark', async () => {
  const add = async (forename: string, yearGroup: string) =>
    (
      await world.api('POST', `/sites/${site.id}/students`, {
        forename,
        surname: 'Sixth',
        yearGroup,
        regGroup: 'S',
      })
    ).body.id as string
  const [older, younger] = [await add('Ada', 'Year 12'), await add('Bea', 'Year 11')]
  for (const [person, type] of [
    [older, 'check-in'],
    [older, 'check-out'],
    [older, 'check-in'],
    [younger, 'check-in'],
  ] as const) {
    const happenedAt = world.clock.now().toISOString()
    await world.api('POST', `/sites/${site.id}/movements`, { id: randomUUID(), type, person, happenedAt })
  }
  const { data } = (await get('sixth-form')).body
  expect(data.map((row: { person: string; direction: string }) => [row.person, row.direction])).toEqual([
    [older, 'in'],
    [older, 'out'],
    [older, 'in'],
  ])
  expect(data.every((row: { marks: unknown[] }) => row.marks.length === 0)).toBe(true)
  expect((await get('sixth-form/totals')).body).toMatchObject({ rows: 3, students: 1, minutesLate: null })
  expect((await get('sixth-form/file')).body).toContain('"Year 12","S","Out"')
})

test.each([
  ['from=2026-01-02&to=2026-01-01', 'to'],
  ['from=2020-01-01&to=2026-01-01', 'to'],
  ['from=yesterday', 'from'],
  ['state=lost', 'state'],
  ['colour=red', 'colour'],
])('%s is refused by field', async (query, field) => {
  for (const path of ['marks', 'marks/totals', 'marks/file']) {
    const { status, body } = await get(`${path}?${query}`)
    expect([status, Object.keys(body.error.fields)]).toEqual([422, [field]])
  }
})

test('who may not read attendance gets no report', async () => {
  const api = await world.as(['people.read'], [site.id])
  for (const path of ['late-arrivals', 'early-leaves/totals', 'marks/file'])
    expect((await api('GET', `/sites/${site.id}/reports/${path}`)).status).toBe(403)
})

test('a hundred thousand movements are answered by the index, in seconds', async () => {
  const { body: big } = await world.api('POST', '/sites', {
    name: 'Big',
    phase: 'secondary',
    timeZone: 'UTC',
  })
  await world.api('PUT', `/sites/${big.id}/school-day`, dayAround(world.clock.now()))
  const { app } = world.running
  await app.db.write(big.id, async (tx) => {
    await sql`insert into person (site_id, id, kind, forename, surname, search_key, year_group, reg_group, state,
        created_at, updated_at)
      select ${big.id}::uuid, gen_random_uuid(), 'student', 'F' || n, 'S' || n, 's', 'Year ' || (n % 5 + 7),
        'G' || (n % 40), 'active', now(), now() from generate_series(1, 1200) n`.execute(tx.sql)
    await sql`insert into movement (site_id, id, type, person_id, happened_at, received_at, time_uncertain, date,
        session, minutes_late, reason_name, source, request)
      select ${big.id}::uuid, gen_random_uuid(), case when n % 5 = 0 then 'early-leave' else 'late-arrival' end, p.id,
        at, at, false, at::date, 'AM', n % 30, 'Reason ' || (n % 9), 'kiosk:x', ''
      from (select n, timestamptz '2025-09-01 09:00Z' + (n / 250) * interval '1 day' + (n % 250) * interval '7 s' as at
        from generate_series(0, 99999) n) t
      join (select id, row_number() over (order by id) as k from person) p on p.k = t.n % 1200 + 1`.execute(
      tx.sql,
    )
  })
  await app.db.write(big.id, (tx) =>
    sql`insert into write_back (site_id, id, movement_id, person_id, date, session, code, intent, on_conflict,
        happened_at, state, owed_at, day_ends_at)
      select site_id, gen_random_uuid(), id, person_id, date, 'AM', 'L', 'mark', 'ask', happened_at, 'confirmed',
        received_at, received_at from movement`.execute(tx.sql),
  )
  await world.running.app.db.pool.query('analyze movement; analyze person; analyze write_back')
  const path = `/sites/${big.id}/reports/late-arrivals`
  const days = 'from=2025-09-01&to=2026-10-05'
  const timed = async (address: string) => {
    await world.api('GET', address)
    const begun = performance.now()
    const { status, body } = await world.api('GET', address)
    return { ms: performance.now() - begun, status, body }
  }
  const list = await timed(`${path}?${days}&limit=500`)
  const totals = await timed(`${path}/totals?${days}`)
  const pupil = await timed(`${path}?${days}&person=${list.body.data[0].person}`)
  const marks = await timed(`/sites/${big.id}/reports/marks?${days}&limit=500&state=confirmed`)
  const fates = await timed(`/sites/${big.id}/reports/marks/totals?${days}`)
  expect(fates.body).toMatchObject({ rows: 100_000, byState: [{ state: 'confirmed', rows: 100_000 }] })
  for (const { status, ms } of [list, totals, pupil, marks, fates]) {
    expect(status).toBe(200)
    expect(ms).toBeLessThan(3000)
  }
  expect(totals.body).toMatchObject({ rows: 80_000, students: 960 })
  expect(totals.body.byDay).toHaveLength(400)
  const used = () =>
    app.db.pool.query<{ n: number }>(
      `select idx_scan as n from pg_stat_user_indexes where indexrelname in ('movement_report', 'write_back_day')`,
    )
  await until(used, ({ rows }) => rows.length === 2 && rows.every(({ n }) => n > 0))
  // A whole year as a file: every row, page by page.
  const file = await world.api('GET', `/sites/${big.id}/reports/marks/file?${days}`)
  expect((file.body as string).split('\r\n')).toHaveLength(100_002)
}, 120_000)
