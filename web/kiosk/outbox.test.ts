import { describe, expect, it } from 'vitest'
import type { Waiting } from './kept.ts'
import { outbox, pauseAfter, type Ways } from './outbox.ts'
import { type Command, Failure, verdictOf } from './wire.ts'

const command = (id: string): Command => ({
  id,
  type: 'late-arrival',
  person: id,
  happenedAt: '2026-11-26T09:14:00Z',
})

/** A line in memory, and a server that answers each command with what it is told to, then takes it. */
function world(answers: Record<string, Failure[]> = {}) {
  let place = 0
  const line: Waiting[] = []
  const seen = { sent: [] as string[], aside: [] as string[], reached: [] as boolean[], unpaired: 0, lost: 0 }
  let alone: Promise<unknown> = Promise.resolve()
  const ways: Ways = {
    line: {
      async add(command) {
        place += 1
        line.push({ place, command })
      },
      first: async () => line[0] ?? null,
      async remove(at) {
        line.splice(
          line.findIndex((one) => one.place === at),
          1,
        )
      },
      async setAside(one) {
        line.splice(line.indexOf(one), 1)
        seen.aside.push(one.command.id)
      },
    },
    async send({ id }) {
      const failure = answers[id]?.shift()
      if (failure) throw failure
      seen.sent.push(id)
    },
    async alone(work) {
      const mine = alone.then(work)
      alone = mine.catch(() => undefined)
      return await mine
    },
    onChange() {},
    onReached: (reached) => seen.reached.push(reached),
    async onUnpaired() {
      seen.unpaired += 1
    },
    onLost() {
      seen.lost += 1
    },
  }
  return { ways, line, seen }
}

const down = () => new Failure('unreachable', 0, 'There is no network.')

describe('the outbox', () => {
  it('sends in the order in which things happened', async () => {
    const { ways, line, seen } = world()
    const out = outbox(ways)
    for (const id of ['a', 'b', 'c']) await out.add(command(id))
    await out.deliver()
    expect(seen.sent).toEqual(['a', 'b', 'c'])
    expect(line).toEqual([])
  })

  it('moves a refused command aside, and the ones behind it move on', async () => {
    const { ways, line, seen } = world({ b: [new Failure('refused', 422, 'No.')] })
    for (const id of ['a', 'b', 'c']) await ways.line.add(command(id))
    await outbox(ways).deliver()
    expect(seen.sent).toEqual(['a', 'c'])
    expect(seen.aside).toEqual(['b'])
    expect(line).toEqual([])
  })

  it('keeps everything, and the order, while the server cannot be reached', async () => {
    const { ways, line, seen } = world({ a: [down()] })
    for (const id of ['a', 'b']) await ways.line.add(command(id))
    const out = outbox(ways)
    await out.deliver()
    expect(seen.sent).toEqual([])
    expect(seen.reached).toEqual([false])
    expect(line).toHaveLength(2)
    await out.deliver()
    expect(seen.sent).toEqual(['a', 'b'])
    expect(seen.reached.at(-1)).toBe(true)
  })

  it('stops and says so when the device is no longer paired', async () => {
    const { ways, seen } = world({ a: [new Failure('unpaired', 401, 'Not paired.')] })
    for (const id of ['a', 'b']) await ways.line.add(command(id))
    await outbox(ways).deliver()
    expect(seen.unpaired).toBe(1)
    expect(seen.sent).toEqual([])
  })

  it('stops and keeps the line when the device has lost its pairing', async () => {
    const { ways, line, seen } = world({ a: [new Failure('lost', 401, 'Not paired.')] })
    for (const id of ['a', 'b']) await ways.line.add(command(id))
    const out = outbox(ways)
    await out.deliver()
    expect(seen).toMatchObject({ lost: 1, unpaired: 0, sent: [] })
    expect(line).toHaveLength(2)
    await out.deliver()
    expect(seen.sent).toEqual(['a', 'b'])
  })

  it('sends each once when two tabs share one line', async () => {
    const { ways, seen } = world()
    for (const id of ['a', 'b', 'c', 'd']) await ways.line.add(command(id))
    await Promise.all([outbox(ways).deliver(), outbox(ways).deliver()])
    expect(seen.sent).toEqual(['a', 'b', 'c', 'd'])
  })
})

describe('the pause before another try', () => {
  it.each([
    [1, 1000],
    [2, 2000],
    [5, 16_000],
    [7, 60_000],
    [40, 60_000],
  ])('after %i failures is %i ms', (failures, expected) => {
    expect(pauseAfter(failures, 0, 0.5)).toBe(expected)
  })

  it('is never shorter than the server asked for', () => {
    expect(pauseAfter(1, 30_000, 0)).toBe(30_000)
  })
})

describe('what an answer means', () => {
  it.each([
    [401, true, 'lost'],
    [401, false, 'unreachable'],
    [408, true, 'unreachable'],
    [429, true, 'unreachable'],
    [500, true, 'unreachable'],
    [503, false, 'unreachable'],
    [400, false, 'refused'],
    [409, true, 'refused'],
    [422, true, 'refused'],
    [403, true, 'refused'],
    [404, true, 'refused'],
    [403, false, 'unreachable'],
    [404, false, 'unreachable'],
  ])('%i (an error of ours: %s) is %s', (status, ours, verdict) => {
    expect(verdictOf(status, ours)).toBe(verdict)
  })
  it('only an answer of ours that says so makes a device forget', () => {
    expect(verdictOf(401, true, true)).toBe('unpaired')
    expect(verdictOf(401, false, true)).toBe('unreachable')
  })
})
