/** Says to the office what a look has shown, in its own words. */
import { clockTimeOf, localTime } from '../../shared/school-day.ts'
import type { Tx } from '../core/db/db.ts'
import { tell } from '../notices/notices.ts'
import type { CheckRow } from './checks.store.ts'
import { missedMorningOf, noticeOf, type OfficeNotice, type Situation, type Standing } from './precedence.ts'

type Subject = Pick<
  CheckRow,
  'movement_id' | 'person_id' | 'date' | 'session' | 'situation' | 'happened_at'
> & {
  offer?: string | null
}

/** Tells the office what stands there, where the table of precedence says so. */
export async function tellOf(
  tx: Tx,
  { timeZone, now }: { timeZone: string; now: Date },
  subject: Subject,
  stands: Standing,
): Promise<void> {
  const { situation } = subject
  const told: OfficeNotice | null =
    situation === null ? missedMorningOf(stands, subject.offer ?? null) : noticeOf(situation, stands)
  if (told === null) return
  const at = clockTimeOf(localTime(subject.happened_at, timeZone).secondsOfDay)
  const session = subject.session === 'AM' ? 'morning' : 'afternoon'
  const mark = stands.code === null ? 'has no mark' : `is marked ${stands.code}`
  const { alert, why, fix } = told
  await tell(tx, {
    ...{ key: `${subject.movement_id} ${subject.session}`, alert, fix },
    ...{ person_id: subject.person_id, movement_id: subject.movement_id },
    ...{ date: subject.date, session: subject.session, stands: stands.code, at: now },
    message: `${verbOf(situation)} at ${at}; the ${session} ${mark}: ${why}.`,
  })
}

function verbOf(situation: Situation | null): string {
  switch (situation) {
    case null:
      return 'Came for the afternoon'
    case 'A':
    case 'B':
      return 'Arrived'
    case 'C':
    case 'D':
    case 'E':
      return 'Left'
    case 'R':
    case 'R-after':
      return 'Came back'
  }
}
