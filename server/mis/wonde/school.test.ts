import { describe, expect, test } from 'vitest'
import type { MisReading } from '../mis.ts'
import { followable, parseBaseUrl, regionBaseUrl, resolveBaseUrl, WONDE_DOMAINS } from './domains.ts'
import { collect, driver, failure, json, listBody, schoolId, startLoopback, token } from './loopback.ts'
import { createPace, createWonde } from './wonde.ts'

const wireSchool = {
  id: schoolId,
  name: 'Wonde Testing School',
  establishment_number: '3430',
  urn: 148187,
  phase_of_education: 'PRIMARY',
  timezone: 'Europe/London',
  mis: 'SIMS',
  extended: { allows_writeback: true, has_timetables: false },
  region: {
    code: 'GBR',
    domain: 'api.wonde.com',
    school_url: 'https://api.wonde.com/v1.0/schools/A1930499544',
  },
}
const wireMeta = { online: true, approved: true, audited: false, custom_attendance_codes: false }
const reading: MisReading = { refusedIncludes: [] }

describe('the school', () => {
  test('is school and meta in one', async () => {
    const server = await startLoopback((seen, reply) =>
      json(reply, 200, {
        data: seen.path.includes('/meta/') ? wireMeta : wireSchool,
        meta: { includes: ['cbds'] },
      }),
    )
    expect(await driver(server.baseUrl).mis.school()).toEqual({
      id: schoolId,
      name: 'Wonde Testing School',
      mis: 'SIMS',
      phase: 'PRIMARY',
      timeZone: 'Europe/London',
      allowsWriteback: true,
      online: true,
      approved: true,
      audited: false,
    })
    expect(server.seen.map((seen) => seen.path)).toEqual([
      `/v1.0/schools/${schoolId}`,
      `/v1.0/meta/schools/${schoolId}`,
    ])
  })

  test.each([401, 403, 404, 500, 200])(
    'a meta that answers %i with nothing of use is simply not told',
    async (status) => {
      const server = await startLoopback((seen, reply) =>
        seen.path.includes('/meta/') ? json(reply, status, {}) : json(reply, 200, { data: wireSchool }),
      )
      expect(await driver(server.baseUrl).mis.school()).toMatchObject({
        mis: 'SIMS',
        online: null,
        approved: null,
        audited: null,
      })
    },
  )

  test.each([
    [401, 'unauthorised'],
    [403, 'rejected'],
    [404, 'rejected'],
    [423, 'unavailable'],
    [429, 'slow-down'],
    [503, 'unavailable'],
  ])('%i is %s in one quick attempt', async (status, kind) => {
    const server = await startLoopback((_seen, reply) => json(reply, status, { error: 'no' }))
    expect(await failure(driver(server.baseUrl).mis.school())).toMatchObject({ kind, status })
    expect(server.seen).toHaveLength(1)
  })

  test('a patient caller gets what passes repeated', async () => {
    let left = 2
    const server = await startLoopback((seen, reply) => {
      if (left-- > 0) return json(reply, 503, {})
      json(reply, 200, { data: seen.path.includes('/meta/') ? wireMeta : wireSchool })
    })
    const { mis, waits } = driver(server.baseUrl)
    expect(await mis.school(undefined, { patient: true })).toMatchObject({ online: true })
    expect(waits).toEqual([1_000, 3_000])
  })

  test.each([
    ['another school', { data: { ...wireSchool, id: 'A1' } }],
    ['no data', { data: null }],
    ['a list', { data: [] }],
  ])('%s is unreadable', async (_, body) => {
    const server = await startLoopback((_seen, reply) => json(reply, 200, body))
    expect(await failure(driver(server.baseUrl).mis.school())).toMatchObject({ kind: 'unreadable' })
  })

  test('silence is over at the quick time-out, and the caller’s signal ends it sooner', async () => {
    const server = await startLoopback(() => undefined)
    const { mis } = driver(server.baseUrl, { limits: { quickMs: 40 } })
    expect(await failure(mis.school())).toMatchObject({ kind: 'unavailable' })
    await expect(mis.school(AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('where a school lives', () => {
  test('a fixed address ignores the region and never asks for it', async () => {
    const server = await startLoopback((seen, reply) =>
      json(
        reply,
        200,
        seen.path.endsWith('codes')
          ? listBody([])
          : { data: { ...wireSchool, region: { domain: 'api-us-west-2.wonde.com' } } },
      ),
    )
    const { mis } = driver(server.baseUrl)
    await mis.school()
    await collect(mis.attendanceCodes())
    expect(server.seen.map((seen) => seen.path)).toEqual([
      `/v1.0/schools/${schoolId}`,
      `/v1.0/meta/schools/${schoolId}`,
      `/v1.0/schools/${schoolId}/attendance-codes`,
    ])
  })

  test.each([
    'evil.example',
    'api.wonde.com.evil.example',
    '127.0.0.1:9',
    'api.wonde.com:8443',
    'user@api.wonde.com',
    'api.wonde.com/x',
    null,
  ])('without a fixed address the region %s is asked for first, and not followed', async (domain) => {
    const heard: string[] = []
    const server = await startLoopback((seen, reply) =>
      json(
        reply,
        200,
        seen.path.endsWith('codes') ? listBody([]) : { data: { ...wireSchool, region: { domain } } },
      ),
    )
    const { mis } = driver(server.baseUrl, { fixedOrigin: false, onRegion: (region) => heard.push(region) })
    await collect(mis.attendanceCodes())
    await collect(mis.attendanceCodes())
    expect(server.seen.map((seen) => seen.path)).toEqual([
      `/v1.0/schools/${schoolId}`,
      `/v1.0/schools/${schoolId}/attendance-codes`,
      `/v1.0/schools/${schoolId}/attendance-codes`,
    ])
    expect(heard).toEqual(domain === null ? [] : [domain])
  })

  test('a school whose region cannot be learnt sends nothing', async () => {
    const server = await startLoopback((_seen, reply) => json(reply, 503, {}))
    const { mis } = driver(server.baseUrl, { fixedOrigin: false })
    const mark = {
      student: 'A1',
      date: '2024-09-10',
      session: 'AM' as const,
      codeId: 'A2',
      comment: null,
      minutesLate: null,
      employee: null,
    }
    expect(await failure(mis.sendSessionMark(mark))).toMatchObject({ kind: 'unavailable', written: 'no' })
    expect(server.seen.map((seen) => seen.method)).toEqual(['GET'])
  })

  test('a setting wins over the region, the region over Wonde’s home', () => {
    expect(resolveBaseUrl('http://127.0.0.1:3010/v1.0/', 'api-us-west-2.wonde.com')).toEqual({
      baseUrl: 'http://127.0.0.1:3010/v1.0',
      fixedOrigin: true,
    })
    expect(resolveBaseUrl(null, 'API-us-west-2.wonde.com')).toEqual({
      baseUrl: 'https://api-us-west-2.wonde.com/v1.0',
      fixedOrigin: false,
    })
    expect(resolveBaseUrl(undefined, 'evil.example')).toEqual({
      baseUrl: 'https://api.wonde.com/v1.0',
      fixedOrigin: false,
    })
    expect(WONDE_DOMAINS.map((domain) => regionBaseUrl(domain))).not.toContain(null)
  })

  test.each([
    ['https://api-ap-southeast-2.wonde.com/v1.0/x?cursor=1', true],
    ['https://api.wonde.com/x', true],
    ['http://api-us-west-2.wonde.com/x', false],
    ['https://api-us-west-2.wonde.com:8443/x', false],
    ['https://api.wonde.com.evil.example/x', false],
    ['https://evil.example/api.wonde.com', false],
    ['https://api.wonde.com@evil.example/', false],
    ['https://token@api.wonde.com/', false],
  ])('on real Wonde a next at %s may be followed: %s', (next, may) => {
    expect(followable(next, 'https://api.wonde.com', false) !== null).toBe(may)
    if (!next.startsWith('https://api.wonde.com/'))
      expect(followable(next, 'https://api.wonde.com', true)).toBeNull()
  })

  test.each(['ftp://x/v1.0', 'http://user:pw@x/v1.0', 'http://x/v1.0?a=1', 'nonsense'])(
    'the address %s is refused',
    (address) => {
      expect(() => parseBaseUrl(address)).toThrow()
    },
  )
})

test.each([
  '',
  '../A1',
  'A1/students',
  'A1?x=1',
  'A1%2F',
  'A1#',
  'A1 ',
  '..',
  'a'.repeat(101),
  'A1\n',
  '@evil',
])('the school id %j is refused', (bad) => {
  const make = () =>
    createWonde({
      baseUrl: 'http://127.0.0.1:1/v1.0',
      fixedOrigin: true,
      schoolId: bad,
      token,
      pace: createPace(),
    })
  expect(make).toThrow(expect.objectContaining({ name: 'MisError', kind: 'rejected' }) as Error)
})

test.each(['', 'a b', 'a\r\nx: y', 'é', 'a\u0000'])('the token %j is refused without being shown', (bad) => {
  const make = () =>
    createWonde({
      baseUrl: 'http://127.0.0.1:1/v1.0',
      fixedOrigin: true,
      schoolId,
      token: bad,
      pace: createPace(),
    })
  expect(make).toThrow(expect.objectContaining({ name: 'MisError', kind: 'unauthorised' }) as Error)
})

test('a token of one school says nothing of another: each driver sends its own', async () => {
  const server = await startLoopback((seen, reply) =>
    seen.headers['authorization'] === 'Bearer good' ? json(reply, 200, listBody([])) : json(reply, 401, {}),
  )
  const pace = createPace()
  const bad = driver(server.baseUrl, { pace, token: 'bad' }).mis
  const good = driver(server.baseUrl, { pace, token: 'good', schoolId: 'A2' }).mis
  const [first, second] = await Promise.allSettled([
    collect(bad.students(reading)),
    collect(good.students(reading)),
  ])
  expect([first.status, second.status]).toEqual(['rejected', 'fulfilled'])
})
