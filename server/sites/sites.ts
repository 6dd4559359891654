/**
 * Sites: what differs between schools and what a licence allows. Everything else asks here, nothing else stores
 * it. A site is never deleted, so its existence may be remembered.
 */
import type { AttendanceSettings } from '../../shared/attendance.ts'
import { newAttendanceSettings } from '../../shared/attendance.ts'
import { localTime, nextRunAt, timesOn, weekdayOf } from '../../shared/school-day.ts'
import {
  type Closure,
  type DayException,
  type Edition,
  newSchoolDay,
  type Phase,
  type SchoolDay,
  type Site,
} from '../../shared/sites.ts'
import type { App } from '../app.ts'
import type { Db, SystemTx } from '../core/db/db.ts'
import { wake } from '../core/db/db.ts'
import { AppError, invalid, notFound } from '../core/errors.ts'
import { licenceEndsOn, licenceOf, termOn } from './rules.ts'
import * as store from './store.ts'
import * as terms from './terms.store.ts'

export { dayAfter, daysUntil, licenceEndsOn, licenceOf, misPricePence, type Term } from './rules.ts'
export {
  deleteWaitingTerm,
  insertTerm,
  listTerms,
  lockSite,
  setReminded,
  sitesWithEndBy,
} from './terms.store.ts'
export { allSiteIds, dropSetting, findSetting, putSetting } from './store.ts'

export type SiteRow = store.SiteRow

export function todayAt(site: { time_zone: string }, now: Date): string {
  return localTime(now, site.time_zone).date
}

export function presentSite(row: SiteRow, now: Date): Site {
  return {
    id: row.id,
    name: row.name,
    phase: row.phase,
    edition: row.edition,
    timeZone: row.time_zone,
    licence: licenceOf(row, todayAt(row, now)),
  }
}

/** Whether marks may be read and written for this site today. */
export function misActive(row: SiteRow, now: Date): boolean {
  return licenceOf(row, todayAt(row, now)).misIntegration.state === 'active'
}

/** 402 for what needs the MIS option (contract §3 Errors). */
export function requireMis(row: SiteRow, now: Date): void {
  if (!misActive(row, now))
    throw new AppError(
      402,
      'licence.mis_not_active',
      'MIS integration is not active for this site. It can be ordered or renewed at any time on the Licence page, with the Education edition.',
    )
}

export async function getSite(db: Pick<Db, 'sql'>, siteId: string): Promise<SiteRow> {
  const row = await store.findSiteRow(db, siteId)
  if (row === undefined) throw notFound('site')
  return row
}

export type NewSite = { name: string; phase: Phase; edition: Edition; timeZone: string }

/** Makes a site; the same id again finds the first. */
export async function createSite(
  app: Pick<App, 'clock' | 'settings'>,
  tx: SystemTx,
  id: string,
  site: NewSite,
): Promise<SiteRow> {
  const now = app.clock.now()
  const inserted = await store.insertSite(tx, {
    id,
    name: site.name,
    phase: site.phase,
    edition: site.edition,
    time_zone: site.timeZone,
    school_day: JSON.stringify(newSchoolDay),
    closures: '[]',
    attendance: JSON.stringify(newAttendanceSettings),
    accent: site.phase === 'primary' ? '#1D5B45' : '#7C2142',
    created_at: now,
  })
  if (inserted) {
    const at = app.settings.misImportAt
    await store.upsertSchedule(tx, {
      site_id: id,
      at,
      next_at: spread(id, nextRunAt(at, site.timeZone, now)),
    })
  }
  return await getSite(tx, id)
}

/** The nightly minute of a site: the hour it chose, and up to 29 minutes after it by its id. */
export function spread(siteId: string, at: Date): Date {
  const seconds = Number.parseInt(siteId.replaceAll('-', '').slice(-8), 16) % (29 * 60)
  return new Date(at.getTime() + seconds * 1000)
}

export async function putLicence(
  app: Pick<App, 'clock' | 'db'>,
  siteId: string,
  licence: { edition: Edition; misIntegration: { startsOn: string } | null },
): Promise<SiteRow> {
  if (licence.misIntegration !== null && licence.edition !== 'education')
    throw invalid('misIntegration', 'is an option of the education edition only', 'licence.wrong_edition')
  const startsOn = licence.misIntegration?.startsOn ?? null
  return await app.db.system(async (tx) => {
    await terms.lockSite(tx, siteId)
    const site = await getSite(tx, siteId)
    await store.updateSite(tx, siteId, { edition: licence.edition })
    const stands = termOn(site.mis_terms, todayAt(site, app.clock.now()))
    // Put back as it was read: what was ordered after it stays.
    const asItStands = stands !== null && stands.confirmed && stands.startsOn === startsOn
    if (!asItStands) await terms.deleteTerms(tx, siteId)
    if (!asItStands && startsOn !== null)
      await terms.insertTerm(tx, {
        site_id: siteId,
        starts_on: startsOn,
        ends_on: licenceEndsOn(startsOn),
        confirmed: true,
        order_id: null,
      })
    wakeLicence(tx, siteId)
    return await getSite(tx, siteId)
  })
}

/** What the MIS option lets through has changed: marks may go or stay, and open screens read again. */
export function wakeLicence(tx: SystemTx, siteId: string): void {
  wake(tx, 'marks', siteId)
  wake(tx, 'changed', `${siteId}:mis`)
}

export async function putSchoolDay(app: App, siteId: string, schoolDay: SchoolDay): Promise<void> {
  await update(app, siteId, { school_day: schoolDay })
}

/** The times of a date's weekday. Everything that judges an instant asks here, never `school_day` itself. */
export function schoolDayOn(site: Pick<SiteRow, 'school_day' | 'day_exceptions'>, date: string): SchoolDay {
  return timesOn(site.school_day, site.day_exceptions, weekdayOf(date))
}

export async function putDayExceptions(
  app: App,
  siteId: string,
  day_exceptions: DayException[],
): Promise<void> {
  await update(app, siteId, { day_exceptions })
}

export async function putClosures(app: App, siteId: string, closures: Closure[]): Promise<void> {
  await update(app, siteId, { closures })
}

export async function putAttendanceSettings(
  app: App,
  siteId: string,
  attendance: AttendanceSettings,
): Promise<void> {
  await update(app, siteId, { attendance })
}

async function update(app: App, siteId: string, set: Parameters<typeof store.updateSite>[2]): Promise<void> {
  await app.db.system(async (tx) => {
    await store.updateSite(tx, siteId, set)
    wake(tx, 'changed', `${siteId}:settings`)
  })
}

export async function getSchedule(
  db: Pick<Db, 'sql'>,
  siteId: string,
): Promise<{ at: string; nextAt: Date }> {
  const row = await store.findSchedule(db, siteId)
  if (row === undefined) throw notFound('schedule')
  return { at: row.at, nextAt: row.next_at }
}

/**
 * Sets the nightly time. Just set to now or up to two minutes after it: it starts at that minute, unspread, for
 * whoever sets it is watching (contract §3.2).
 */
export async function putSchedule(app: App, siteId: string, at: string): Promise<void> {
  await app.db.system(async (tx) => {
    const site = await getSite(tx, siteId)
    const now = app.clock.now()
    const justBefore = new Date(now.getTime() - 60_000)
    const soon = nextRunAt(at, site.time_zone, justBefore)
    const next = soon.getTime() - now.getTime() <= 120_000 ? soon : spread(siteId, soon)
    await store.upsertSchedule(tx, { site_id: siteId, at, next_at: next })
  })
}

/** Sites whose nightly time has come. */
export async function dueSites(db: Pick<Db, 'sql'>, now: Date, limit: number): Promise<string[]> {
  return await store.listDueSchedules(db, now, limit)
}

/** Moves a due schedule on to its next night, in the transaction that starts its import. False: another has it. */
export async function moveDueSchedule(
  app: Pick<App, 'clock'>,
  tx: SystemTx,
  siteId: string,
): Promise<boolean> {
  const now = app.clock.now()
  const row = await store.takeDueSchedule(tx, siteId, now)
  if (row === undefined) return false
  const site = await getSite(tx, siteId)
  await store.upsertSchedule(tx, { ...row, next_at: spread(siteId, nextRunAt(row.at, site.time_zone, now)) })
  return true
}

/** A page of the sites an actor may see, newest first. */
export async function listSites(
  db: Pick<Db, 'sql'>,
  only: readonly string[] | null,
  before: { at: string; id: string } | null,
  limit: number,
): Promise<SiteRow[]> {
  return await store.listSiteRows(db, only, before, limit)
}
