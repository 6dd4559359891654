import { createServer as createTcpServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { MarkToSend, MisMark } from '../mis.ts'
import { driver, failure, json, listBody, schoolId, startLoopback, token } from './loopback.ts'

const mark: MarkToSend = {
  student: 'A1100000001',
  date: '2024-09-10',
  session: 'AM',
  codeId: 'A1700000012',
  comment: 'Dentist, arrived 09:25',
  minutesLate: 25,
  employee: 'A1600000007',
}
const wire = {
  student_id: 'A1100000001',
  date: '2024-09-10',
  session: 'AM',
  attendance_code_id: 'A1700000012',
  comment: 'Dentist, arrived 09:25',
  minutes_late: 25,
  employee_id: 'A1600000007',
}

async function sent(more: Partial<MarkToSend>): Promise<unknown> {
  const server = await startLoopback((_seen, reply) => json(reply, 200, { writeback_id: 'A1900000044' }))
  await driver(server.baseUrl).mis.sendSessionMark({ ...mark, ...more })
  return JSON.parse(server.seen[0]?.body ?? '')
}

describe('one mark', () => {
  test('goes out in one POST of exactly the reference’s shape, and the receipt comes back', async () => {
    const server = await startLoopback((_seen, reply) => json(reply, 200, { writeback_id: 'A1900000044' }))
    expect(await driver(server.baseUrl).mis.sendSessionMark(mark)).toEqual({ receipt: 'A1900000044' })
    expect(server.seen).toHaveLength(1)
    const [post] = server.seen
    expect(post).toMatchObject({ method: 'POST', path: `/v1.0/schools/${schoolId}/attendance/session` })
    expect(post?.headers).toMatchObject({
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
    })
    expect(JSON.parse(post?.body ?? '')).toEqual({ attendance: [wire] })
  })

  const { comment: _comment, ...noComment } = wire
  const { minutes_late: _late, ...noMinutes } = wire
  const { employee_id: _employee, ...noEmployee } = wire
  test.each<[Partial<MarkToSend>, unknown]>([
    [{ comment: null }, noComment],
    [{ comment: '  ' }, noComment],
    [{ minutesLate: null }, noMinutes],
    [{ minutesLate: 0 }, noMinutes],
    [{ employee: null }, noEmployee],
    [{ minutesLate: 1 }, { ...wire, minutes_late: 1 }],
    [{ comment: 'Zoë’s “ride”' }, { ...wire, comment: 'Zoë’s “ride”' }],
  ])('%j leaves out what is empty', async (more, expected) => {
    expect(await sent(more)).toEqual({ attendance: [expected] })
  })

  test.each([
    [{ writeback_id: 44 }, '44'],
    [{}, null],
    [{ writeback_id: null, status: 'ok' }, null],
    [{ writeback_id: { id: 'x' } }, null],
  ])('200 with %j is accepted', async (body, receipt) => {
    const server = await startLoopback((_seen, reply) => json(reply, 200, body))
    expect(await driver(server.baseUrl).mis.sendSessionMark(mark)).toEqual({ receipt })
  })
})

describe('a mark that fails is never sent again by the driver, and says whether it may have been written', () => {
  test.each([
    [400, 'rejected', 'no'],
    [401, 'unauthorised', 'no'],
    [403, 'rejected', 'no'],
    [404, 'rejected', 'no'],
    [405, 'rejected', 'no'],
    [413, 'rejected', 'no'],
    [422, 'rejected', 'no'],
    [423, 'unavailable', 'no'],
    [429, 'slow-down', 'no'],
    [503, 'unavailable', 'no'],
    [500, 'unavailable', 'unknown'],
    [502, 'unavailable', 'unknown'],
    [504, 'unavailable', 'unknown'],
    [522, 'unavailable', 'unknown'],
    [302, 'unreadable', 'unknown'],
  ])('%i: %s, written %s', async (status, kind, written) => {
    const server = await startLoopback((_seen, reply) => json(reply, status, { message: 'Words.' }))
    const { mis, waits } = driver(server.baseUrl)
    expect(await failure(mis.sendSessionMark(mark))).toMatchObject({
      kind,
      written,
      status,
      words: 'Words.',
      retryAfterMs: null,
    })
    expect(server.seen).toHaveLength(1)
    expect(waits).toEqual([])
  })

  test('a refusal brings its words from any depth', async () => {
    const body = {
      message: 'The given data was invalid.',
      errors: {
        'attendance.0.attendance_code_id': ['The attendance code does not exist at this school.'],
        deep: [[{ a: 'Deeper.' }]],
      },
    }
    const server = await startLoopback((_seen, reply) => json(reply, 422, body))
    const error = await failure(driver(server.baseUrl).mis.sendSessionMark(mark))
    expect(error.words).toBe(
      'The given data was invalid. · The attendance code does not exist at this school. · Deeper.',
    )
  })

  test('429 says how long, where it was told', async () => {
    const server = await startLoopback((_seen, reply) => json(reply, 429, {}, { 'retry-after': '2' }))
    expect(await failure(driver(server.baseUrl).mis.sendSessionMark(mark))).toMatchObject({
      retryAfterMs: 2_000,
      words: null,
    })
  })

  test.each([
    ['a web page', 'text/html', '<html>Maintenance</html>'],
    ['cut JSON', 'application/json', '{"writeback_id":"A19'],
    ['nothing', 'application/json', ''],
    ['a list', 'application/json', '[]'],
    ['a word', 'application/json', '"ok"'],
  ])('200 with %s: unreadable, written unknown', async (_, type, text) => {
    const server = await startLoopback((_seen, reply) =>
      reply.writeHead(200, { 'content-type': type }).end(text),
    )
    expect(await failure(driver(server.baseUrl).mis.sendSessionMark(mark))).toMatchObject({
      kind: 'unreadable',
      written: 'unknown',
    })
    expect(server.seen).toHaveLength(1)
  })

  test('connection lost after the body went: unknown', async () => {
    const server = await startLoopback((_seen, _reply, socket) => socket.destroy())
    expect(await failure(driver(server.baseUrl).mis.sendSessionMark(mark))).toMatchObject({
      kind: 'unavailable',
      written: 'unknown',
      status: null,
    })
    expect(server.seen).toHaveLength(1)
  })

  test('a 200 cut in its body: unknown', async () => {
    const server = await startLoopback((_seen, reply, socket) => {
      reply.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
      reply.write('{"writeback_id"', () => socket.destroy())
    })
    expect(await failure(driver(server.baseUrl).mis.sendSessionMark(mark))).toMatchObject({
      kind: 'unavailable',
      written: 'unknown',
    })
  })

  test('no answer in time: unknown', async () => {
    const server = await startLoopback(() => undefined)
    const { mis } = driver(server.baseUrl, { limits: { postMs: 1_000 } })
    expect(await failure(mis.sendSessionMark(mark))).toMatchObject({
      kind: 'unavailable',
      written: 'unknown',
    })
  })

  test('nothing listens there: no', async () => {
    const server = await startLoopback(() => undefined)
    await new Promise((resolve) => server.server.close(resolve))
    expect(await failure(driver(server.baseUrl).mis.sendSessionMark(mark))).toMatchObject({
      kind: 'unavailable',
      written: 'no',
    })
  })

  test('no such host: no', async () => {
    expect(await failure(driver('http://nobody.invalid/v1.0').mis.sendSessionMark(mark))).toMatchObject({
      kind: 'unavailable',
      written: 'no',
    })
  })

  test('a TLS handshake that never ends, or breaks: no, for nothing of the request went out', async () => {
    for (const hangUp of [false, true]) {
      const tcp = createTcpServer(
        (socket) => void socket.on('error', () => undefined).on('data', () => hangUp && socket.destroy()),
      )
      await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
      const { mis } = driver(`https://127.0.0.1:${(tcp.address() as AddressInfo).port}/v1.0`, {
        limits: { connectMs: 50 },
      })
      expect(await failure(mis.sendSessionMark(mark))).toMatchObject({ kind: 'unavailable', written: 'no' })
      tcp.close()
    }
  })

  test('a kept-alive connection that the other side cuts: unknown', async () => {
    let posts = 0
    const server = await startLoopback((_seen, reply, socket) =>
      posts++ === 0 ? json(reply, 200, {}) : socket.destroy(),
    )
    const { mis } = driver(server.baseUrl)
    await mis.sendSessionMark(mark)
    expect(await failure(mis.sendSessionMark(mark))).toMatchObject({
      kind: 'unavailable',
      written: 'unknown',
    })
    expect(server.sockets()).toBe(1)
  })

  test('an answer that is no HTTP: unknown', async () => {
    const tcp = createTcpServer(
      (socket) =>
        void socket.on('error', () => undefined).once('data', () => socket.end('220 smtp ready\r\n')),
    )
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void tcp.close())
    const { mis } = driver(`http://127.0.0.1:${(tcp.address() as AddressInfo).port}/v1.0`)
    expect(await failure(mis.sendSessionMark(mark))).toMatchObject({ kind: 'unreadable', written: 'unknown' })
  })
})

describe('waiting for a turn', () => {
  test('is not in the time-out, which starts with the request', async () => {
    const held: (() => void)[] = []
    const server = await startLoopback((_seen, reply) => void held.push(() => json(reply, 200, {})))
    const { mis } = driver(server.baseUrl, { limits: { postMs: 1_000 } })
    const started: number[] = []
    const begun = performance.now()
    const onStart = () => void started.push(performance.now() - begun)
    const first = [mis.sendSessionMark(mark, { onStart }), mis.sendSessionMark(mark, { onStart })]
    const queued = mis.sendSessionMark(mark, { onStart })
    await Promise.allSettled(first)
    await expect.poll(() => held.length).toBe(3)
    held[2]?.()
    expect(await queued).toEqual({ receipt: null })
    expect(started[2]).toBeGreaterThan(900)
  })

  test('can be given up, and nothing was sent; once started it cannot', async () => {
    const held: (() => void)[] = []
    const server = await startLoopback((_seen, reply) => void held.push(() => json(reply, 200, {})))
    const { mis } = driver(server.baseUrl)
    const stop = new AbortController()
    const first = [
      mis.sendSessionMark(mark, { signal: stop.signal }),
      mis.sendSessionMark(mark, { signal: stop.signal }),
    ]
    const queued = mis.sendSessionMark(mark, { signal: stop.signal })
    await expect.poll(() => held.length).toBe(2)
    stop.abort()
    await expect(queued).rejects.toMatchObject({ name: 'AbortError' })
    for (const answer of held) answer()
    expect(await Promise.all(first)).toHaveLength(2)
    expect(server.seen).toHaveLength(2)
  })

  test('a start that throws sends nothing', async () => {
    const server = await startLoopback((_seen, reply) => json(reply, 200, {}))
    const { mis } = driver(server.baseUrl)
    const late = mis.sendSessionMark(mark, { onStart: () => Promise.reject(new Error('lease lapsed')) })
    await expect(late).rejects.toThrow('lease lapsed')
    expect(server.seen).toEqual([])
  })
})

describe('what became of a mark', () => {
  async function status(body: unknown, code = 200) {
    const words: string[] = []
    const server = await startLoopback((_seen, reply) => json(reply, code, body))
    const { mis } = driver(server.baseUrl, { onUnknownWord: (word) => words.push(word) })
    const answers = [await mis.sendStatus('A1900000044'), await mis.sendStatus('A1900000044')]
    expect(server.seen[0]?.path).toBe('/v1.0/writebacks/A1900000044')
    expect(answers[1]).toEqual(answers[0])
    return { answer: answers[0], words }
  }

  test.each([
    ['completed', 'written'],
    ['Complete', 'written'],
    ['SUCCESS', 'written'],
    ['successful', 'written'],
    ['succeeded', 'written'],
    ['processed', 'written'],
    ['done', 'written'],
    ['failed', 'failed'],
    ['Failure', 'failed'],
    ['error', 'failed'],
    ['errored', 'failed'],
    ['rejected', 'failed'],
    ['cancelled', 'failed'],
    ['pending', 'accepted'],
    ['queued', 'accepted'],
    ['processing', 'accepted'],
    ['In Progress', 'accepted'],
    ['running', 'accepted'],
  ])('%s means %s', async (word, state) => {
    const { answer, words } = await status({
      data: { id: 'A19', type: 'attendance.session', status: word, message: 'Said.' },
    })
    expect(answer).toMatchObject({ state, word })
    if (state === 'failed') expect(answer).toMatchObject({ message: 'Said.' })
    expect(words).toEqual([])
  })

  test('an unknown word is still waiting, and is told once', async () => {
    const { answer, words } = await status({ data: { status: 'Parked' } })
    expect(answer).toEqual({ state: 'accepted', word: 'Parked' })
    expect(words).toEqual(['parked'])
  })

  test.each([{ data: { status: null } }, { data: {} }, { data: null }, {}])(
    '%j is still waiting',
    async (body) => {
      expect((await status(body)).answer).toEqual({ state: 'accepted', word: '' })
    },
  )

  test.each([404, 403])('%i: the provider does not tell', async (code) => {
    expect((await status({ error: 'no' }, code)).answer).toEqual({ state: 'unsupported' })
  })

  test('a failure without words, and a fault', async () => {
    expect((await status({ data: { status: 'failed', message: null } })).answer).toEqual({
      state: 'failed',
      word: 'failed',
      message: null,
    })
    const server = await startLoopback((_seen, reply) => json(reply, 500, {}))
    expect(await failure(driver(server.baseUrl).mis.sendStatus('A19'))).toMatchObject({
      kind: 'unavailable',
      written: 'no',
    })
    expect(server.seen).toHaveLength(1)
  })

  test('a receipt cannot steer the path', async () => {
    const server = await startLoopback((_seen, reply) => json(reply, 200, { data: { status: 'done' } }))
    const { mis } = driver(server.baseUrl)
    await mis.sendStatus('../schools/A1?x=1#y')
    expect(server.seen[0]?.path).toBe('/v1.0/writebacks/..%2Fschools%2FA1%3Fx%3D1%23y')
    expect([await mis.sendStatus('..'), await mis.sendStatus('.'), await mis.sendStatus('')]).toEqual([
      { state: 'unsupported' },
      { state: 'unsupported' },
      { state: 'unsupported' },
    ])
    expect(server.seen).toHaveLength(1)
  })
})

describe('reading marks', () => {
  const row = (student: string) => ({
    id: 'A18',
    date: '2024-09-10',
    session: 'AM',
    student,
    attendance_code: 'A17',
  })
  async function read(pages: AsyncIterable<MisMark[]>): Promise<MisMark[]> {
    const all: MisMark[] = []
    for await (const page of pages) all.push(...page)
    return all
  }

  test('asks for what changed since, in UTC, by cursor, and skips rows about nobody', async () => {
    const server = await startLoopback((seen, reply) =>
      json(
        reply,
        200,
        seen.query.has('updated_after')
          ? listBody([row('A1'), { id: 'A2' }], `${server.baseUrl}/two`)
          : listBody([row('A2')]),
      ),
    )
    const marks = await read(driver(server.baseUrl).mis.readMarks(new Date('2024-09-10T08:00:00.900+01:00')))
    expect(marks.map((found) => found.student)).toEqual(['A1', 'A2'])
    expect(server.seen[0]?.path).toBe(`/v1.0/schools/${schoolId}/attendance/session`)
    expect(Object.fromEntries(server.seen[0]?.query ?? [])).toEqual({
      updated_after: '2024-09-10 07:00:00',
      per_page: '200',
      cursor: 'true',
    })
  })

  test.each([500, 429, 423])('%i: one attempt, the caller decides', async (status) => {
    const server = await startLoopback((_seen, reply) => json(reply, status, {}))
    await failure(read(driver(server.baseUrl).mis.readMarks(new Date())))
    expect(server.seen).toHaveLength(1)
  })
})
