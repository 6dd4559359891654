/** When a GET that failed is asked again, and after how long. Pure; nothing that writes comes through here. */
import type { MisFailure } from '../mis.ts'

export type Failed = { kind: MisFailure; retryAfterMs: number | null }

const unavailableWaits = [1_000, 3_000, 9_000]
const slowDownFirst = 30_000
const slowDownTries = 5
const unreadableWait = 1_000
/** An import is over after ten minutes (contract §5): being told to wait longer is a failure now. */
const longestWait = 10 * 60_000

/**
 * Milliseconds until the next try, or `null` to give up. `earlier` are the kinds of failure this request has had
 * before this one; `random` in 0..1 spreads many schools that failed together.
 */
export function waitBeforeRetry(earlier: MisFailure[], failed: Failed, random: number): number | null {
  const before = earlier.filter((kind) => kind === failed.kind).length
  const wait = plainWait(failed, before, random)
  return wait !== null && wait <= longestWait ? Math.round(wait) : null
}

function plainWait(failed: Failed, before: number, random: number): number | null {
  switch (failed.kind) {
    case 'unavailable': {
      const wait = unavailableWaits[before]
      if (wait === undefined) return null
      return Math.max(wait * (0.75 + random / 2), failed.retryAfterMs ?? 0)
    }
    case 'slow-down': {
      if (before >= slowDownTries) return null
      // Never earlier than told; a little later, so that schools told the same do not come back as one.
      return (failed.retryAfterMs ?? slowDownFirst * 2 ** before) * (1 + random / 10)
    }
    case 'unreadable':
      return before === 0 ? unreadableWait * (0.75 + random / 2) : null
    case 'rejected':
    case 'unauthorised':
      return null
  }
}
