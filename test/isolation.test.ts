/** One site never sees another's people: by every route, and behind the application's back. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { siteTableNames } from '../server/core/migrations/migrations.ts'
import { permission } from '../shared/accounts.ts'
import { type Api, createWorld, linkedSite, type World } from './world.ts'

let world: World
let mine: { id: string }
let theirs: { id: string }
let api: Api

beforeAll(async () => {
  world = await createWorld()
  mine = await linkedSite(world, 'Oakfield')
  theirs = await linkedSite(world, 'Holy Cross')
  api = await world.as(permission.options, [mine.id])
}, 60_000)
afterAll(() => world?.close())

type Paths = Record<string, Record<string, unknown>>

test('every route of another site reads as if that site were not there', async () => {
  const { paths } = (await world.api('GET', '/openapi.json')).body as { paths: Paths }
  const tried: string[] = []
  for (const [path, methods] of Object.entries(paths)) {
    if (!path.includes('/sites/{site}')) continue
    const address = path
      .replace('/api/v1', '')
      .replace('{site}', theirs.id)
      .replaceAll(/\{\w+\}/g, randomUUID())
    for (const method of Object.keys(methods)) {
      const answer = await api(
        method.toUpperCase(),
        address,
        method === 'get' || method === 'delete' ? undefined : {},
      )
      expect.soft(`${method} ${path} ${answer.status}`).toBe(`${method} ${path} 404`)
      tried.push(path)
    }
  }
  expect(tried.length).toBeGreaterThan(35)
  const { data } = (await api('GET', '/sites')).body
  expect(data.map((site: { id: string }) => site.id)).toEqual([mine.id])
})

test('another site’s person, reason or mark is nobody’s here', async () => {
  const { data } = (await world.api('GET', `/sites/${theirs.id}/students?limit=1`)).body
  expect((await api('GET', `/sites/${mine.id}/students/${data[0].id}`)).status).toBe(404)
  const body = {
    id: randomUUID(),
    type: 'check-in',
    person: data[0].id,
    happenedAt: world.clock.now().toISOString(),
  }
  expect((await api('POST', `/sites/${mine.id}/movements`, body)).status).toBe(404)
})

test('every table of a site is forced to row-level security, and shows nothing without a site', async () => {
  const client = new pg.Client({ connectionString: world.running.app.settings.databaseUrl! })
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string; forced: boolean }>(
      `select c.relname as name, c.relforcerowsecurity as forced from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attname = 'site_id'
       where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`,
    )
    expect(rows.map((row) => row.name).sort()).toEqual([...siteTableNames].sort())
    expect(rows.every((row) => row.forced)).toBe(true)
    for (const name of siteTableNames)
      expect((await client.query(`select 1 from ${name} limit 1`)).rowCount).toBe(0)
  } finally {
    await client.end()
  }
})

test('whatever a caller sends: never a 5xx', async () => {
  const odd: unknown[] = [
    null,
    '',
    0,
    -1,
    1e99,
    [],
    {},
    'x'.repeat(5000),
    '\u0000',
    '\ud800',
    { id: 7 },
    { id: randomUUID(), type: 'late-arrival', person: '\u0000', happenedAt: 'x' },
    ...[true, 'A1', '../../etc', "' or 1=1 --", '%00', 'NaN', '2026-02-30', '24:61', '🦊', '{}'],
    ...[
      Number.MAX_SAFE_INTEGER,
      -0.5,
      [[]],
      [null],
      { data: null },
      { data: [{}] },
      { data: 'x' },
      { all: true },
    ],
    ...[{ importing: true }, { importing: true, misIds: [''] }, { importing: false, all: true, kind: 'x' }],
    ...[
      { provider: 'wonde' },
      { provider: 'sandbox', schoolId: '../x', token: 'x y' },
      { at: '25:00' },
      { at: null },
    ],
    ...[
      { as: 'x' },
      { void: true, happenedAt: 'x' },
      { happenedAt: '0001-01-01T00:00:00Z' },
      { name: '\u0000' },
    ],
    ...[
      { name: ' ' },
      { forename: '\ud800' },
      { person: null },
      { reason: { text: '' } },
      { publicScreen: 'yes' },
    ],
    ...[
      { reasonMode: 'x' },
      { edition: 'education', misIntegration: { startsOn: '9999-99-99' } },
      { preview: 'no' },
    ],
    ...[
      { __proto__: null, constructor: 1 },
      { toString: 1 },
      { id: randomUUID(), type: 'x', person: randomUUID() },
    ],
  ]
  const { paths } = (await world.api('GET', '/openapi.json')).body as { paths: Paths }
  let asked = 0
  for (const [path, methods] of Object.entries(paths)) {
    if (!path.includes('/sites/{site}') || path.endsWith('/events')) continue
    for (const method of Object.keys(methods)) {
      for (const value of odd) {
        const strange = encodeURIComponent(
          typeof value === 'string' ? value.slice(0, 200).toWellFormed() || ' ' : JSON.stringify(value),
        )
        const address = path
          .replace('/api/v1', '')
          .replace('{site}', mine.id)
          .replaceAll(/\{\w+\}/g, strange)
        const readOnly = method === 'get' || method === 'delete'
        if (method === 'delete' && path.endsWith('/connection')) continue
        const answer = await api(
          method.toUpperCase(),
          readOnly ? `${address}?q=${strange}&cursor=${strange}&limit=${strange}&kind=${strange}` : address,
          readOnly ? undefined : value,
        )
        expect
          .soft(
            answer.status < 500
              ? 'fine'
              : `${method} ${path} ${JSON.stringify(value)?.slice(0, 80)} ${answer.status}`,
          )
          .toBe('fine')
        asked++
      }
    }
  }
  expect(asked).toBeGreaterThan(2000)
}, 60_000)

test('a wrong request is told by field what is wrong', async () => {
  const unknown = await world.api('GET', `/sites/${mine.id}/students?foo=1`)
  expect(unknown).toMatchObject({
    status: 422,
    body: { error: { code: 'request.invalid', fields: { foo: expect.stringContaining('remove') } } },
  })
  const day = (await world.api('GET', `/sites/${mine.id}/school-day`)).body
  const disorder = await world.api('PUT', `/sites/${mine.id}/school-day`, {
    ...day,
    am: { ...day.am, closesAt: '00:00' },
  })
  expect(disorder.status).toBe(422)
  expect(Object.keys(disorder.body.error.fields)).toEqual(['am.closesAt'])
  const { lunchStartsAt: _gone, ...short } = day
  expect(await world.api('PUT', `/sites/${mine.id}/school-day`, short)).toMatchObject({
    status: 422,
    body: { error: { fields: { lunchStartsAt: expect.any(String) } } },
  })
  const typed = await fetch(`${world.url}/api/v1/sites/${mine.id}/closures`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: '{',
  })
  expect(typed.status).toBe(401)
})
