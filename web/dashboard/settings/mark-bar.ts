/** What a reason writes through the morning, as it is drawn: one piece for each code, without gaps. Pure. */
import type { Reason } from '../../../shared/attendance.ts'
import type { SchoolDay } from '../../../shared/sites.ts'

export type Piece = { code: string | null; until: string | null; afterClose: boolean }

/** Of `L` and `U` the one that the register's close demands (attendance reference §3). */
function arriving(code: string | null, afterClose: boolean): string | null {
  if (afterClose) return code === 'L' ? 'U' : code
  return code === 'U' ? 'L' : code
}

/** Pieces from when the register opens to lunch; `until` null: the last. Empty: nothing is written. */
export function piecesOf(
  reason: Pick<Reason, 'type' | 'code' | 'codesByTime' | 'writeBack'>,
  day: SchoolDay,
): Piece[] {
  const { am, pm, lunchStartsAt } = day
  const end = lunchStartsAt ?? pm.opensAt
  if (!reason.writeBack) return []
  const own = (at: string) =>
    reason.codesByTime === null
      ? reason.code
      : (reason.codesByTime.findLast((step) => step.from <= at)?.code ?? null)
  const at = [am.opensAt, am.closesAt, ...(reason.codesByTime ?? []).map((step) => step.from)]
  const times = [...new Set(at)].filter((time) => am.opensAt <= time && time < end).toSorted()
  const pieces = times.map((time) => {
    const afterClose = time >= am.closesAt
    const code = reason.type === 'early-leave' ? own(time) : arriving(own(time), afterClose)
    return { code, from: time, afterClose }
  })
  const joined = pieces.filter((piece, i) => i === 0 || pieces[i - 1]!.code !== piece.code)
  return joined.map(({ code, afterClose }, i) => ({ code, until: joined[i + 1]?.from ?? null, afterClose }))
}

/** Codes that a pupil who has arrived before the close should not get (§3): before it the law has `L` alone. */
export function takesPresentAway(
  reason: Pick<Reason, 'type' | 'code' | 'codesByTime' | 'writeBack'>,
  day: SchoolDay,
): boolean {
  if (reason.type === 'early-leave') return false
  return piecesOf(reason, day).some((piece) => !piece.afterClose && piece.code !== null && piece.code !== 'L')
}
