/**
 * Attendance codes and reasons: what a school's MIS has, what its screens offer, and what a picked reason means.
 * In `all-codes` mode each code of the school's list is a reason; else the school's own list is (contract §3.4).
 */
import type { z } from 'zod'
import type { AttendanceCode, MovementType, Reason, ReasonType, reasonBody } from '../../shared/attendance.ts'
import { reasonType } from '../../shared/attendance.ts'
import {
  canProduce,
  categoryOf,
  isPresent,
  isWithdrawn,
  kioskOffersNow,
  mayWrite,
  presetPublicScreen,
  screenName,
} from '../../shared/codes.ts'
import { instantAt, isSchoolDay, localTime, type SessionAt, sessionAt } from '../../shared/school-day.ts'
import type { Session } from '../../shared/values.ts'
import type { App } from '../app.ts'
import type { Db, Tx } from '../core/db/db.ts'
import { wake } from '../core/db/db.ts'
import { AppError, invalid, notFound } from '../core/errors.ts'
import { asId, newId } from '../core/ids.ts'
import type { MisAttendanceCode } from '../mis/mis.ts'
import { getSite, schoolDayOn, type SiteRow } from '../sites/sites.ts'
import type { MovementReason } from './rules.ts'
import * as store from './store.ts'

export function presentCode(row: store.CodeRow): AttendanceCode {
  return {
    id: row.id,
    misId: row.mis_id,
    code: row.code,
    description: row.description,
    category: categoryOf(row.code),
    present: isPresent(row.code),
    publicScreen: row.public_screen,
  }
}

export async function listCodes(db: Db): Promise<store.CodeRow[]> {
  return (await store.listCodes(db)).filter((row) => row.listed)
}

/** For delivery: ids and letters, unlisted ones too, for they still stand in old marks. */
export async function codeIds(db: Db): Promise<{ misId: string; code: string; listed: boolean }[]> {
  return (await store.listCodes(db)).map((row) => ({ misId: row.mis_id, code: row.code, listed: row.listed }))
}

/** Takes over the list as the MIS has it now. A code that went stays for history, and reasons on it are broken. */
export async function replaceCodes(tx: Tx, codes: readonly MisAttendanceCode[]): Promise<void> {
  const stands = new Map((await store.listCodes(tx)).map((row) => [row.mis_id, row]))
  const byMisId = new Map(codes.map((code) => [code.misId, code]))
  const changed = [...byMisId.values()].flatMap((code) => {
    const row = stands.get(code.misId)
    if (row?.listed && row.code === code.code && row.description === code.description) return []
    // Another letter under an old id is another code: its screen is preset anew.
    const publicScreen = row?.code === code.code ? row.public_screen : presetPublicScreen(code.code)
    const { misId, description } = code
    return [
      {
        id: row?.id ?? newId(),
        mis_id: misId,
        code: code.code,
        description,
        public_screen: publicScreen,
        listed: true,
      },
    ]
  })
  await store.upsertCodes(tx, changed)
  const gone = [...stands.values()]
    .filter((row) => row.listed && !byMisId.has(row.mis_id))
    .map((row) => row.id)
  if (gone.length > 0) await store.unlistCodes(tx, gone)
}

export async function putCode(
  app: App,
  siteId: string,
  id: string,
  publicScreen: boolean,
): Promise<AttendanceCode> {
  return await app.db.write(siteId, async (tx) => {
    const known = asId(id)
    const row = known === null ? undefined : await store.setPublicScreen(tx, known, publicScreen)
    if (row === undefined) throw notFound('attendance code')
    wake(tx, 'changed', `${siteId}:settings`)
    return presentCode(row)
  })
}

type Body = z.output<typeof reasonBody>

export const toRow = (id: string, body: Body): store.NewReason => ({
  id,
  name: body.name,
  type: body.type,
  code: body.code,
  codes_by_time: body.codesByTime === null ? null : JSON.stringify(body.codesByTime),
  write_back: body.writeBack,
  on_conflict: body.onConflict,
  public_screen: body.publicScreen,
  asks_back: body.asksBack,
  archived: false,
})

const codesOf = (row: Pick<store.ReasonRow, 'code' | 'codes_by_time'>) =>
  [row.code, ...(row.codes_by_time ?? []).map((step) => step.code)].filter((code) => code !== null)

/** Broken: it writes a code that the school's list has no more, or that nobody may write (attendance §2). */
function stateOf(row: store.ReasonRow, letters: ReadonlySet<string>): Reason['state'] {
  if (row.archived) return 'archived'
  if (!row.write_back) return 'active'
  const wrong = codesOf(row).some((code) => !mayWrite(code) || (letters.size > 0 && !letters.has(code)))
  return wrong ? 'broken' : 'active'
}

const presentReason = (row: store.ReasonRow, letters: ReadonlySet<string>): Reason => ({
  id: row.id,
  name: row.name,
  type: row.type,
  code: row.code,
  codesByTime: row.codes_by_time,
  writeBack: row.write_back,
  onConflict: row.on_conflict,
  publicScreen: row.public_screen,
  asksBack: row.asks_back,
  state: stateOf(row, letters),
})

const reasonOfCode = (row: store.CodeRow, type: ReasonType): Reason => ({
  id: row.id,
  name: screenName(row.code),
  type,
  code: row.code,
  codesByTime: null,
  writeBack: true,
  onConflict: 'site',
  publicScreen: row.public_screen,
  asksBack: false,
  state: 'active',
})

const lettersOf = (codes: readonly store.CodeRow[]) => new Set(codes.map((row) => row.code))

/** What can be chosen now, in the mode the school has. */
export async function listReasons(db: Db, site: SiteRow, type?: ReasonType): Promise<Reason[]> {
  const codes = await listCodes(db)
  const types = type === undefined ? reasonType.options : [type]
  if (site.attendance.reasonMode === 'all-codes')
    return types.flatMap((of) =>
      codes.filter((row) => canProduce(of, row.code)).map((row) => reasonOfCode(row, of)),
    )
  return await ownReasons(db, { archived: false, ...(type && { type }) })
}

/** The school's own reasons in their order, whatever its mode: those in use, or those archived. */
export async function ownReasons(
  db: Db,
  { archived, type }: { archived: boolean; type?: ReasonType },
): Promise<Reason[]> {
  const letters = lettersOf(await listCodes(db))
  return (await store.listReasons(db))
    .filter((row) => row.archived === archived && (type === undefined || row.type === type))
    .map((row) => presentReason(row, letters))
}

async function checkBody(db: Db, body: Body): Promise<void> {
  const letters = lettersOf(await listCodes(db))
  const codes = [body.code, ...(body.codesByTime ?? []).map((step) => step.code)].filter(
    (code) => code !== null,
  )
  for (const code of codes) {
    if (isWithdrawn(code) || !mayWrite(code))
      throw invalid(
        'code',
        `${code} may not be written by a reason; choose another code`,
        'attendance.code_not_writable',
      )
    if (letters.size > 0 && !letters.has(code))
      throw invalid(
        'code',
        `the school’s MIS has no code ${code}; choose one of its list`,
        'attendance.unknown_code',
      )
  }
}

export async function getReason(db: Db, id: string): Promise<Reason> {
  const known = asId(id)
  const row = known === null ? undefined : await store.findReason(db, known)
  if (row === undefined) throw notFound('reason')
  return presentReason(row, lettersOf(await listCodes(db)))
}

export async function addReason(app: App, siteId: string, id: string, body: Body): Promise<Reason> {
  return await app.db.write(siteId, async (tx) => {
    await checkBody(tx, body)
    await store.insertReason(tx, toRow(id, body))
    wake(tx, 'changed', `${siteId}:settings`)
    return await getReason(tx, id)
  })
}

export async function putReason(app: App, siteId: string, id: string, body: Body): Promise<Reason> {
  return await app.db.write(siteId, async (tx) => {
    const before = await getReason(tx, id)
    await checkBody(tx, body)
    const { id: _same, ...row } = toRow(before.id, body)
    await store.updateReason(tx, before.id, row)
    wake(tx, 'changed', `${siteId}:settings`)
    return await getReason(tx, before.id)
  })
}

/** Out of the lists; movements that had it keep it. Putting it again brings it back. */
export async function archiveReason(app: App, siteId: string, id: string): Promise<Reason> {
  return await app.db.write(siteId, async (tx) => {
    const before = await getReason(tx, id)
    await store.updateReason(tx, before.id, { archived: true })
    wake(tx, 'changed', `${siteId}:settings`)
    return await getReason(tx, before.id)
  })
}

export type Picked = {
  id: string | null
  name: string
  reason: MovementReason | null
  onConflict: Reason['onConflict']
}

const unknownReason = () =>
  new AppError(
    422,
    'attendance.unknown_reason',
    'reason: is none of this type at this site; take an id from GET /reasons',
    {
      fields: { reason: 'is none of this type at this site; take an id from GET /reasons' },
    },
  )

/**
 * What a movement's reason means. Free text is taken where the school allows it; text that matches no reason by
 * name owes nothing. A kiosk's may be of the other mode: it was offered when it was picked.
 */
export async function pickReason(
  db: Db,
  site: SiteRow,
  type: MovementType,
  given: string | { text: string } | null | undefined,
  fromKiosk: boolean,
): Promise<Picked | null> {
  if (given === null || given === undefined) {
    if (type === 'late-arrival' || type === 'early-leave')
      throw new AppError(
        422,
        'attendance.reason_required',
        'reason: is required for a late arrival or an early leave',
        {
          fields: { reason: 'is required; take an id from GET /reasons' },
        },
      )
    return null
  }
  const parsed = reasonType.safeParse(type)
  if (!parsed.success) throw unknownReason()
  if (typeof given === 'string') return await pickById(db, site, parsed.data, given, fromKiosk)
  if (site.attendance.exactMatchRequired)
    throw invalid(
      'reason',
      'must be an id from GET /reasons: this site allows no free text',
      'attendance.unknown_reason',
    )
  const text = given.text.trim()
  const same = (await listReasons(db, site, parsed.data)).find(
    (reason) => reason.name.toLowerCase() === text.toLowerCase(),
  )
  if (same !== undefined) return await pickById(db, site, parsed.data, same.id, fromKiosk)
  return { id: null, name: text.slice(0, 200), reason: null, onConflict: 'site' }
}

async function pickById(
  db: Db,
  site: SiteRow,
  type: ReasonType,
  given: string,
  fromKiosk: boolean,
): Promise<Picked> {
  const id = asId(given)
  if (id === null) throw unknownReason()
  const codes = await store.listCodes(db)
  const allCodes = site.attendance.reasonMode === 'all-codes'
  if (allCodes || fromKiosk) {
    const row = codes.find((code) => code.id === id)
    if (row !== undefined && canProduce(type, row.code)) {
      const reason: MovementReason = {
        name: screenName(row.code),
        writeBack: true,
        code: row.code,
        codesByTime: null,
        state: row.listed ? 'active' : 'broken',
        fromCodeList: true,
      }
      return { id, name: reason.name, reason, onConflict: 'site' }
    }
  }
  const own = allCodes && !fromKiosk ? undefined : await store.findReason(db, id)
  if (own === undefined || own.type !== type) throw unknownReason()
  const state = stateOf({ ...own, archived: false }, lettersOf(codes.filter((row) => row.listed)))
  const { name, code } = own
  return {
    id,
    name,
    reason: {
      name,
      writeBack: own.write_back,
      code,
      codesByTime: own.codes_by_time,
      state,
      fromCodeList: false,
    },
    onConflict: own.on_conflict,
  }
}

function atNow(app: App, site: SiteRow): SessionAt {
  const local = localTime(app.clock.now(), site.time_zone)
  return sessionAt(schoolDayOn(site, local.date), site.closures, local)
}

/** What a lobby screen offers now; of `L` and `U`, both *Late*, the one that the clock demands. */
export async function kioskReasons(
  app: App,
  siteId: string,
): Promise<Pick<Reason, 'id' | 'name' | 'type' | 'asksBack'>[]> {
  return await app.db.read(siteId, async (db) => {
    const site = await getSite(db, siteId)
    const at = atNow(app, site)
    const shown = (await listReasons(db, site)).filter(
      (reason) => reason.publicScreen && reason.state === 'active',
    )
    const letters = new Set(shown.map((reason) => `${reason.type} ${reason.code}`))
    const both = (type: ReasonType) => letters.has(`${type} L`) && letters.has(`${type} U`)
    const byCode = site.attendance.reasonMode === 'all-codes'
    return shown
      .filter(
        (reason) => !byCode || !both(reason.type) || reason.code === null || kioskOffersNow(reason.code, at),
      )
      .map(({ id, name, type, asksBack }) => ({ id, name, type, asksBack }))
  })
}

/** When today's school day ends; null on a day without school. */
export async function schoolEndsAt(app: App, siteId: string): Promise<Date | null> {
  return await app.db.read(siteId, async (db) => {
    const site = await getSite(db, siteId)
    const local = localTime(app.clock.now(), site.time_zone)
    const day = schoolDayOn(site, local.date)
    if (!isSchoolDay(day, site.closures, local)) return null
    return instantAt(local.date, day.endsAt, site.time_zone)
  })
}

/** The session a late pupil would be late for now; null where nobody is late. */
export async function currentSession(app: App, siteId: string): Promise<Session | null> {
  return await app.db.read(siteId, async (db) => {
    const site = await getSite(db, siteId)
    const at = atNow(app, site)
    return at.kind === 'open' || at.kind === 'closed' ? at.session : null
  })
}
