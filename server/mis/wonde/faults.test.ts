import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { MisReading } from '../mis.ts'
import { collect, driver, failure, json, listBody, startLoopback, token, wireStudent } from './loopback.ts'

const reading = (): MisReading => ({ refusedIncludes: [] })

describe('faults while reading', () => {
  test.each([500, 502, 503, 504, 423])('%i passes: read in the end', async (status) => {
    let left = 3
    const server = await startLoopback((_seen, reply) =>
      left-- > 0
        ? json(reply, status, { error: 'server_error' })
        : json(reply, 200, listBody([wireStudent(1)])),
    )
    const { mis, waits } = driver(server.baseUrl)
    expect(await collect(mis.students(reading()))).toMatchObject({ read: 1 })
    expect(waits).toEqual([1_000, 3_000, 9_000])
  })

  test('a fourth fault is final, and what was yielded before ends in a throw', async () => {
    const server = await startLoopback((seen, reply) =>
      seen.query.has('include')
        ? json(reply, 200, listBody([wireStudent(1)], `${server.baseUrl}/two`))
        : json(reply, 500, { message: 'Maintenance' }),
    )
    const error = await failure(collect(driver(server.baseUrl).mis.students(reading())))
    expect(error).toMatchObject({ kind: 'unavailable', status: 500, words: 'Maintenance' })
    expect(server.seen).toHaveLength(5)
  })

  test('429 waits as told, else 30 s and doubling, five times', async () => {
    const told = [
      { 'retry-after': '2' },
      { 'retry-after': 'Mon, 01 Sep 2025 09:00:20 GMT' },
      {},
      { 'retry-after': 'soon' },
      {},
    ]
    const server = await startLoopback((_seen, reply) => {
      const headers = told.shift()
      if (headers) json(reply, 429, { error: 'too_many_requests' }, headers as Record<string, string>)
      else json(reply, 200, listBody([]))
    })
    const { mis, waits } = driver(server.baseUrl, {
      now: () => new Date('2025-09-01T09:00:00Z'),
      random: () => 0,
    })
    await collect(mis.students(reading()))
    expect(waits).toEqual([2_000, 20_000, 120_000, 240_000, 480_000])
  })

  test('429 for ever is slow-down with the wait it was told', async () => {
    const server = await startLoopback((_seen, reply) => json(reply, 429, {}, { 'retry-after': '7' }))
    const error = await failure(collect(driver(server.baseUrl).mis.attendanceCodes()))
    expect(error).toMatchObject({ kind: 'slow-down', status: 429, retryAfterMs: 7_000 })
    expect(server.seen).toHaveLength(6)
  })

  test.each([
    [401, 'unauthorised'],
    [403, 'rejected'],
    [404, 'rejected'],
    [405, 'rejected'],
    [422, 'rejected'],
  ])('%i is %s at once', async (status, kind) => {
    const server = await startLoopback((_seen, reply) => json(reply, status, { error: 'no' }))
    expect(await failure(collect(driver(server.baseUrl).mis.students(reading())))).toMatchObject({
      kind,
      status,
    })
    expect(server.seen).toHaveLength(1)
  })

  test('HTML with 200 is unreadable, though it passes for a list', async () => {
    const server = await startLoopback((_seen, reply) => {
      reply.writeHead(200, { 'content-type': 'text/html; charset=UTF-8' })
      reply.end(JSON.stringify(listBody([])))
    })
    expect(await failure(collect(driver(server.baseUrl).mis.students(reading())))).toMatchObject({
      kind: 'unreadable',
    })
    expect(server.seen).toHaveLength(2)
  })

  test('cut JSON once: the second try is taken', async () => {
    let first = true
    const server = await startLoopback((_seen, reply) => {
      const body = JSON.stringify(listBody([wireStudent(1)]))
      reply.writeHead(200, { 'content-type': 'application/json' })
      reply.end(first ? body.slice(0, -40) : body)
      first = false
    })
    expect(await collect(driver(server.baseUrl).mis.students(reading()))).toMatchObject({ read: 1 })
  })

  test('a connection cut in the body is unavailable, never a shorter list', async () => {
    const server = await startLoopback((_seen, reply, socket) => {
      reply.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' })
      reply.write(JSON.stringify(listBody([wireStudent(1)])), () => socket.destroy())
    })
    const { mis, waits } = driver(server.baseUrl)
    expect(await failure(collect(mis.students(reading())))).toMatchObject({
      kind: 'unavailable',
      status: null,
    })
    expect(waits).toHaveLength(3)
  })

  test('a chunked, packed answer cut in the middle is a fault', async () => {
    const server = await startLoopback((_seen, reply, socket) => {
      reply.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      const packed = gzipSync(JSON.stringify(listBody([wireStudent(1)])))
      reply.write(packed.subarray(0, packed.length - 20), () => socket.destroy())
    })
    expect(await failure(collect(driver(server.baseUrl).mis.students(reading())))).toMatchObject({
      kind: 'unavailable',
    })
  })

  test('silence is unavailable at the time-out of a page', async () => {
    const server = await startLoopback(() => undefined)
    const { mis } = driver(server.baseUrl, { limits: { pageMs: 200 } })
    expect(await failure(collect(mis.students(reading())))).toMatchObject({
      kind: 'unavailable',
      message: expect.stringMatching(/in time/) as string,
    })
    expect(server.seen).toHaveLength(4)
  })

  test('a dripping answer is over at the time-out too', async () => {
    const server = await startLoopback((_seen, reply) => {
      reply.writeHead(200, { 'content-type': 'application/json' })
      const drip = setInterval(() => reply.write(' '), 5)
      reply.on('close', () => clearInterval(drip))
    })
    const { mis } = driver(server.baseUrl, { limits: { pageMs: 60 } })
    expect(await failure(collect(mis.students(reading())))).toMatchObject({ kind: 'unavailable' })
  })

  test('the token is in no words and no message, however it is echoed', async () => {
    const basic = Buffer.from(`${token}:`).toString('base64')
    const echo = {
      message: `Token ${token} is bad`,
      seen: { deep: [`Bearer ${token}`, `Basic ${basic}`] },
      long: 'x'.repeat(900),
    }
    const server = await startLoopback((_seen, reply) => json(reply, 401, echo))
    const error = await failure(collect(driver(server.baseUrl).mis.students(reading())))
    expect(JSON.stringify([error.message, error.words, error.stack])).not.toContain(token)
    expect(error.words).not.toContain(basic)
    expect(error.words).toMatch(/^Token … is bad · Bearer … · Basic …/)
    expect(error.words?.length).toBeLessThanOrEqual(500)
  })

  test('the words of an HTML fault are its text', async () => {
    const server = await startLoopback((_seen, reply) => {
      reply.writeHead(403, { 'content-type': 'text/html' })
      reply.end('<html><style>p{}</style><p>Attention  required!</p></html>')
    })
    const error = await failure(collect(driver(server.baseUrl).mis.students(reading())))
    expect(error.words).toBe('Attention required!')
  })

  test('a huge fault is read only so far as it is shown', async () => {
    const server = await startLoopback((_seen, reply) => {
      reply.writeHead(404, { 'content-type': 'text/plain' })
      const pour = () => {
        while (reply.write('word '.repeat(2_000)));
        reply.once('drain', pour)
      }
      pour()
    })
    const error = await failure(collect(driver(server.baseUrl).mis.students(reading())))
    expect(error).toMatchObject({ kind: 'rejected', status: 404 })
    expect(error.words?.length).toBeLessThanOrEqual(500)
  })

  test('the caller’s signal ends a reading with AbortError, in a request and in a wait', async () => {
    const server = await startLoopback(
      (seen, reply) => seen.path.endsWith('employees') && json(reply, 503, {}),
    )
    const silent = new AbortController()
    const { mis } = driver(server.baseUrl, { wait: () => (silent.abort(), Promise.resolve()) })
    await expect(collect(mis.employees(reading(), silent.signal))).rejects.toMatchObject({
      name: 'AbortError',
    })
    const soon = AbortSignal.timeout(20)
    await expect(collect(mis.students(reading(), soon))).rejects.toMatchObject({ name: 'AbortError' })
    await expect(collect(mis.students(reading(), soon))).rejects.toMatchObject({ name: 'AbortError' })
    expect(server.seen).toHaveLength(2)
  })
})
