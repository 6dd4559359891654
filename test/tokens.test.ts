/** Tokens of other programs: never more than one's own, shown once, refused at once when revoked. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { permission } from '../shared/accounts.ts'
import { type Api, caller, createWorld, type World } from './world.ts'

let world: World
let first: string
let second: string
let head: Api

beforeAll(async () => {
  world = await createWorld()
  const make = async (name: string) =>
    (await world.api('POST', '/sites', { name, phase: 'primary' })).body.id as string
  first = await make('First School')
  second = await make('Second School')
  head = await world.as(['api.tokens', 'people.read', 'attendance.read'], [first])
}, 60_000)
afterAll(() => world?.close())

const by = (token: string) => caller(`${world.url}/api/v1`, { authorization: `Bearer ${token}` })
const wanted = (more: object = {}) => ({
  name: 'Timetable program',
  sites: [first],
  permissions: ['people.read'],
  days: 30,
  ...more,
})

test('made, used, seen in the list without its text, revoked and refused from the next call on', async () => {
  const { status, body: made } = await head('POST', '/tokens', wanted())
  expect(status).toBe(201)
  expect(made).toMatchObject({
    state: 'active',
    sites: [first],
    permissions: ['people.read'],
    lastUsedAt: null,
  })
  const program = by(made.token)
  expect((await program('GET', `/sites/${first}/students`)).status).toBe(200)
  expect((await program('GET', `/sites/${second}/students`)).status).toBe(404)
  expect((await program('GET', `/sites/${first}/movements`)).status).toBe(403)
  expect((await program('GET', '/tokens')).status).toBe(403)

  const listed = (await head('GET', '/tokens')).body.data.find((row: { id: string }) => row.id === made.id)
  expect(listed).toMatchObject({ name: 'Timetable program', token: null, lastUsedAt: expect.any(String) })
  expect(JSON.stringify((await head('GET', '/tokens')).body)).not.toContain(made.token)

  expect((await head('DELETE', `/tokens/${made.id}`)).body).toMatchObject({ state: 'revoked' })
  expect((await program('GET', `/sites/${first}/students`)).status).toBe(401)
  const again = await head('DELETE', `/tokens/${made.id}`)
  expect([again.status, again.body.state]).toEqual([200, 'revoked'])
})

test('nobody gives more than they have: permissions, sites, the operator’s own', async () => {
  for (const [more, field] of [
    [{ permissions: ['people.read', 'people.write'] }, 'permissions'],
    [{ permissions: ['licence.write'] }, 'permissions'],
    [{ sites: [first, second] }, 'sites'],
    [{ sites: null }, 'sites'],
    [{ sites: [randomUUID()] }, 'sites'],
    [{ sites: ['nonsense'] }, 'sites'],
  ] as const) {
    const { status, body } = await head('POST', '/tokens', wanted(more))
    expect([status, Object.keys(body.error.fields)]).toEqual([403, [field]])
  }
  const all = await world.api('POST', '/tokens', wanted({ sites: null, permissions: permission.options }))
  expect(all.status).toBe(201)
  // One site's keeper sees no token that reaches further, and cannot revoke it.
  const { data } = (await head('GET', '/tokens?limit=500')).body
  expect(data.every((row: { sites: string[] }) => row.sites.every((site) => site === first))).toBe(true)
  expect((await head('DELETE', `/tokens/${all.body.id}`)).status).toBe(404)
  expect(
    (await world.as(['people.read'], [first]).then((api) => api('POST', '/tokens', wanted()))).status,
  ).toBe(403)
})

test('said twice with one key: one token, and its text only the first time', async () => {
  const key = { 'idempotency-key': randomUUID() }
  const one = await head('POST', '/tokens', wanted({ name: 'Twice' }), key)
  const two = await head('POST', '/tokens', wanted({ name: 'Twice' }), key)
  expect([one.status, two.status]).toEqual([201, 200])
  expect(two.body).toMatchObject({ id: one.body.id, token: null })
  expect((await head('POST', '/tokens', wanted({ name: 'Other' }), key)).status).toBe(409)
})

test('what is wrong is named', async () => {
  for (const [more, field] of [
    [{ name: '  ' }, 'name'],
    [{ sites: [] }, 'sites'],
    [{ permissions: [] }, 'permissions'],
    [{ permissions: ['everything'] }, 'permissions.0'],
    [{ days: 0 }, 'days'],
  ] as const) {
    const { status, body } = await head('POST', '/tokens', wanted(more))
    expect([status, Object.keys(body.error.fields)]).toEqual([422, [field]])
  }
})

test('the list goes on where it stopped', async () => {
  for (let n = 0; n < 3; n++) await head('POST', '/tokens', wanted({ name: `Program ${n}` }))
  const seen: string[] = []
  for (let next: string | null = ''; next !== null; ) {
    const page: { data: { id: string }[]; meta: { next: string | null } } = (
      await head('GET', `/tokens?limit=2${next && `&cursor=${next}`}`)
    ).body
    seen.push(...page.data.map((row) => row.id))
    next = page.meta.next
  }
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen.length).toBeGreaterThanOrEqual(5)
})
