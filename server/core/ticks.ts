import type { Log } from './log.ts'

export type Tick = { stop(): Promise<void> }

/**
 * Runs `work` again and again, `everyMs` after it last ended. One bad tick is logged and does not stop the loop.
 * Safe in many processes: the work itself takes its rows with SKIP LOCKED.
 */
export function every(everyMs: number, name: string, log: Log, work: () => Promise<void>): Tick {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  function schedule(): void {
    if (stopped) return
    timer = setTimeout(() => {
      running = work()
        .catch((error: Error) => log.error({ err: error, tick: name }, 'a tick failed'))
        .finally(schedule)
    }, everyMs)
    timer.unref()
  }
  schedule()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
