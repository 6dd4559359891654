/** Two records of one person become one; all imported staff removed (contract §3.3, product.md §12.4). */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Movement, WriteBack } from '../shared/attendance.ts'
import type { Person } from '../shared/people.ts'
import { type Api, createWorld, imported, linkedSite, until, type World } from './world.ts'

let world: World
let site: string
let school: string
let api: Api

beforeAll(async () => {
  world = await createWorld()
  ;({ id: site, school } = await linkedSite(world, 'Oakfield'))
  api = (method, path, body, headers) => world.api(method, `/sites/${site}${path}`, body, headers)
}, 60_000)
afterAll(() => world?.close())

const add = async (kind: 'students' | 'employees', body: object): Promise<Person> =>
  (await api('POST', `/${kind}`, body)).body
const get = async (kind: 'students' | 'employees', id: string): Promise<Person> =>
  (await api('GET', `/${kind}/${id}`)).body
const merge = (kind: 'students' | 'employees', from: string, into: string, headers = {}) =>
  api('POST', `/${kind}/${from}/merge`, { into }, headers)

/** Students of the MIS that no test has used yet. */
let used = 0
async function fromMis(kind: 'students' | 'employees' = 'students'): Promise<Person> {
  return (await api('GET', `/${kind}?state=active&limit=500`)).body.data.filter((one: Person) => one.misId)[
    used++
  ]
}
async function late(person: string, minutesAgo = 0): Promise<Movement> {
  const { data: reasons } = (await api('GET', '/reasons?type=late-arrival')).body
  const made = await api('POST', '/movements', {
    ...{
      id: randomUUID(),
      type: 'late-arrival',
      person,
      reason: reasons.find((one: { code: string }) => one.code === 'L').id,
    },
    happenedAt: new Date(world.clock.now().getTime() - minutesAgo * 60_000).toISOString(),
  })
  expect(made.status).toBe(201)
  return made.body
}
const marksOf = async (person: string): Promise<WriteBack[]> =>
  (await api('GET', `/write-backs?person=${person}`)).body.data
const register = async (misId: string) =>
  (
    await world.control(
      'GET',
      `/schools/${school}/register?date=${world.clock.now().toISOString().slice(0, 10)}&session=AM`,
    )
  ).body.data.find((row: { student: string }) => row.student === misId)

describe('refused', () => {
  test('without a login, without the permission, with a wrong body', async () => {
    const one = await add('students', { forename: 'A', surname: 'B' })
    const path = `/sites/${site}/students/${one.id}/merge`
    expect((await fetch(`${world.url}/api/v1${path}`, { method: 'POST' })).status).toBe(401)
    const reader = await world.as(['people.read'], [site])
    expect((await reader('POST', path, { into: one.id })).status).toBe(403)
    for (const body of [{}, { into: 7 }, { into: one.id, more: 1 }])
      expect((await world.api('POST', path, body)).status).toBe(422)
  })

  test('into itself, into nobody, into another kind, of nobody', async () => {
    const student = await add('students', { forename: 'A', surname: 'Self' })
    const employee = await add('employees', { forename: 'A', surname: 'Self' })
    expect(await merge('students', student.id, student.id)).toMatchObject({
      status: 422,
      body: { error: { fields: { into: expect.any(String) } } },
    })
    expect((await merge('students', student.id, randomUUID())).status).toBe(404)
    expect((await merge('students', student.id, 'x')).status).toBe(404)
    expect((await merge('students', randomUUID(), student.id)).status).toBe(404)
    expect(await merge('students', student.id, employee.id)).toMatchObject({
      status: 422,
      body: { error: { code: 'people.other_kind' } },
    })
    expect((await merge('employees', student.id, employee.id)).status).toBe(404)
    expect(await get('students', student.id)).toMatchObject(student)
  })

  test('two with records of their own in the MIS: in plain words, and nothing changes', async () => {
    const [one, other] = [await fromMis(), await fromMis()]
    const refused = await merge('students', one.id, other.id)
    expect(refused).toMatchObject({ status: 409, body: { error: { code: 'people.both_in_mis' } } })
    expect(refused.body.error.message).toContain(`${one.name} and ${other.name}`)
    expect([await get('students', one.id), await get('students', other.id)]).toMatchObject([one, other])
  })
})

describe('the link to the MIS', () => {
  test('goes with either record; the MIS’s names stand, gaps are filled, imports stay quiet', async () => {
    for (const direction of ['hand into MIS', 'MIS into hand']) {
      const theirs = await fromMis('employees')
      const ours = await add('employees', {
        forename: 'Our',
        surname: 'Spelling',
        email: 'our@x.uk',
        phone: '1',
        vehicle: 'AB1',
        workingDays: [1],
      })
      const [from, into] = direction === 'hand into MIS' ? [ours, theirs] : [theirs, ours]
      const kept = await merge('employees', from.id, into.id)
      expect([direction, kept.status]).toEqual([direction, 200])
      expect(kept.body).toMatchObject({
        ...{ id: into.id, misId: theirs.misId, name: theirs.name, email: theirs.email, state: 'active' },
        ...{ importing: true, phone: '1', vehicle: 'AB1', workingDays: [1], mergedInto: null },
      })
      expect(await get('employees', from.id)).toMatchObject({
        state: 'archived',
        misId: null,
        mergedInto: into.id,
      })
      const { data } = (await api('GET', `/employees?q=${encodeURIComponent(theirs.name)}`)).body
      expect(data.map((one: Person) => one.id)).toEqual([into.id])
      expect(
        (await api('GET', `/mis/people?kind=employee&q=${encodeURIComponent(theirs.name)}`)).body.data,
      ).toMatchObject([{ misId: theirs.misId, person: into.id, state: 'matched' }])
    }
    const { counts, state } = await imported(world, site)
    expect([state, counts.employees.joiners, counts.employees.changed, counts.employees.returned]).toEqual([
      'done',
      0,
      0,
      0,
    ])
  })

  test('of two links the one that the MIS still offers', async () => {
    const old = await fromMis()
    const fresh = await fromMis()
    await world.control('POST', `/schools/${school}/roll`, { leave: [old.misId] })
    expect((await imported(world, site)).counts.students.leavers).toBe(1)
    const gone = (await api('GET', `/mis/people?kind=student&q=${encodeURIComponent(old.name)}`)).body.data
    expect(gone.map((row: { misId: string }) => row.misId)).not.toContain(old.misId)
    const kept = await merge('students', fresh.id, old.id)
    expect(kept.body).toMatchObject({ id: old.id, misId: fresh.misId, name: fresh.name, state: 'active' })
  })

  test('what was proposed to be the same person follows the record that is kept', async () => {
    const theirs = await fromMis()
    const twin = await add('students', { forename: theirs.forename, surname: theirs.surname })
    const other = await add('students', { forename: theirs.forename, surname: theirs.surname })
    await world.control('POST', `/schools/${school}/roll`, { join: 1 })
    await imported(world, site)
    await merge('students', twin.id, other.id)
    expect((await merge('students', other.id, theirs.id)).body.misId).toBe(theirs.misId)
    // Both point to the one that is kept, over whatever way.
    expect((await get('students', twin.id)).mergedInto).toBe(theirs.id)
    expect((await imported(world, site)).counts.students).toMatchObject({ joiners: 0, mayMatch: 0 })
  })
})

describe('histories and marks', () => {
  test('movements of both are the kept one’s, and the log itself is as it was written', async () => {
    const [one, two] = [
      await add('employees', { surname: 'One' }),
      await add('employees', { surname: 'Two' }),
    ]
    const move = async (person: string, type: string) => {
      const body = { id: randomUUID(), type, person, happenedAt: world.clock.now().toISOString() }
      return { body, made: (await api('POST', '/movements', body)).body as Movement }
    }
    const first = await move(one.id, 'check-in')
    const second = await move(two.id, 'check-in')
    await merge('employees', one.id, two.id)
    const { data } = (await api('GET', `/movements?person=${two.id}`)).body
    expect(data.map((row: Movement) => [row.id, row.person])).toEqual([
      [second.made.id, two.id],
      [first.made.id, two.id],
    ])
    expect((await api('GET', `/movements/${first.made.id}`)).body.person).toBe(two.id)
    const here = (await api('GET', '/presence')).body.data.filter((row: { name: string }) =>
      /One|Two/.test(row.name),
    )
    expect(here).toMatchObject([{ person: two.id, state: 'in' }])
    // Sent again as it was sent at first: the same movement. A new one by the old id: the kept one's.
    expect((await api('POST', '/movements', first.body)).status).toBe(200)
    expect((await move(one.id, 'check-out')).made.person).toBe(two.id)
    const client = new pg.Client({ connectionString: world.running.app.settings.databaseUrl! })
    await client.connect()
    await client.query(`select set_config('app.site', $1, false)`, [site])
    const { rows } = await client.query('select person_id from movement where id = $1', [first.made.id])
    await client.end()
    expect(rows).toEqual([{ person_id: one.id }])
    const corrected = await api('POST', `/movements/${first.made.id}/correct`, { void: true })
    expect([corrected.status, corrected.body.person]).toEqual([201, two.id])
  })

  test('a mark held for somebody not in the MIS goes once they are merged with their record there', async () => {
    const theirs = await fromMis()
    const ours = await add('students', { forename: 'Not', surname: 'Known' })
    await late(ours.id)
    expect(await marksOf(ours.id)).toMatchObject([
      { state: 'held', cause: { code: 'attendance.not_in_mis_yet' } },
    ])
    await merge('students', ours.id, theirs.id)
    const [mark] = await until(
      () => marksOf(theirs.id),
      ([row]) => row?.state === 'confirmed',
    )
    expect(mark).toMatchObject({ person: theirs.id, code: 'L' })
    expect(await register(theirs.misId!)).toMatchObject({ code: 'L', by: 'outside' })
    expect((await api('GET', `/students/${theirs.id}/history`)).body.merged).toMatchObject([
      { person: ours.id, name: 'Not Known', by: 'test' },
    ])
  })

  test('late under both records: one mark, that of the earlier arrival where neither went', async () => {
    const [one, two] = [
      await add('students', { forename: 'Late', surname: 'Twice' }),
      await add('students', { forename: 'Late', surname: 'Again' }),
    ]
    const later = await late(one.id, 0)
    const earlier = await late(two.id, 3)
    await merge('students', one.id, two.id)
    const marks = await marksOf(two.id)
    expect(marks.map(({ movement, state }) => [movement, state])).toEqual([
      [earlier.id, 'held'],
      [later.id, 'superseded'],
    ])
  })

  test('a mark that is in the register stands before one that is not', async () => {
    const theirs = await fromMis()
    await late(theirs.id)
    await until(
      () => marksOf(theirs.id),
      ([row]) => row?.state === 'confirmed',
    )
    const before = await register(theirs.misId!)
    const ours = await add('students', { forename: 'Earlier', surname: 'Still' })
    await late(ours.id, 4)
    await merge('students', theirs.id, ours.id)
    expect((await marksOf(ours.id)).map(({ state }) => state).toSorted()).toEqual(['confirmed', 'superseded'])
    expect(await register(theirs.misId!)).toEqual(before)
  })

  test('what imports did is told of the one that is kept', async () => {
    const theirs = await fromMis()
    const ours = await add('students', { forename: 'By', surname: 'Hand' })
    await merge('students', theirs.id, ours.id)
    const history = (await api('GET', `/students/${ours.id}/history`)).body
    expect(history.imports).toMatchObject([{ change: 'joiner', undone: false }])
    expect((await api('GET', `/students/${randomUUID()}/history`)).status).toBe(404)
  })
})

test('every table that names a person is known to merging: moved, or asked by way of who it is now', async () => {
  const client = new pg.Client({ connectionString: world.running.app.settings.databaseUrl! })
  await client.connect()
  const { rows } = await client.query<{ name: string }>(
    `select table_name as name from information_schema.columns where column_name = 'person_id' order by 1`,
  )
  await client.end()
  const asked = ['import_change', 'movement']
  const moved = ['mis_person', 'notice', 'register_check', 'write_back']
  expect(rows.map(({ name }) => name)).toEqual([...asked, ...moved].toSorted())
})

describe('afterwards', () => {
  test('sent twice, with and without a key: the same answer; another way: 409', async () => {
    const [one, two, three] = [
      await add('employees', { surname: 'First' }),
      await add('employees', { surname: 'Second' }),
      await add('employees', { surname: 'Third' }),
    ]
    const key = { 'idempotency-key': randomUUID() }
    const first = await merge('employees', one.id, two.id, key)
    expect(await merge('employees', one.id, two.id, key)).toMatchObject({ status: 200, body: first.body })
    expect(await merge('employees', one.id, two.id)).toMatchObject({ status: 200, body: first.body })
    for (const [from, into] of [
      [one, three],
      [two, one],
      [three, one],
    ])
      expect(await merge('employees', from!.id, into!.id)).toMatchObject({
        status: 409,
        body: { error: { code: 'people.merged', message: expect.stringContaining('Second') } },
      })
  })

  test('a record that was merged is changed and restored by nobody, and is in no list', async () => {
    const [one, two] = [
      await add('employees', { surname: 'Gone' }),
      await add('employees', { surname: 'Stays' }),
    ]
    await merge('employees', one.id, two.id)
    for (const [method, path, body] of [
      ['PATCH', '', { surname: 'X' }],
      ['POST', '/restore', undefined],
      ['POST', '/archive', undefined],
    ] as const)
      expect((await api(method, `/employees/${one.id}${path}`, body)).status).toBe(409)
    for (const query of ['?q=gone', '?q=gone&state=archived'])
      expect((await api('GET', `/employees${query}`)).body.data).toEqual([])
  })

  test('two merges at once of one pair in both directions: one of them wins, nobody is lost', async () => {
    const [one, two] = [
      await add('students', { surname: 'Left' }),
      await add('students', { surname: 'Right' }),
    ]
    const answers = await Promise.all([merge('students', one.id, two.id), merge('students', two.id, one.id)])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
    const states = [await get('students', one.id), await get('students', two.id)].map(({ state }) => state)
    expect(states.toSorted()).toEqual(['active', 'archived'])
  })

  test('undoing the import that brought the other record leaves the kept one', async () => {
    const fresh = await linkedSite(world, 'Holy Cross')
    const at = `/sites/${fresh.id}`
    const [theirs] = (await world.api('GET', `${at}/students?limit=1`)).body.data as Person[]
    const ours = (await world.api('POST', `${at}/students`, { forename: 'By', surname: 'Hand' }))
      .body as Person
    await world.api('POST', `${at}/students/${theirs!.id}/merge`, { into: ours.id })
    const [run] = (await world.api('GET', `${at}/mis/imports`)).body.data
    expect((await world.api('POST', `${at}/mis/imports/${run.id}/undo`)).body.state).toBe('undone')
    expect((await world.api('GET', `${at}/students?state=active`)).body.data).toMatchObject([{ id: ours.id }])
    expect((await world.api('GET', `${at}/students/${theirs!.id}`)).body).toMatchObject({
      mergedInto: ours.id,
      state: 'archived',
    })
  })
})

describe('removing all imported staff', () => {
  const remove = (confirmCount: unknown) => api('POST', '/employees/archive-imported', { confirmCount })

  test('the wrong number changes nothing and names the right one; the right one archives them for good', async () => {
    const active = async () => (await api('GET', '/employees?state=active&limit=500')).body.data as Person[]
    const before = (await active()).filter((one) => one.misId !== null)
    const byHand = (await active()).filter((one) => one.misId === null)
    expect(before.length).toBeGreaterThan(3)
    const students = (await api('GET', '/students?state=active&limit=500')).body.data.length
    for (const wrong of ['x', -1, null]) expect((await remove(wrong)).status).toBe(422)
    const refused = await remove(before.length + 1)
    expect(refused.status).toBe(409)
    expect(refused.body.error.fields.confirmCount).toContain(`${before.length} imported employees`)
    expect((await active()).length).toBe(before.length + byHand.length)
    expect(await remove(before.length)).toMatchObject({ status: 200, body: { archived: before.length } })
    expect(await remove(before.length)).toMatchObject({ status: 200, body: { archived: 0 } })
    await world.control('POST', `/schools/${school}/roll`, { join: 1 })
    expect((await imported(world, site)).state).toBe('done')
    expect((await active()).map(({ id }) => id)).toEqual(byHand.map(({ id }) => id))
    expect((await api('GET', '/students?state=active&limit=500')).body.data.length).toBeGreaterThanOrEqual(
      students,
    )
    expect((await api('GET', '/mis/people?kind=employee&importing=true')).body.data).toEqual([])
    // Green again: the same records.
    const back = await api('POST', '/mis/people/selection', { importing: true, all: true, kind: 'employee' })
    expect(back.status).toBe(200)
    expect((await active()).map(({ id }) => id).toSorted()).toEqual(
      [...before, ...byHand].map(({ id }) => id).toSorted(),
    )
  })
})
