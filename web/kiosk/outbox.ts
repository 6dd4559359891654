/**
 * Movements on their way to the server: kept first, then sent one by one in the order they happened, until each is
 * delivered or refused (contract §3.6). Sending may repeat, being told twice is harmless: each has its own id.
 */
import type { Waiting } from './kept.ts'
import { type Command, Failure } from './wire.ts'

export type Line = {
  add(command: Command): Promise<void>
  first(): Promise<Waiting | null>
  remove(place: number): Promise<void>
  setAside(waiting: Waiting, why: string): Promise<void>
}

export type Ways = {
  line: Line
  send(command: Command): Promise<void>
  /** Runs the work while no other tab of this device does. */
  alone<T>(work: () => Promise<T>): Promise<T>
  onChange(): void
  onReached(reached: boolean): void
  onUnpaired(): Promise<void>
  onLost(): void
}

const longestMs = 60_000

/** One second, two, four … to a minute; longer when the server asked for it. Spread, so that kiosks do not march. */
export function pauseAfter(failures: number, askedMs: number, chance = Math.random()): number {
  const pause = Math.min(longestMs, 1000 * 2 ** Math.max(0, failures - 1))
  return Math.max(askedMs, Math.round(pause * (0.75 + chance / 2)))
}

export function outbox(ways: Ways) {
  let running: Promise<void> | null = null
  let again = false
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  /** True when the first of the line is dealt with, false when there is none. */
  async function deliverFirst(): Promise<boolean> {
    const first = await ways.line.first()
    if (first === null) return false
    try {
      await ways.send(first.command)
      await ways.line.remove(first.place)
    } catch (error) {
      if (!(error instanceof Failure) || error.verdict !== 'refused') throw error
      await ways.line.setAside(first, `${error.status} ${error.message}`)
    }
    failures = 0
    ways.onReached(true)
    ways.onChange()
    return true
  }

  async function run(): Promise<void> {
    clearTimeout(timer)
    try {
      do {
        again = false
        // One at a time under the lock: another tab may send what it has added in between, still in order.
        while (await ways.alone(deliverFirst));
      } while (again)
    } catch (error) {
      if (error instanceof Failure && error.verdict === 'unpaired') return await ways.onUnpaired()
      if (error instanceof Failure && error.verdict === 'lost') return ways.onLost()
      failures += 1
      if (error instanceof Failure) ways.onReached(false)
      timer = setTimeout(
        () => void deliver(),
        pauseAfter(failures, error instanceof Failure ? error.waitMs : 0),
      )
    }
  }

  /** Sends what waits; once more if something was added meanwhile. Never throws. */
  function deliver(): Promise<void> {
    if (running) {
      again = true
      return running
    }
    running = run().finally(() => {
      running = null
    })
    return running
  }

  return {
    deliver,
    /** Resolves when the movement is safe on this device. */
    async add(command: Command): Promise<void> {
      await ways.line.add(command)
      ways.onChange()
      void deliver()
    },
  }
}
