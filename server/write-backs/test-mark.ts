/**
 * The supervised test mark (contract §3.2, product.md §12.1, docs/decisions/0015): one mark for a pupil whom the
 * school chooses, through the ledger as every other. Seen in the register it proves what the MIS takes, and is taken
 * back; refused or not seen it disproves it.
 */
import type { WriteBack } from '../../shared/attendance.ts'
import { instantAt } from '../../shared/school-day.ts'
import type { Session } from '../../shared/values.ts'
import type { App } from '../app.ts'
import { type Tx, wake } from '../core/db/db.ts'
import { AppError, conflict } from '../core/errors.ts'
import { asId } from '../core/ids.ts'
import {
  addProved,
  type ConnectionRow,
  capabilitiesOf,
  findConnection,
  takesTests,
} from '../mis-link/link.ts'
import { findPerson } from '../people/people.ts'
import { getSite, requireMis, todayAt } from '../sites/sites.ts'
import type { MarkValue } from './precedence.ts'
import { isEnd } from './states.ts'
import { getWriteBack, listOfDay, owe, takeBack, type WriteBackRow } from './write-backs.ts'

/** Late by a minute with a word: a mark of presence, which carries all that a MIS may take. */
const tested = { code: 'L', minutesLate: 1, comment: 'Test mark of the reception book' }

/**
 * Owes the test mark for today and returns it. Never over a mark that stands, never beside another mark of that pupil
 * and session that is not at an end (409). 402 without the MIS option, 409 without a link or where the MIS is read only
 * by its nature, 422 for somebody who is no pupil of the MIS.
 */
export async function sendTestMark(
  app: App,
  siteId: string,
  { id, student, session, by }: { id: string; student: string; session: Session; by: string },
): Promise<WriteBack> {
  return await app.db.write(siteId, async (tx) => {
    const now = app.clock.now()
    const site = await getSite(tx, siteId)
    requireMis(site, now)
    const connection = await findConnection(tx)
    if (connection === undefined)
      throw conflict('mis.not_connected', 'This site has no link to a MIS yet. Link it first.')
    if (!takesTests(connection))
      throw conflict(
        'mis.read_only',
        `${connection.mis} cannot be written over this link: there is nothing to try.`,
      )
    const person = await pupil(tx, student)
    const date = todayAt(site, now)
    const open = (await listOfDay(tx, person.id, date)).find(
      (row) => row.session === session && !isEnd(row.state),
    )
    if (open !== undefined)
      throw conflict(
        'write_back.newer',
        'A mark of this pupil and session is not at an end yet. Choose another pupil, or settle that one.',
      )
    await owe(
      tx,
      {
        ...{ movementId: null, personId: person.id, studentMisId: person.misId, date, session, ...tested },
        ...{ intent: 'test', situation: null, conflictRule: 'ask', happenedAt: now },
        dayEndsAt: instantAt(date, '24:00', site.time_zone),
        ...{ start: 'waiting', causeCode: null, note: `Test mark, asked for by ${by}.` },
      },
      now,
      id,
    )
    return await getWriteBack(tx, id)
  })
}

async function pupil(tx: Tx, student: string): Promise<{ id: string; misId: string }> {
  const id = asId(student)
  const person = id === null ? undefined : await findPerson(tx, id)
  if (person?.kind === 'student' && person.state === 'active' && person.mis_id !== null)
    return { id: person.id, misId: person.mis_id }
  const wrong = 'must be a pupil of this site who is in the MIS; take an id from GET /students'
  throw new AppError(422, 'request.invalid', `student: ${wrong}`, { fields: { student: wrong } })
}

/** Seen: what came with it is proved, what did not is disproved, and the mark goes again. */
export async function proveByTest(
  tx: Tx,
  row: WriteBackRow,
  seen: MarkValue | null,
  now: Date,
): Promise<void> {
  await addProved(tx, {
    sessionMark: 'yes',
    ...(seen?.minutesLate === undefined
      ? {}
      : { minutesLate: seen.minutesLate === row.minutes_late ? 'yes' : 'no' }),
    ...(seen?.comment === undefined ? {} : { comment: seen.comment === row.comment ? 'yes' : 'no' }),
  })
  wake(tx, 'changed', `${tx.siteId}:mis`)
  const sent = { ...row, state: 'confirmed' as const, sent_at: row.sent_at ?? now }
  await takeBack(tx, { row: sent, movementId: null, happenedAt: now, dayEndsAt: row.day_ends_at, now })
}

/** Refused for what it is, or not seen: this school's MIS takes no marks, as far as anybody knows. */
export async function disproveByTest(tx: Tx, connection: ConnectionRow): Promise<void> {
  if (capabilitiesOf(connection).sessionMark === 'no') return
  await addProved(tx, { sessionMark: 'no', comment: 'no', minutesLate: 'no' })
  wake(tx, 'changed', `${tx.siteId}:mis`)
}
