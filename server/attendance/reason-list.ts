/** The list of reasons as a whole: the usual ones in one click, their order, those archived; all codes on the kiosk. */
import type { AttendanceCode, AttendanceSettings, Reason, ReasonType } from '../../shared/attendance.ts'
import { reasonType } from '../../shared/attendance.ts'
import { canProduce, presetPublicScreen, starterReasons } from '../../shared/codes.ts'
import type { App } from '../app.ts'
import type { Db, Tx } from '../core/db/db.ts'
import { wake } from '../core/db/db.ts'
import { invalid } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { getSite, putAttendanceSettings, type SiteRow } from '../sites/sites.ts'
import { listCodes, ownReasons, presentCode, toRow } from './reasons.ts'
import * as store from './store.ts'

/**
 * Adds the usual reasons of a school of this phase (attendance reference §7): those that it has by name stay as they
 * are, an archived one comes back, and one on a code that the MIS does not have is left out. Twice is as once.
 */
export async function insertUsual(tx: Tx, site: SiteRow): Promise<void> {
  const letters = new Set((await listCodes(tx)).map((row) => row.code))
  const stand = await store.listReasons(tx)
  for (const usual of starterReasons(site.phase, site.school_day)) {
    const same = stand.find(
      (row) => row.type === usual.type && row.name.toLowerCase() === usual.name.toLowerCase(),
    )
    if (same !== undefined) {
      if (same.archived) await store.updateReason(tx, same.id, { archived: false })
      continue
    }
    const wanted = [usual.code, ...(usual.codesByTime ?? []).map((step) => step.code)]
    if (letters.size > 0 && wanted.some((code) => code !== null && !letters.has(code))) continue
    await store.insertReason(tx, toRow(newId(), usual))
  }
}

export async function addUsual(app: App, siteId: string): Promise<Reason[]> {
  return await app.db.write(
    siteId,
    async (tx) => {
      await insertUsual(tx, await getSite(tx, siteId))
      wake(tx, 'changed', `${siteId}:settings`)
      return await ownReasons(tx, { archived: false })
    },
    'reasons',
  )
}

/** Puts the reasons of a type in this order, as the kiosk shows them; every one of them is named once. */
export async function orderReasons(
  app: App,
  siteId: string,
  { type, ids }: { type: ReasonType; ids: readonly string[] },
): Promise<Reason[]> {
  return await app.db.write(
    siteId,
    async (tx) => {
      const stand = (await ownReasons(tx, { archived: false, type })).map((row) => row.id)
      const given = ids.map((id) => id.toLowerCase())
      if (given.toSorted().join() !== stand.toSorted().join())
        throw invalid('ids', 'must name every reason of this type once, and no other')
      for (const [i, id] of given.entries()) await store.updateReason(tx, id, { position: i + 1 })
      wake(tx, 'changed', `${siteId}:settings`)
      return await ownReasons(tx, { archived: false, type })
    },
    'reasons',
  )
}

/** Every code that some movement can have onto the kiosk, or each as it is preset (attendance reference §2). */
export async function showCodes(app: App, siteId: string, which: 'all' | 'usual'): Promise<AttendanceCode[]> {
  const wanted = (code: string) =>
    which === 'all' ? reasonType.options.some((type) => canProduce(type, code)) : presetPublicScreen(code)
  return await app.db.write(siteId, async (tx) => {
    for (const row of await listCodes(tx))
      if (row.public_screen !== wanted(row.code)) await store.setPublicScreen(tx, row.id, wanted(row.code))
    wake(tx, 'changed', `${siteId}:settings`)
    return await codesOf(tx)
  })
}

async function codesOf(db: Db): Promise<AttendanceCode[]> {
  return (await listCodes(db)).map(presentCode)
}

/** Own reasons begin with a starter set that suits the phase, once. */
export async function putSettings(app: App, siteId: string, settings: AttendanceSettings): Promise<void> {
  if (settings.reasonMode === 'own-reasons')
    await app.db.write(
      siteId,
      async (tx) => {
        if ((await store.listReasons(tx)).length === 0) await insertUsual(tx, await getSite(tx, siteId))
      },
      'reasons',
    )
  await putAttendanceSettings(app, siteId, settings)
}
