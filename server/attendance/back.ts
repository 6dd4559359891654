/**
 * Expected back: early leavers who said when they return (attendance reference §4). Shown until they come; the office
 * is alerted once they are overdue, and the alert goes by itself when they come. A leave with a time before the
 * afternoon register closes owes no afternoon mark: if they do not come, the office takes the time out of the leave,
 * and the mark goes.
 */
import type { App } from '../app.ts'
import type { Db, Tx } from '../core/db/db.ts'
import { invalid } from '../core/errors.ts'
import { clockTimeOf, localTime, secondsOf } from '../../shared/school-day.ts'
import { settleItself, tell } from '../notices/notices.ts'
import { findMovement, type MovementRow } from '../presence/presence.ts'
import { getSite, schoolDayOn, type SiteRow, todayAt } from '../sites/sites.ts'
import * as store from './back.store.ts'

/** A pupil who is a little later than said is no alarm; the list on Today says *overdue* at once. */
export const alertAfterMinutes = 10
const againMs = 60_000
const atOnce = 200

/** Which leavers of a day are awaited, soonest first. */
export const expectedBack = (db: Db, date: string): Promise<store.AwayRow[]> => store.listAway(db, date)

/** The time as it is kept: later than the leave, on its day. A kiosk's that cannot be is left out, not refused. */
export function backTimeOf(
  given: string | null | undefined,
  leave: { type: string; happenedAt: Date },
  site: SiteRow,
  lenient: boolean,
): Date | null {
  if (given === null || given === undefined) return null
  const at = new Date(given)
  const fault =
    leave.type !== 'early-leave'
      ? 'is only for an early leave'
      : at <= leave.happenedAt
        ? 'must be later than happenedAt'
        : localTime(at, site.time_zone).date !== localTime(leave.happenedAt, site.time_zone).date
          ? 'must be on the day of the leave'
          : null
  if (fault === null) return at
  if (lenient) return null
  throw invalid('expectedBackAt', fault)
}

const alertAt = (back: Date) => new Date(back.getTime() + alertAfterMinutes * 60_000)

/** Looks after a leave that was entered, until its pupil is back or its day is over. */
export async function lookAfter(tx: Tx, row: Pick<MovementRow, 'id' | 'expected_back_at'>): Promise<void> {
  if (row.expected_back_at !== null) await store.putDue(tx, row.id, alertAt(row.expected_back_at))
}

/** The worker's: alerts the office of who is overdue, and takes alerts back of who came. */
export async function lookForOverdue(app: App): Promise<void> {
  const now = app.clock.now()
  const due = await app.db.look((db) => store.listDue(db, now, atOnce))
  for (const { site_id: siteId, movement_id: movementId } of due)
    await app.db.write(siteId, async (tx) => {
      if (await store.takeDue(tx, movementId, now)) await lookAt(tx, movementId, now)
    })
}

async function lookAt(tx: Tx, movementId: string, now: Date): Promise<void> {
  const [site, row] = await Promise.all([getSite(tx, tx.siteId), findMovement(tx, movementId)])
  const away = row && (await store.listAway(tx, row.date)).find(({ id }) => id === movementId)
  if (row === undefined || away === undefined) {
    const by = row?.corrected_by === null ? 'came back' : 'the movement was put right'
    await settleItself(tx, keyOf(movementId), now, by)
    await store.dropDue(tx, movementId)
    return
  }
  await tell(tx, { ...overdue(site, away), movement_id: movementId, date: row.date, at: now })
  if (row.date < todayAt(site, now)) await store.dropDue(tx, movementId)
  else await store.putDue(tx, movementId, new Date(now.getTime() + againMs))
}

const keyOf = (movementId: string) => `overdue ${movementId}`

function overdue(site: SiteRow, away: store.AwayRow) {
  const at = (instant: Date) => clockTimeOf(localTime(instant, site.time_zone).secondsOfDay)
  const { date, secondsOfDay } = localTime(away.expected_back_at, site.time_zone)
  return {
    ...{ key: keyOf(away.id), alert: true, person_id: away.person_id, stands: null },
    session: secondsOfDay < secondsOf(schoolDayOn(site, date).pm.opensAt) ? ('AM' as const) : ('PM' as const),
    message: `Left at ${at(away.happened_at)}, was expected back at ${at(away.expected_back_at)} and has not come.`,
    fix: 'Ring the family. If they do come, add them as back; if not today, press “Not coming back” on Today, and the afternoon mark goes.',
  }
}
