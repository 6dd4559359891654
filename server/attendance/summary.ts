/**
 * The day's e-mail of the marks that need somebody, to those whom the school chose, at its time, on school days, if
 * any stand. One a day to each address, however often it is tried. It counts and never names: mail is no place for it.
 */
import type { MarksEmail } from '../../shared/attendance.ts'
import { markWords } from '../../shared/reports.ts'
import { isSchoolDay, localTime, nextRunAt } from '../../shared/school-day.ts'
import type { App } from '../app.ts'
import type { Db, Tx } from '../core/db/db.ts'
import { wake } from '../core/db/db.ts'
import { post } from '../mail/mail.ts'
import { getSite, schoolDayOn, type SiteRow } from '../sites/sites.ts'
import { countNeeding } from '../write-backs/write-backs.ts'
import * as store from './summary.store.ts'

/** What a school starts with: nobody is written to. */
const unset: MarksEmail = { at: '14:30', to: [] }
const atOnce = 200

export async function getMarksEmail(db: Db): Promise<MarksEmail> {
  const row = await store.findSummary(db)
  return row === undefined ? unset : { at: row.at, to: row.recipients }
}

export async function putMarksEmail(app: App, siteId: string, set: MarksEmail): Promise<MarksEmail> {
  const to = [...new Set(set.to.map((address) => address.toLowerCase()))]
  await app.db.write(
    siteId,
    async (tx) => {
      const site = await getSite(tx, siteId)
      await store.putSummary(tx, { at: set.at, recipients: to })
      await store.putDue(tx, to.length === 0 ? null : nextRunAt(set.at, site.time_zone, app.clock.now()))
      wake(tx, 'changed', `${siteId}:settings`)
    },
    'summary',
  )
  return { at: set.at, to }
}

/** The worker's: every site whose time has come. */
export async function postSummaries(app: App): Promise<void> {
  const now = app.clock.now()
  for (const siteId of await app.db.look((db) => store.listDue(db, now, atOnce)))
    await app.db.write(siteId, async (tx) => {
      const dueAt = await store.takeDue(tx, now)
      if (dueAt !== undefined) await summarise(app, tx, { dueAt, now })
    })
}

async function summarise(app: App, tx: Tx, { dueAt, now }: { dueAt: Date; now: Date }): Promise<void> {
  const [site, set] = [await getSite(tx, tx.siteId), await getMarksEmail(tx)]
  await store.putDue(tx, set.to.length === 0 ? null : nextRunAt(set.at, site.time_zone, now))
  const { date } = localTime(now, site.time_zone)
  const due = localTime(dueAt, site.time_zone)
  // Down over its hour it is made up for, but not on another day.
  if (due.date !== date || !isSchoolDay(schoolDayOn(site, date), site.closures, due)) return
  const standing = await countNeeding(tx)
  if (standing.length === 0) return
  await post(tx, { ...letter(app, site, standing), to: set.to, key: `marks-email:${date}`, at: now })
}

function letter(app: App, site: SiteRow, standing: Awaited<ReturnType<typeof countNeeding>>) {
  const all = standing.reduce((sum, { n }) => sum + n, 0)
  const marks = all === 1 ? '1 mark needs' : `${all} marks need`
  const lines = standing
    .toSorted((a, b) => b.n - a.n)
    .map(({ state, n }) => `${n} × ${markWords[state]}: ${meaning[state]}`)
  return {
    subject: `${marks} you: ${site.name}`,
    text: [
      `${marks} somebody at ${site.name}. Nothing here sorts itself out.`,
      lines.join('\n'),
      `Each has its fix as a button: ${app.settings.publicUrl}/sites/${site.id}/marks`,
      'You get this on school days if any mark needs somebody. The school chooses who gets it, and when, under Settings, Messages.',
    ].join('\n\n'),
  }
}

const meaning = {
  unconfirmed: 'sent, but the MIS does not show it.',
  refused: 'the MIS said no, and why.',
  conflict: 'somebody marked the pupil otherwise; you decide which stands.',
  held: 'kept here, not sent: its day ended, its reason or the link is broken, or the pupil is not in the MIS yet.',
}
