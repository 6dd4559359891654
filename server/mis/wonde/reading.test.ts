import { describe, expect, test } from 'vitest'
import { gzipSync } from 'node:zlib'
import type { MisReading } from '../mis.ts'
import {
  collect,
  driver,
  failure,
  json,
  listBody,
  schoolId,
  startLoopback,
  token,
  wireEmployee,
  wireStudent,
} from './loopback.ts'

const reading = (): MisReading => ({ refusedIncludes: [] })
const studentsPath = `/v1.0/schools/${schoolId}/students`

describe('pages', () => {
  test('three pages are read to the end by following next as it stands', async () => {
    const server = await startLoopback((seen, reply) => {
      const page = Number(seen.query.get('cursor') === 'true' ? 1 : seen.query.get('cursor'))
      const next =
        page < 3 ? `${server.baseUrl}/schools/${schoolId}/students/?x=%7Bodd%7D&cursor=${page + 1}` : null
      json(reply, 200, listBody([wireStudent(page)], next))
    })
    const { mis } = driver(`${server.baseUrl}/`)
    const all = await collect(mis.students(reading()))
    expect(all).toMatchObject({ pages: 3, read: 3, problems: [] })
    expect(all.rows.map((row) => row.forename)).toEqual(['Tom 1', 'Tom 2', 'Tom 3'])
    const [first, second] = server.seen
    expect(first?.path).toBe(studentsPath)
    expect(Object.fromEntries(first?.query ?? [])).toEqual({
      include: 'education_details,registration,year',
      per_page: '200',
      cursor: 'true',
    })
    expect(first?.headers['authorization']).toBe(`Bearer ${token}`)
    expect(first?.headers['accept']).toBe('application/json')
    expect(first?.headers['user-agent']).toMatch(/^e-reception-book\/\d/)
    expect(second?.path).toBe(`${studentsPath}/`)
    expect(second?.query.get('x')).toBe('{odd}')
  })

  test('an empty page in the middle is not the end', async () => {
    const server = await startLoopback((seen, reply) => {
      const page = Number(seen.query.get('cursor') === 'true' ? 1 : seen.query.get('cursor'))
      const next = page < 3 ? `${server.baseUrl}/p?cursor=${page + 1}` : null
      json(reply, 200, listBody(page === 2 ? [] : [wireStudent(page)], next))
    })
    expect(await collect(driver(server.baseUrl).mis.students(reading()))).toMatchObject({ pages: 3, read: 2 })
  })

  const full = Array.from({ length: 200 }, (_, i) => wireStudent(i))
  test.each([
    ['more without next', { data: [], meta: { pagination: { more: true, next: null } } }],
    ['a full page and no pagination object', { data: full }],
    [
      'a full page and a pagination object without a word',
      { data: full, meta: { pagination: { per_page: 200 } } },
    ],
    ['no list', { data: { id: 'A1' } }],
    ['data null', { data: null }],
    ['no data', { message: 'hello' }],
    ['a list at the top', [wireStudent(1)]],
  ])('%s is unreadable, after one more try', async (_, body) => {
    const server = await startLoopback((_seen, reply) => json(reply, 200, body))
    const { mis, waits } = driver(server.baseUrl)
    expect(await failure(collect(mis.students(reading())))).toMatchObject({
      kind: 'unreadable',
      written: 'no',
    })
    expect(server.seen).toHaveLength(2)
    expect(waits).toHaveLength(1)
  })

  test.each([
    ['fewer rows and no pagination object', { data: full.slice(1) }, 199],
    ['fewer rows and no meta.pagination', { data: [], meta: {} }, 0],
    ['pagination null', { data: [wireStudent(1)], meta: { pagination: null } }, 1],
    ['a full page that says it is the last', listBody(full), 200],
    [
      'more false, though a next stands there',
      { data: [wireStudent(1)], meta: { pagination: { more: false, next: 'http://x/' } } },
      1,
    ],
  ])('%s: the end', async (_, body, rows) => {
    const server = await startLoopback((_seen, reply) => json(reply, 200, body))
    expect(await collect(driver(server.baseUrl).mis.students(reading()))).toMatchObject({
      pages: 1,
      read: rows,
    })
  })

  test('a next without the word more is followed, never cut', async () => {
    const server = await startLoopback((seen, reply) =>
      seen.query.has('include')
        ? json(reply, 200, {
            data: [wireStudent(1)],
            meta: { pagination: { next: `${server.baseUrl}/two` } },
          })
        : json(reply, 200, listBody([wireStudent(2)])),
    )
    expect(await collect(driver(server.baseUrl).mis.students(reading()))).toMatchObject({ read: 2 })
  })

  test.each([
    ['another host', (origin: string) => origin.replace('127.0.0.1', 'localhost')],
    ['Wonde itself, while a setting fixes the address', () => 'https://api.wonde.com/v1.0/x'],
    ['https instead of http', (origin: string) => origin.replace('http:', 'https:')],
    ['a login in the address', (origin: string) => origin.replace('http://', 'http://user:secret@')],
    ['no absolute address', () => '/v1.0/schools/A1/students?page=2'],
    ['another kind of address', () => 'file:///etc/passwd'],
  ])('a next at %s is unreadable and never asked', async (_, where) => {
    const server = await startLoopback((_seen, reply) =>
      json(reply, 200, listBody([wireStudent(1)], where(server.origin))),
    )
    expect(await failure(collect(driver(server.baseUrl).mis.students(reading())))).toMatchObject({
      kind: 'unreadable',
    })
    expect(server.seen).toHaveLength(1)
  })

  test('a next at another port never gets the token', async () => {
    const stranger = await startLoopback((_seen, reply) => json(reply, 200, listBody([wireStudent(9)])))
    const server = await startLoopback((_seen, reply) =>
      json(reply, 200, listBody([wireStudent(1)], `${stranger.baseUrl}/schools`)),
    )
    for (const fixedOrigin of [true, false]) {
      const options = { fixedOrigin, region: null }
      const { mis } = driver(server.baseUrl, options)
      if (fixedOrigin)
        expect(await failure(collect(mis.students(reading())))).toMatchObject({ kind: 'unreadable' })
      else await failure(collect(mis.students(reading())))
    }
    expect(stranger.seen).toEqual([])
  })

  test.each([1, 2])('the same next again is unreadable (a circle of %i)', async (circle) => {
    let count = 0
    const server = await startLoopback((_seen, reply) =>
      json(reply, 200, listBody([wireStudent(1)], `${server.baseUrl}/p?cursor=${++count % circle}`)),
    )
    expect(await failure(collect(driver(server.baseUrl).mis.students(reading())))).toMatchObject({
      kind: 'unreadable',
    })
    expect(server.seen.length).toBeLessThan(5)
  })

  test('a list that does not end is unreadable at the cap', async () => {
    let count = 0
    const server = await startLoopback((_seen, reply) =>
      json(reply, 200, listBody([wireStudent(1)], `${server.baseUrl}/p?cursor=${++count}`)),
    )
    const { mis } = driver(server.baseUrl)
    expect(await failure(collect(mis.students(reading())))).toMatchObject({ kind: 'unreadable' })
    expect(server.seen).toHaveLength(1_000)
  })

  test('a redirect is unreadable and not followed', async () => {
    const stranger = await startLoopback((_seen, reply) => json(reply, 200, listBody([])))
    const server = await startLoopback((_seen, reply) =>
      json(reply, 302, {}, { location: `${stranger.origin}/x` }),
    )
    const error = await failure(collect(driver(server.baseUrl).mis.students(reading())))
    expect(error).toMatchObject({ kind: 'unreadable', status: 302 })
    expect(stranger.seen).toEqual([])
  })

  test('a packed answer is unpacked', async () => {
    const server = await startLoopback((_seen, reply) => {
      reply.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      reply.end(gzipSync(JSON.stringify(listBody([wireStudent(1)]))))
    })
    expect(await collect(driver(server.baseUrl).mis.students(reading()))).toMatchObject({ read: 1 })
  })

  test('an answer larger than allowed is unreadable, packed or not', async () => {
    const big = JSON.stringify(listBody([wireStudent(1, { forename: 'x'.repeat(200_000) })]))
    for (const packed of [false, true]) {
      const server = await startLoopback((_seen, reply) => {
        reply.writeHead(200, packed ? { 'content-encoding': 'gzip' } : {})
        reply.end(packed ? gzipSync(big) : big)
      })
      const { mis } = driver(server.baseUrl, { limits: { pageBytes: 100_000 } })
      expect(await failure(collect(mis.students(reading())))).toMatchObject({ kind: 'unreadable' })
    }
  })
})

describe('page size', () => {
  test('a 400 that speaks of per_page: once more with 50, and 50 is then the full page', async () => {
    const server = await startLoopback((seen, reply) => {
      if (seen.query.get('per_page') !== '50')
        return json(reply, 400, {
          error: 'invalid_parameter',
          message: 'The per_page may not be more than 100.',
        })
      json(reply, 200, { data: Array.from({ length: 50 }, (_, i) => wireStudent(i)) })
    })
    expect(await failure(collect(driver(server.baseUrl).mis.students(reading())))).toMatchObject({
      kind: 'unreadable',
    })
    expect(server.seen.map((seen) => seen.query.get('per_page'))).toEqual(['200', '50', '50'])
  })

  test('any other 400 is final', async () => {
    const server = await startLoopback((_seen, reply) =>
      json(reply, 400, { error: 'invalid_parameter', message: 'Bad date.' }),
    )
    const error = await failure(collect(driver(server.baseUrl).mis.students(reading())))
    expect(error).toMatchObject({ kind: 'rejected', status: 400, words: 'invalid_parameter · Bad date.' })
    expect(server.seen).toHaveLength(1)
  })
})

describe('includes that the school refused', () => {
  function refusing(refused: string[], row = wireStudent(1)) {
    return startLoopback((seen, reply) => {
      const asked = (seen.query.get('include') ?? '').split(',')
      if (asked.some((include) => refused.includes(include))) {
        return json(reply, 400, { error: 'invalid_include', message: 'An include is not available.' })
      }
      const kept = Object.entries(row).filter(([key]) => !refused.includes(key))
      json(reply, 200, listBody([Object.fromEntries(kept)]))
    })
  }

  test('one refused: the others are still read, and the reading says which went', async () => {
    const server = await refusing(['registration'])
    const told = reading()
    const { rows } = await collect(driver(server.baseUrl).mis.students(told))
    expect(told.refusedIncludes).toEqual(['registration'])
    expect(rows[0]).toMatchObject({ yearGroup: 'Year 5', regGroup: undefined, leavingOn: null })
    expect(server.seen.at(-1)?.query.get('include')).toBe('education_details,year')
  })

  test('all refused: bare', async () => {
    const server = await refusing(['education_details', 'registration', 'year'])
    const told = reading()
    const { rows } = await collect(driver(server.baseUrl).mis.students(told))
    expect(told.refusedIncludes).toEqual(['education_details', 'registration', 'year'])
    expect(rows[0]).toMatchObject({ yearGroup: undefined, regGroup: undefined, leavingOn: undefined })
    expect(server.seen.at(-1)?.query.has('include')).toBe(false)
  })

  test('a refused include whose key stands there as null tells nothing', async () => {
    const server = await startLoopback((seen, reply) =>
      (seen.query.get('include') ?? '').includes('year')
        ? json(reply, 400, { message: 'invalid_include' })
        : json(reply, 200, listBody([wireStudent(1, { year: null })])),
    )
    const { rows } = await collect(driver(server.baseUrl).mis.students(reading()))
    expect(rows[0]?.yearGroup).toBeUndefined()
  })

  test('together refused and each alone fine: bare', async () => {
    const server = await startLoopback((seen, reply) =>
      (seen.query.get('include') ?? '').includes(',')
        ? json(reply, 400, { message: 'invalid_include' })
        : json(reply, 200, listBody([wireEmployee(1)])),
    )
    const told = reading()
    await collect(driver(server.baseUrl).mis.employees(told))
    expect(told.refusedIncludes).toEqual(['employment_details', 'contact_details'])
  })

  test('a bare list that is refused too is final', async () => {
    const server = await startLoopback((_seen, reply) => json(reply, 400, { message: 'invalid_include' }))
    expect(await failure(collect(driver(server.baseUrl).mis.students(reading())))).toMatchObject({
      kind: 'rejected',
    })
    expect(server.seen).toHaveLength(5)
  })

  test('a 403 is the resource, and is not asked narrower', async () => {
    const server = await startLoopback((_seen, reply) => json(reply, 403, { error: 'permission_required' }))
    const error = await failure(collect(driver(server.baseUrl).mis.employees(reading())))
    expect(error).toMatchObject({ kind: 'rejected', status: 403 })
    expect(server.seen).toHaveLength(1)
  })
})
