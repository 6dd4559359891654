/**
 * Kiosks: devices, not people. One is paired by a code of six digits that works once; from then on it may do at one
 * site what a kiosk does, until it is removed. Of code and device token only hashes are kept.
 *
 * A command of a kiosk that is refused is kept for the office to see, so that the kiosk's queue can move on.
 */
import { randomInt } from 'node:crypto'
import type { Kiosk } from '../../shared/kiosks.ts'
import type { App } from '../app.ts'
import { newestKioskPage } from '../core/built-web.ts'
import type { Db, SystemTx } from '../core/db/db.ts'
import { wake } from '../core/db/db.ts'
import { AppError, notFound } from '../core/errors.ts'
import type { Actor } from '../core/http/actor.ts'
import { asId, newId } from '../core/ids.ts'
import { hashToken, newToken } from '../core/secrets.ts'
import * as store from './store.ts'

export type KioskRow = store.KioskRow
export type ListedProblem = store.ListedProblem
export type KioskActor = Extract<Actor, { kind: 'kiosk' }>

const codeLastsMs = 15 * 60_000
const touchEveryMs = 60_000

export function presentKiosk(row: KioskRow): Kiosk {
  const newest = newestKioskPage()
  return {
    id: row.id,
    name: row.name,
    state: row.removed_at !== null ? 'removed' : row.token_hash === null ? 'waiting' : 'paired',
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
    pairedAt: row.paired_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    waiting: row.waiting,
    page: row.page,
    pageIsNewest: row.page === null || newest === null ? null : row.page === newest,
  }
}

export type KioskPairing = { id: string; pairingCode: string; expiresAt: string | null }
type Clocked = Pick<App, 'db' | 'clock'>

/** Gives a code that no other kiosk waits with. `put` says false where it is taken. */
async function giveCode(
  now: Date,
  { id, expires }: { id: string; expires: boolean },
  put: (pairing: store.Pairing) => Promise<boolean>,
): Promise<KioskPairing> {
  const expiresAt = expires ? new Date(now.getTime() + codeLastsMs) : null
  for (let tries = 0; tries < 20; tries++) {
    const pairingCode = String(randomInt(1_000_000)).padStart(6, '0')
    if (await put({ hash: hashToken(pairingCode), expiresAt }))
      return { id, pairingCode, expiresAt: expiresAt?.toISOString() ?? null }
  }
  throw new AppError(
    409,
    'kiosks.no_code',
    'Too many kiosks wait to be paired. Try again in a quarter of an hour.',
  )
}

/** Makes a kiosk and its first code; the same id again gives the kiosk a fresh code. */
export async function createKiosk(
  app: Clocked,
  siteId: string,
  { id, name, expires }: { id: string; name: string; expires: boolean },
): Promise<KioskPairing> {
  return await app.db.system(async (tx) => {
    const now = app.clock.now()
    await store.dropOldPairings(tx, now)
    const known = (await store.findKiosk(tx, siteId, id)) !== undefined
    const pairing = await giveCode(now, { id, expires }, (code) =>
      known ? store.updatePairing(tx, id, code) : store.insertKiosk(tx, { id, siteId, name, now }, code),
    )
    wake(tx, 'changed', `${siteId}:kiosks`)
    return pairing
  })
}

/** A fresh code for a kiosk that is there. Its device goes on until another one is paired with the code. */
export async function renewPairing(
  app: Clocked,
  siteId: string,
  { id, expires }: { id: string; expires: boolean },
): Promise<KioskPairing> {
  return await app.db.system(async (tx) => {
    const now = app.clock.now()
    await store.dropOldPairings(tx, now)
    await getKiosk(tx, siteId, id)
    return await giveCode(now, { id, expires }, (code) => store.updatePairing(tx, id, code))
  })
}

async function getKiosk(tx: SystemTx, siteId: string, id: string): Promise<KioskRow> {
  const known = asId(id)
  const row = known === null ? undefined : await store.findKiosk(tx, siteId, known)
  if (row === undefined) throw notFound('kiosk')
  return row
}

/** The device's token, for its cookie, in exchange for a code: once. */
export async function pairKiosk(app: Clocked, code: string): Promise<{ token: string; kiosk: KioskRow }> {
  const token = newToken()
  return await app.db.system(async (tx) => {
    const now = app.clock.now()
    const kiosk = await store.usePairing(tx, { code: hashToken(code), token: hashToken(token), now })
    if (kiosk === undefined)
      throw new AppError(
        422,
        'kiosks.wrong_code',
        'This code isn’t right, or has run out. Ask the office for a new one.',
        {
          fields: { code: 'isn’t right, or has run out' },
        },
      )
    wake(tx, 'changed', `${kiosk.site_id}:kiosks`)
    return { token, kiosk }
  })
}

/** The kiosk a token belongs to, seen now; null when it was removed or paired anew. */
export async function findDevice(app: Clocked, token: string): Promise<KioskActor | null> {
  const row = await app.db.look((db) => store.findKioskByToken(db, hashToken(token)))
  if (row === undefined) return null
  const now = app.clock.now()
  if (now.getTime() - (row.last_seen_at?.getTime() ?? 0) >= touchEveryMs)
    await app.db.system(async (tx) => {
      await store.touchKiosk(tx, row.id, now)
      wake(tx, 'changed', `${row.site_id}:kiosks`)
    })
  return { kind: 'kiosk', id: row.id, name: row.name, siteId: row.site_id }
}

/** Keeps what a kiosk says of itself: what waits on it, and which page it shows. */
export async function keepReport(
  app: Clocked,
  actor: KioskActor,
  report: { waiting: number; page: string | null },
): Promise<void> {
  await app.db.system(async (tx) => {
    if (await store.updateReport(tx, actor.id, report)) wake(tx, 'changed', `${actor.siteId}:kiosks`)
  })
}

export async function listKiosks(
  app: Clocked,
  siteId: string,
  before: { at: string; id: string } | null,
  limit: number,
): Promise<KioskRow[]> {
  return await app.db.system((tx) => store.listKiosks(tx, siteId, before, limit))
}

/** Removes a kiosk and answers what it was. Its device is refused from now on and forgets everything. */
export async function removeKiosk(app: Clocked, siteId: string, id: string): Promise<KioskRow> {
  return await app.db.system(async (tx) => {
    const row = await getKiosk(tx, siteId, id)
    await store.removeKiosk(tx, row.id, app.clock.now())
    wake(tx, 'changed', `${siteId}:kiosks`)
    return row
  })
}

/** Keeps a refused command for the office; the same command refused again is kept once. */
export async function keepProblem(
  app: Clocked,
  actor: KioskActor,
  { command, error }: { command: unknown; error: AppError },
): Promise<void> {
  await app.db.write(actor.siteId, async (tx) => {
    const given = typeof command === 'object' && command !== null && 'id' in command ? command.id : null
    const id = (typeof given === 'string' ? asId(given) : null) ?? newId()
    const { code, message } = error
    await store.insertProblem(tx, { id, kiosk_id: actor.id, at: app.clock.now(), command, code, message })
    wake(tx, 'changed', `${actor.siteId}:kiosks`)
  })
}

export async function listProblems(
  db: Db,
  filter: Parameters<typeof store.listProblems>[1],
  limit: number,
): Promise<store.ListedProblem[]> {
  return await store.listProblems(db, filter, limit)
}

/** Somebody has seen to it. The same twice changes nothing. */
export async function settleProblem(
  app: Clocked,
  siteId: string,
  id: string,
  by: string,
): Promise<store.ListedProblem> {
  return await app.db.write(siteId, async (tx) => {
    const known = asId(id)
    const row =
      known === null ? undefined : await store.settleProblem(tx, known, { by, now: app.clock.now() })
    if (row === undefined) throw notFound('kiosk problem')
    wake(tx, 'changed', `${siteId}:kiosks`)
    return row
  })
}
