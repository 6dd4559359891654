/** An import changes all or nothing, and cannot wipe a school (contract §3.2). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createWorld, imported, linkedSite, type World } from './world.ts'

let world: World
let site: { id: string; school: string }

beforeAll(async () => {
  world = await createWorld()
  site = await linkedSite(world, 'Oakfield')
}, 60_000)
afterAll(() => world?.close())
beforeEach(() => world.control('DELETE', `/schools/${site.school}/faults`))

const get = async (path: string) => (await world.api('GET', `/sites/${site.id}${path}`)).body
const post = (path: string, body: unknown = {}) => world.api('POST', `/sites/${site.id}${path}`, body)
const fault = (kind: string, on = 'students', more: object = {}) =>
  world.control('PUT', `/schools/${site.school}/faults`, { data: [{ on, kind, ...more }] })
const people = async () => JSON.stringify((await get('/students?limit=500&state=active')).data)

describe('an answer that cannot be trusted changes nobody', () => {
  test.each([
    ['empty', 'held', 'import.empty'],
    ['half', 'held', 'import.brake'],
    ['cut-json', 'failed', 'import.unreachable|import.unreadable'],
    ['html', 'failed', 'import.unreadable'],
    ['foreign-next', 'failed', 'import.unreadable'],
    ['looping-next', 'failed', 'import.unreadable'],
    ['more-without-next', 'failed', 'import.unreadable'],
    ['no-pagination', 'failed|held', 'import.unreadable|import.brake'],
    ['403', 'failed', 'import.refused'],
  ])('%s', async (kind, state, code) => {
    const before = await people()
    await fault(kind)
    const run = await imported(world, site.id)
    expect(run.state).toMatch(new RegExp(`^(${state})$`))
    expect(run.cause.code).toMatch(new RegExp(`^(${code})$`))
    expect(run.cause.fix.length).toBeGreaterThan(10)
    expect(await people()).toBe(before)
  })
})

test('a preview changes nobody; applied it does what it planned', async () => {
  const { body: rolled } = await world.control('POST', `/schools/${site.school}/roll`, { join: 2 })
  expect(rolled).toBeDefined()
  const before = await people()
  const preview = await imported(world, site.id, { preview: true })
  expect(preview).toMatchObject({ state: 'held', preview: true, cause: { code: 'import.preview' } })
  expect(preview.counts.students).toMatchObject({ joiners: 2, unchanged: 210 })
  expect(await people()).toBe(before)
  const { data: changes } = await get(`/mis/imports/${preview.id}/changes`)
  expect(changes.map((row: { change: string }) => row.change)).toEqual(['joiner', 'joiner'])
  expect((await post(`/mis/imports/${preview.id}/apply`)).status).toBe(202)
  await expect
    .poll(async () => (await get(`/mis/imports/${preview.id}`)).state, { timeout: 10_000 })
    .toBe('done')
  expect((await get('/students?limit=500&state=active')).data).toHaveLength(212)
})

test('a few leavers go by themselves; more than a tenth wait for a person', async () => {
  const { data } = await get('/students?limit=500&state=active')
  const ids: string[] = data.map((row: { misId: string }) => row.misId)
  await world.control('POST', `/schools/${site.school}/roll`, { leave: ids.slice(0, 3) })
  expect((await imported(world, site.id)).counts.students.leavers).toBe(3)
  await world.control('POST', `/schools/${site.school}/roll`, { leave: ids.slice(3, 33) })
  const before = await people()
  const held = await imported(world, site.id)
  expect(held).toMatchObject({ state: 'held', cause: { code: 'import.brake' } })
  expect(held.counts.students.leavers).toBe(30)
  expect(await people()).toBe(before)
  const discarded = await post(`/mis/imports/${held.id}/discard`)
  expect(discarded.body.state).toBe('discarded')
  expect((await post(`/mis/imports/${held.id}/apply`)).status).toBe(409)
})

test('red archives at once, green brings the same record back, and imports keep to it', async () => {
  const { data } = await get('/employees?limit=500&state=active')
  const { id, misId } = data[0]
  expect((await post('/mis/people/selection', { importing: false, misIds: [misId] })).body).toEqual({
    changed: 1,
  })
  expect(await get(`/employees/${id}`)).toMatchObject({ state: 'archived', importing: false })
  const run = await imported(world, site.id, { preview: true })
  expect(run.counts.employees).toMatchObject({ excluded: 1, leavers: 0 })
  await post('/mis/people/selection', { importing: true, misIds: [misId] })
  expect(await get(`/employees/${id}`)).toMatchObject({ id, state: 'active', importing: true })
  expect(
    (await post('/mis/people/selection', { importing: false, misIds: [misId, 'A0000000000'] })).status,
  ).toBe(404)
  expect(await get(`/employees/${id}`)).toMatchObject({ state: 'active' })
})

test('one press or ten: one import', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => post('/mis/imports')))
  expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1)
  await imported(world, site.id)
})

test('an import is undone for everybody it touched, and the next one waits for a person', async () => {
  // Those who left in the brake's test are still here: a person says that they may go.
  const braked = await imported(world, site.id)
  await post(`/mis/imports/${braked.id}/apply`)
  await expect
    .poll(async () => (await get(`/mis/imports/${braked.id}`)).state, { timeout: 10_000 })
    .toBe('done')
  const { data } = await get('/students?limit=500&state=active')
  const [renamed, leaver] = data
  await world.control('POST', `/schools/${site.school}/roll`, {
    join: 1,
    leave: [leaver.misId],
    rename: [{ id: renamed.misId, forename: 'Maximilian' }],
  })
  const before = await people()
  const run = await imported(world, site.id)
  expect(run.counts.students).toMatchObject({ joiners: 1, changed: 1, leavers: 1 })
  expect(await people()).not.toBe(before)
  expect((await post(`/mis/imports/${run.id}/undo`)).body.state).toBe('undone')
  const names = (text: string) =>
    JSON.parse(text).map((row: { id: string; name: string }) => [row.id, row.name])
  expect(names(await people())).toEqual(names(before))
  const held = await imported(world, site.id)
  expect(held).toMatchObject({ state: 'held', cause: { code: 'import.after_undo' } })
  await post(`/mis/imports/${held.id}/apply`)
  await expect
    .poll(async () => (await get(`/mis/imports/${held.id}`)).state, { timeout: 10_000 })
    .toBe('done')
  expect((await get(`/students/${renamed.id}`)).forename).toBe('Maximilian')
  expect((await imported(world, site.id)).state).toBe('done')
})

test('remove all imported employees: their number must be given, and no import brings them back', async () => {
  const { data: staff } = await get('/employees?state=active&limit=500')
  expect(staff.length).toBeGreaterThan(5)
  const wrong = await post('/employees/archive-imported', { confirmCount: staff.length - 1 })
  expect(wrong.status).toBe(409)
  expect(wrong.body.error.fields.confirmCount).toContain(String(staff.length))
  expect((await get('/employees?state=active&limit=500')).data).toHaveLength(staff.length)
  const done = await post('/employees/archive-imported', { confirmCount: staff.length })
  expect(done).toMatchObject({ status: 200, body: { archived: staff.length } })
  const run = await imported(world, site.id)
  expect(run).toMatchObject({ state: 'done', counts: { employees: { joiners: 0, returned: 0, leavers: 0 } } })
  expect((await get('/employees?state=active&limit=500')).data).toHaveLength(0)
})
