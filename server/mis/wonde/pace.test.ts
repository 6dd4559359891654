import { describe, expect, test } from 'vitest'
import { createPace, type Lane, type Turn } from './pace.ts'

/** A pace with tasks that run until told, and a log of what started. */
function world() {
  const pace = createPace()
  const running: { name: string; end: () => void }[] = []
  const started: string[] = []
  const begin = (name: string, turn: Partial<Turn> & { lane: Lane }) =>
    pace.run({ school: 'A', token: 't', ...turn }, () => {
      started.push(name)
      return new Promise<void>((resolve) => running.push({ name, end: resolve }))
    })
  const end = async (name: string) => {
    const at = running.findIndex((task) => task.name === name)
    running.splice(at, 1)[0]?.end()
    await settle()
  }
  return { pace, begin, end, started, running }
}
const settle = () => new Promise((resolve) => setImmediate(resolve))
const quietly = (task: Promise<unknown>) => void task.catch(() => undefined)

describe('per school', () => {
  test.each<[Lane, number]>([
    ['post', 2],
    ['marks', 1],
    ['page', 1],
    ['status', 1],
    ['check', 2],
  ])('%s: %i in flight', async (lane, most) => {
    const { begin, end, started } = world()
    for (let i = 0; i < 4; i++) quietly(begin(`${i}`, { lane }))
    await settle()
    expect(started).toHaveLength(most)
    await end('0')
    expect(started).toHaveLength(most + 1)
  })

  test('holds over all tokens of the school, and a place freed by one is given to the other', async () => {
    const { begin, end, started } = world()
    quietly(begin('one', { lane: 'page', token: 't' }))
    quietly(begin('two', { lane: 'page', token: 'u' }))
    await settle()
    expect(started).toEqual(['one'])
    await end('one')
    expect(started).toEqual(['one', 'two'])
  })

  test('one school’s queue does not hold up another’s', async () => {
    const { begin, started } = world()
    for (let i = 0; i < 50; i++) quietly(begin(`a${i}`, { lane: 'post' }))
    quietly(begin('b', { lane: 'post', school: 'B' }))
    await settle()
    expect(started).toEqual(['a0', 'a1', 'b'])
  })
})

describe('per token', () => {
  test('eight in flight over all schools', async () => {
    const { begin, end, started, pace } = world()
    for (let i = 0; i < 20; i++) quietly(begin(`${i}`, { lane: 'post', school: `S${i}` }))
    quietly(begin('other token', { lane: 'post', school: 'Z', token: 'u' }))
    await settle()
    expect(started).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', 'other token'])
    expect(pace.load()).toEqual({ inFlight: 9, waiting: 12, schools: 21 })
    await end('3')
    expect(started.at(-1)).toBe('8')
  })

  test('marks first, then the reading of marks, then status, then checks, then pages', async () => {
    const { begin, end, started } = world()
    for (let i = 0; i < 8; i++) quietly(begin(`full${i}`, { lane: 'post', school: `S${i}` }))
    for (const lane of ['page', 'check', 'status', 'marks', 'post'] as const) quietly(begin(lane, { lane }))
    await settle()
    for (let i = 0; i < 5; i++) await end(`full${i}`)
    expect(started.slice(8)).toEqual(['post', 'marks', 'status', 'check', 'page'])
  })

  test('import pages never fill it: a mark goes at once in the middle of a night of imports', async () => {
    const { begin, started } = world()
    for (let i = 0; i < 8; i++) quietly(begin(`page${i}`, { lane: 'page', school: `S${i}` }))
    quietly(begin('mark', { lane: 'post' }))
    await settle()
    expect(started).toEqual(['page0', 'page1', 'page2', 'page3', 'page4', 'page5', 'mark'])
  })

  test('schools take turns', async () => {
    const { begin, end, started } = world()
    for (let i = 0; i < 8; i++) quietly(begin(`full${i}`, { lane: 'status', school: `S${i}` }))
    for (let i = 0; i < 3; i++) quietly(begin(`a${i}`, { lane: 'post', school: 'A' }))
    for (let i = 0; i < 3; i++) quietly(begin(`b${i}`, { lane: 'post', school: 'B' }))
    await settle()
    for (let i = 0; i < 4; i++) await end(`full${i}`)
    expect(started.slice(8)).toEqual(['a0', 'b0', 'a1', 'b1'])
  })
})

test('a task that fails gives its place back, and its error comes through', async () => {
  const pace = createPace()
  const turn: Turn = { school: 'A', token: 't', lane: 'page' }
  await expect(pace.run(turn, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await pace.run(turn, () => Promise.resolve(7))).toBe(7)
})

test('one who gives up while waiting never runs, and those behind go on', async () => {
  const { begin, end, started, pace } = world()
  const stop = new AbortController()
  quietly(begin('first', { lane: 'page' }))
  const second = begin('second', { lane: 'page', signal: stop.signal })
  quietly(begin('third', { lane: 'page' }))
  stop.abort()
  await expect(second).rejects.toMatchObject({ name: 'AbortError' })
  await expect(begin('late', { lane: 'page', signal: stop.signal })).rejects.toMatchObject({
    name: 'AbortError',
  })
  await end('first')
  await end('third')
  expect(started).toEqual(['first', 'third'])
  expect(pace.load()).toEqual({ inFlight: 0, waiting: 0, schools: 0 })
})

test('thousands of turns end in order and leave nothing behind', async () => {
  const pace = createPace()
  let inFlight = 0
  let most = 0
  const turns = Array.from({ length: 5_000 }, (_, i) =>
    pace.run(
      {
        school: `S${i % 40}`,
        token: `t${i % 2}`,
        lane: (['post', 'page', 'marks'] as const)[i % 3] ?? 'post',
      },
      async () => {
        most = Math.max(most, ++inFlight)
        await settle()
        inFlight--
      },
    ),
  )
  await Promise.all(turns)
  expect(most).toBe(16)
  expect(pace.load()).toEqual({ inFlight: 0, waiting: 0, schools: 0 })
})
