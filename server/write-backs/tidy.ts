/**
 * What has to be true of a site's ledger before anything is sent: a lapsed lease is a lost answer, a day that
 * ended, a link that was cut and a licence that lapsed hold their marks, and what was held for a link, a licence or a
 * missing student comes back.
 */
import { causeOf } from '../../shared/causes.ts'
import { dayIsOver } from '../../shared/school-day.ts'
import type { App } from '../app.ts'
import type { Tx } from '../core/db/db.ts'
import { type ConnectionRow, findConnection } from '../mis-link/link.ts'
import { findPerson } from '../people/people.ts'
import { getSite, misActive, schoolDayOn, type SiteRow } from '../sites/sites.ts'
import { type CheckRow, deleteChecks, listChecks } from './checks.store.ts'
import { nextLook } from './states.ts'
import * as store from './store.ts'
import { move, type WriteBackRow } from './write-backs.ts'

export type Desk = {
  site: SiteRow
  connection: ConnectionRow | undefined
  alive: WriteBackRow[]
  /** looks that the office waits for */
  checks: CheckRow[]
  licensed: boolean
}

/** The link lets marks through, now or as soon as the MIS answers. */
export function linkStands(connection: ConnectionRow | undefined): connection is ConnectionRow {
  return connection !== undefined && connection.state !== 'unauthorised' && connection.state !== 'revoked'
}

/** How long after a lost answer the register is looked at: a provider shows a write a moment later. */
export const lostAnswerMs = 5_000

/** The answer to a POST was lost: it may have been written, so it is looked for before anything else. */
export async function answerLost(tx: Tx, row: WriteBackRow, now: Date, note: string): Promise<void> {
  const lookAfter = new Date(now.getTime() + lostAnswerMs)
  const lost = {
    unknown_results: row.unknown_results + 1,
    look_after: lookAfter,
    due_at: lookAfter,
    lease_until: null,
    sent_at: row.sent_at ?? now,
  }
  if (await store.hasNewer(tx, row))
    await move(tx, row, 'superseded', now, `${note} A newer movement took its place.`, {
      sent_at: lost.sent_at,
    })
  else await move(tx, row, 'waiting', now, note, { ...lost, cause: causeOf('attendance.unknown_result') })
}

/** A look that could not be made within a day tells nobody anything any more. */
const checksKeptMs = 24 * 3_600_000

async function tidyWaiting(tx: Tx, desk: Desk, row: WriteBackRow, now: Date): Promise<void> {
  // Owed while it was active: it stands before a person and is not lost (docs/decisions/0006).
  if (!desk.licensed)
    await move(tx, row, 'held', now, 'MIS integration ended before the mark could go.', {
      cause: causeOf('attendance.not_licensed'),
    })
  else if (!row.after_day && now >= row.day_ends_at)
    await move(tx, row, 'held', now, 'The school day ended.', { cause: causeOf('attendance.day_over') })
  else if (!linkStands(desk.connection))
    await move(tx, row, 'held', now, 'The link to the MIS is cut.', { cause: causeOf('attendance.link_cut') })
}

/** Nobody looks for it any more, so a person does; renewed within its week, it is looked for again. */
async function tidySent(tx: Tx, row: WriteBackRow, now: Date): Promise<void> {
  await move(tx, row, 'unconfirmed', now, 'MIS integration ended before the mark was seen.', {
    cause: causeOf('attendance.not_seen'),
    due_at: nextLook(row.sent_at ?? now, now),
  })
}

async function tidyHeld(tx: Tx, desk: Desk, row: WriteBackRow, now: Date): Promise<void> {
  const over =
    !row.after_day && dayIsOver(schoolDayOn(desk.site, row.date), row.date, desk.site.time_zone, now)
  // Nothing comes back while the MIS may not be written.
  if (!desk.licensed) return
  if (row.cause?.code === 'attendance.link_cut') {
    if (linkStands(desk.connection) && !over)
      await move(tx, row, 'waiting', now, 'The link to the MIS was mended.', { due_at: now })
    return
  }
  if (row.cause?.code === 'attendance.not_licensed') {
    if (over) await store.changeWriteBack(tx, row.id, 'held', { cause: causeOf('attendance.day_over') })
    else if (linkStands(desk.connection))
      await move(tx, row, 'waiting', now, 'MIS integration is active again.', { due_at: now })
    return
  }
  const misId = (await findPerson(tx, row.person_id))?.mis_id ?? null
  if (misId === null) return
  if (over) {
    await store.changeWriteBack(tx, row.id, 'held', {
      student_mis_id: misId,
      cause: causeOf('attendance.day_over'),
    })
    return
  }
  await move(tx, row, 'waiting', now, 'The student is in the MIS now.', {
    due_at: now,
    student_mis_id: misId,
  })
}

/** Puts the ledger of a site in order and tells what is alive in it. */
export async function tidy(app: App, siteId: string): Promise<Desk> {
  return await app.db.write(siteId, async (tx) => {
    const now = app.clock.now()
    const site = await getSite(tx, siteId)
    const desk: Desk = {
      site,
      connection: await findConnection(tx),
      ...{ alive: [], checks: [] },
      licensed: misActive(site, now),
    }
    const before = await store.listAlive(tx)
    for (const row of before) {
      if (row.state === 'sending' && row.lease_until !== null && row.lease_until <= now)
        await answerLost(tx, row, now, 'The answer was not heard: the server was stopped while it was sent.')
      else if (row.state === 'waiting') await tidyWaiting(tx, desk, row, now)
      else if (row.state === 'sent' && !desk.licensed) await tidySent(tx, row, now)
    }
    const held = await store.listHeldFor(tx, [
      'attendance.link_cut',
      'attendance.not_in_mis_yet',
      'attendance.not_licensed',
    ])
    for (const row of held) await tidyHeld(tx, desk, row, now)
    desk.checks = await listChecks(tx)
    if (desk.checks.length > 0) {
      const lost = !desk.licensed || !linkStands(desk.connection)
      await deleteChecks(tx, { madeBefore: lost ? now : new Date(now.getTime() - checksKeptMs) })
      desk.checks = await listChecks(tx)
    }
    desk.alive = before.length + held.length === 0 ? [] : await store.listAlive(tx)
    return desk
  })
}
