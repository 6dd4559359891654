/**
 * One round of a school's marks: tidy, ask for the link where it is down, look into the register once for all,
 * judge what was sent, send what waits. A dead MIS costs only its own school a wait.
 */
import { causeOf } from '../../shared/causes.ts'
import { localTime } from '../../shared/school-day.ts'
import type { App } from '../app.ts'
import type { Db } from '../core/db/db.ts'
import { type Mis, MisError } from '../mis/mis.ts'
import { type ConnectionRow, learn, misOf, probe, stateAfter } from '../mis-link/link.ts'
import { judgeChecks } from './checks.ts'
import { judgeSent } from './judge.ts'
import { createRegister, type Register } from './register.ts'
import { backOffMs, claimNext, confirm, type Desk, lookFor, sendOne } from './send.ts'
import { nextLook } from './states.ts'
import * as store from './store.ts'
import { disproveByTest } from './test-mark.ts'
import { linkStands, type Desk as Tidied, tidy } from './tidy.ts'
import { move, type WriteBackRow } from './write-backs.ts'

export type CodeIds = (db: Db) => Promise<readonly { misId: string; code: string; listed: boolean }[]>

/** What a worker keeps of a school between rounds. */
export type Memory = {
  register: Register | null
  /** Of whom the register is: another school or token begins anew. */
  of: string
  mis: Mis | null
  failures: number
  quietUntil: number
  /** At the last round the link was not connected. */
  wasDown: boolean
  checkedAt: number
  readableTriedAt: number
}
export const noMemory = (): Memory => ({
  register: null,
  of: '',
  mis: null,
  failures: 0,
  quietUntil: 0,
  wasDown: false,
  checkedAt: Number.NEGATIVE_INFINITY,
  readableTriedAt: Number.NEGATIVE_INFINITY,
})

/** A mark is sent by a look at most 10 s old (contract §3.5); this leaves room for the wait for its turn. */
const lookFreshMs = 4_000
const checkSchoolEveryMs = 60_000
const tryReadingEveryMs = 15 * 60_000
const longestLeaseMs = 30_000

/** Runs one round. Returns the ms after which the next is wanted; null: nothing moves here. */
export async function runRound(
  app: App,
  siteId: string,
  memory: Memory,
  codeIds: CodeIds,
): Promise<number | null> {
  const tidied = await tidy(app, siteId)
  const { connection, alive, checks } = tidied
  const idle = alive.length === 0 && checks.length === 0
  if (connection === undefined) {
    forget(memory)
    return alive.length === 0 ? null : checkSchoolEveryMs
  }
  // Nothing of the MIS is asked any more; a renewal nudges, and what was on its way is tidied when its lease ends.
  if (!tidied.licensed) {
    forget(memory)
    return alive.some((row) => row.state === 'sending') ? longestLeaseMs : null
  }
  const mended = memory.wasDown && connection.state === 'connected'
  memory.wasDown = connection.state !== 'connected'
  // Mended from elsewhere (a new token, a test of the link): the wait was for the link that was.
  if (mended) Object.assign(memory, { quietUntil: 0, failures: 0 })
  if (connection.state !== 'connected') return await askForLink(app, siteId, memory, connection)
  if (idle) return null
  const quietFor = memory.quietUntil - performance.now()
  if (quietFor > 0) return quietFor
  const desk = await openDesk(app, memory, tidied, connection, codeIds)
  const now = app.clock.now()
  const due = alive.filter((row) => row.due_at !== null && row.due_at <= now)
  const waiting = due.filter((row) => row.state === 'waiting')
  if (due.length > 0 || checks.length > 0) {
    const seen = await lookNow(desk, memory, [...alive, ...checks], waiting)
    if (!seen) return Math.max(0, memory.quietUntil - performance.now())
    await judgeAll(desk, alive)
    await judgeChecks(desk, checks)
  }
  if (waiting.length > 0) await sendAll(desk, memory)
  return await untilNext(app, siteId)
}

function forget(memory: Memory): void {
  memory.register = null
  memory.mis = null
  memory.of = ''
}

/** Down: the school is asked for, and once it answers what waits may go. */
async function askForLink(
  app: App,
  siteId: string,
  memory: Memory,
  connection: ConnectionRow,
): Promise<number> {
  const rest = memory.quietUntil - performance.now()
  if (rest > 0) return rest
  const state = await probe(app, siteId, misOf(app, connection))
  if (state === 'connected') {
    memory.failures = 0
    memory.quietUntil = 0
    memory.checkedAt = performance.now()
    await app.db.write(siteId, (tx) => store.pullWaiting(tx, app.clock.now()))
    return 0
  }
  memory.failures++
  const cut = !linkStands({ ...connection, state: state ?? connection.state })
  const wait = cut ? checkSchoolEveryMs : state === 'offline' ? 15_000 : backOffMs(memory.failures)
  memory.quietUntil = performance.now() + wait
  if (!cut) await putOff(app, siteId, wait)
  return wait
}

async function putOff(app: App, siteId: string, ms: number): Promise<void> {
  const until = new Date(app.clock.now().getTime() + ms)
  await app.db.write(siteId, (tx) => store.pushWaiting(tx, until, causeOf('attendance.unreachable')))
}

async function openDesk(
  app: App,
  memory: Memory,
  { site, alive }: Tidied,
  connection: ConnectionRow,
  codeIds: CodeIds,
): Promise<Desk> {
  const siteId = site.id
  const list = await app.db.read(siteId, codeIds)
  const of = `${connection.provider} ${connection.school_id} ${connection.token_sealed.toString('base64')} ${site.time_zone}`
  if (memory.of !== of || memory.mis === null || memory.register === null) {
    memory.of = of
    memory.mis = misOf(app, connection)
    memory.register = createRegister(site.time_zone, app.clock, async () => {
      const codes = await app.db.read(siteId, codeIds)
      return new Map(codes.map((code) => [code.misId, code.code]))
    })
  }
  return {
    app,
    siteId,
    timeZone: site.time_zone,
    mis: memory.mis,
    connection,
    register: memory.register,
    readable: connection.marks_readable !== false,
    upTo: alive.reduce((newest, row) => Math.max(newest, row.n), 0),
    confirmWithinMs: site.attendance.confirmWithinMinutes * 60_000,
    codeIds: new Map(list.filter((code) => code.listed).map((code) => [code.code, code.misId])),
  }
}

/**
 * Looks into the register. Every round that sends begins with a look of its own, so that what a teacher entered before
 * a mark was owed is never missed, however busy the morning. False: it failed, and the school is left alone for a
 * while.
 */
async function lookNow(
  desk: Desk,
  memory: Memory,
  about: readonly { date: string }[],
  waiting: readonly WriteBackRow[],
): Promise<boolean> {
  const now = performance.now()
  const checking =
    waiting.length > 0 && now - memory.checkedAt > checkSchoolEveryMs
      ? checkSchool(desk, memory)
      : Promise.resolve(true)
  const looking = readRegister(desk, memory, about)
  const [checked, looked] = await Promise.all([checking, looking])
  return checked && looked
}

/** Whether the MIS is online at the provider, asked for at most once a minute. */
async function checkSchool(desk: Desk, memory: Memory): Promise<boolean> {
  memory.checkedAt = performance.now()
  const state = await probe(desk.app, desk.siteId, desk.mis)
  return state === 'connected' || state === null
}

async function readRegister(
  desk: Desk,
  memory: Memory,
  about: readonly { date: string }[],
): Promise<boolean> {
  const { app, register } = desk
  const now = performance.now()
  if (!desk.readable && now - memory.readableTriedAt < tryReadingEveryMs) return true
  const today = localTime(app.clock.now(), desk.timeZone).date
  const from = about.reduce((first, row) => (row.date < first ? row.date : first), today)
  try {
    await register.look(desk.mis, from)
    memory.failures = 0
    if (!desk.readable || desk.connection.marks_readable === null)
      await learn(app, desk.siteId, { marksReadable: true })
    desk.readable = true
    return true
  } catch (error) {
    if (!(error instanceof MisError)) throw error
    if (error.kind === 'rejected' && error.status === 403) {
      memory.readableTriedAt = now
      if (desk.readable) await learn(app, desk.siteId, { marksReadable: false })
      desk.readable = false
      return true
    }
    await failed(desk, memory, error)
    return false
  }
}

/** A call failed: what it shows of the link is stored, and the school is left alone for a growing while. */
async function failed(desk: Desk, memory: Memory, error: MisError): Promise<void> {
  memory.failures++
  const wait = error.retryAfterMs ?? (error.kind === 'slow-down' ? 30_000 : backOffMs(memory.failures))
  memory.quietUntil = performance.now() + wait
  desk.app.log.info(
    { siteId: desk.siteId, kind: error.kind, status: error.status, waitMs: Math.round(wait) },
    'marks wait for the MIS',
  )
  const state = stateAfter(error)
  if (state !== null) await learn(desk.app, desk.siteId, { state })
  if (state === 'unauthorised') memory.quietUntil = 0
  else await putOff(desk.app, desk.siteId, wait)
}

/** Judges every mark that went out by what was read just now. */
async function judgeAll(desk: Desk, alive: readonly WriteBackRow[]): Promise<void> {
  const sent = alive.filter((row) => row.state === 'sent' || row.state === 'unconfirmed')
  for (const row of sent) {
    const due = row.due_at !== null && row.due_at <= desk.app.clock.now()
    if (due && row.receipt !== null && desk.connection.status_supported && (await askStatus(desk, row)))
      continue
    if (desk.readable) await judgeOne(desk, row, due)
    else if (due) await lookLater(desk, row)
  }
}

async function judgeOne(desk: Desk, row: WriteBackRow, due: boolean): Promise<void> {
  await desk.app.db.write(desk.siteId, async (tx) => {
    const now = desk.app.clock.now()
    const look = await lookFor(tx, desk, row)
    switch (
      judgeSent(row, {
        ...look,
        sentBefore: look.sentBefore.filter((other) => other.sent_at! <= row.sent_at!),
      })
    ) {
      case 'confirmed':
        return await confirm(tx, desk, row, look, now)
      case 'conflict': {
        const note = `${look.seen?.code} stands in the MIS now.`
        await move(tx, row, 'conflict', now, note, {
          cause: causeOf('attendance.their_mark', note),
          seen: look.seen,
        })
        return
      }
      case 'not-yet': {
        if (row.state === 'sent' && now.getTime() - row.sent_at!.getTime() >= desk.confirmWithinMs) {
          await move(tx, row, 'unconfirmed', now, 'Not seen in the school’s marks within the stated time.', {
            cause: causeOf('attendance.not_seen'),
            due_at: nextLook(row.sent_at!, now),
            looks: row.looks + 1,
          })
          if (row.intent === 'test') await disproveByTest(tx, desk.connection)
        } else if (due)
          await store.changeWriteBack(tx, row.id, row.state, {
            due_at: dueAgain(desk, row, now),
            looks: row.looks + 1,
          })
      }
    }
  })
}

/** The next look, or the moment at which a sent mark becomes unconfirmed, if that is earlier. */
function dueAgain(desk: Desk, row: WriteBackRow, now: Date): Date | null {
  const next = nextLook(row.sent_at!, now)
  const deadline = new Date(row.sent_at!.getTime() + desk.confirmWithinMs)
  if (row.state !== 'sent' || next === null) return next
  return deadline > now && deadline < next ? deadline : next
}

/** Reading is not permitted: only the provider's own word on the write is still asked for. */
async function lookLater(desk: Desk, row: WriteBackRow): Promise<void> {
  await desk.app.db.write(desk.siteId, async (tx) => {
    const now = desk.app.clock.now()
    const next =
      desk.connection.status_supported && row.receipt !== null && row.provider !== 'written'
        ? nextLook(row.sent_at!, now)
        : null
    await store.changeWriteBack(tx, row.id, row.state, { due_at: next, looks: row.looks + 1 })
  })
}

/** Asks the provider what became of a write. True: it failed, and the row is settled. */
async function askStatus(desk: Desk, row: WriteBackRow): Promise<boolean> {
  if (row.provider === 'written') return false
  try {
    const status = await desk.mis.sendStatus(row.receipt!)
    if (status.state === 'unsupported') {
      desk.connection.status_supported = false
      await learn(desk.app, desk.siteId, { statusSupported: false })
      return false
    }
    if (status.state === 'accepted') return false
    await desk.app.db.write(desk.siteId, async (tx) => {
      const now = desk.app.clock.now()
      if (status.state === 'written')
        await store.changeWriteBack(tx, row.id, row.state, { provider: 'written' })
      else {
        await move(tx, row, 'refused', now, status.message ?? 'The provider could not write it.', {
          cause: causeOf('attendance.refused', status.message),
        })
        if (row.intent === 'test') await disproveByTest(tx, desk.connection)
      }
    })
    return status.state === 'failed'
  } catch (error) {
    // The read-back tells all the same; it is asked again at the next look.
    if (error instanceof MisError) return false
    throw error
  }
}

/** Two at a time; each claims anew, so that what comes in meanwhile goes with this round. */
async function sendAll(desk: Desk, memory: Memory): Promise<void> {
  let stop = false
  async function lane(): Promise<void> {
    while (!stop) {
      if (performance.now() - desk.register.lookedAt() > lookFreshMs && desk.readable) {
        stop = true
        return
      }
      const claimed = await claimNext(desk)
      if (claimed === null) return
      const sent = await sendOne(desk, claimed)
      if (sent.ok || sent.error.kind === 'rejected') continue
      stop = true
      await failed(desk, memory, sent.error)
    }
  }
  await Promise.all([lane(), lane()])
}

async function untilNext(app: App, siteId: string): Promise<number | null> {
  return await app.db.read(siteId, async (db) => {
    const rows = await store.listAlive(db)
    const first = rows.reduce<Date | null>(
      (min, row) => (min === null || row.due_at! < min ? row.due_at : min),
      null,
    )
    if (first === null) return null
    return Math.max(0, first.getTime() - app.clock.now().getTime())
  })
}
