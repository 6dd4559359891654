/**
 * What stands in one school's register, as the provider tells it: read once for all marks that are about to go or
 * wait to be seen, then freshened by what changed since (design.md §7). A look is as fresh as the provider's copy.
 */
import { instantAt } from '../../shared/school-day.ts'
import type { Session } from '../../shared/values.ts'
import type { Mis } from '../mis/mis.ts'
import type { MarkValue } from './precedence.ts'

export type Register = {
  /** Monotonic ms at which the last look that succeeded began; -Infinity before the first. */
  lookedAt(): number
  /** The same by the clock; null before the first. */
  lookedOn(): Date | null
  /** Reads what changed; everything of the days from `from` on where the last full look is old. */
  look(mis: Mis, from: string): Promise<void>
  /** The mark as last read; null for none. `code` is the letter, or a text that no MIS has where it is unknown. */
  markOf(student: string, date: string, session: Session): MarkValue | null
}

export type Letters = ReadonlyMap<string, string>

const fullEveryMs = 15 * 60_000
/** Two copies of a provider may be out of step by minutes, and so may its clock and ours. */
const overlapMs = 15 * 60_000

type Clock = { now(): Date }

export function createRegister(timeZone: string, clock: Clock, letters: () => Promise<Letters>): Register {
  let marks = new Map<string, MarkValue>()
  let lookedAt = Number.NEGATIVE_INFINITY
  let fullAt = Number.NEGATIVE_INFINITY
  let fullFrom = '9999-12-31'
  let lookedOn: Date | null = null
  let readTo = 0

  async function read(mis: Mis, since: Date, into: Map<string, MarkValue>): Promise<void> {
    const letterOf = await letters()
    for await (const page of mis.readMarks(since)) {
      for (const mark of page) {
        const key = `${mark.student}|${mark.date}|${mark.session}`
        if (mark.codeId === null) into.delete(key)
        else
          into.set(key, {
            code: letterOf.get(mark.codeId) ?? `unknown (${mark.codeId})`,
            comment: mark.comment,
            ...(mark.minutesLate === undefined ? {} : { minutesLate: mark.minutesLate }),
          })
      }
    }
  }

  return {
    lookedAt: () => lookedAt,
    lookedOn: () => lookedOn,
    markOf: (student, date, session) => marks.get(`${student}|${date}|${session}`) ?? null,
    async look(mis, from) {
      const started = performance.now()
      const began = clock.now()
      const now = Math.min(began.getTime(), Date.now())
      if (from < fullFrom || started - fullAt > fullEveryMs) {
        const fresh = new Map<string, MarkValue>()
        const dayStart = instantAt(from, '00:00', timeZone).getTime()
        await read(mis, new Date(Math.min(dayStart, now - overlapMs)), fresh)
        marks = fresh
        fullAt = started
        fullFrom = from
      } else await read(mis, new Date(readTo - overlapMs), marks)
      readTo = now
      lookedAt = started
      lookedOn = began
    },
  }
}
