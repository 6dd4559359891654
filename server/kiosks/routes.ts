import { z } from 'zod'
import { forgetHeader } from '../../shared/kiosk-page.ts'
import * as wire from '../../shared/kiosks.ts'
import { clockTimeOf, localTime } from '../../shared/school-day.ts'
import { listQuery, pageOf, type Session } from '../../shared/values.ts'
import type { App } from '../app.ts'
import { AppError, invalid } from '../core/errors.ts'
import { decodeCursor, page } from '../core/http/lists.ts'
import { answer, type Call, type Router, route } from '../core/http/route.ts'
import { wrongTries } from '../core/http/tries.ts'
import { asId } from '../core/ids.ts'
import { getSite, schoolDayOn, todayAt } from '../sites/sites.ts'
import { clearDeviceCookie, kioskCookie, setDeviceCookie } from './device.ts'
import * as kiosks from './kiosks.ts'

export type KioskMovementPost = z.output<typeof wire.kioskMovementPost>

/** What a kiosk needs of attendance, which stands above this feature: handed in where both are mounted. */
export type KioskAttendance = {
  recordKioskMovement(
    app: App,
    command: { siteId: string; kioskId: string; body: KioskMovementPost },
  ): Promise<{
    movement: { id: string; type: KioskMovementPost['type']; happenedAt: string }
    created: boolean
  }>
  /** What can be chosen on a lobby screen now. */
  kioskReasons(app: App, siteId: string): Promise<wire.KioskHome['reasons']>
  /** Null when nobody is late now. */
  currentSession(app: App, siteId: string): Promise<Session | null>
  schoolEndsAt(app: App, siteId: string): Promise<Date | null>
}

export function kioskRoutes(app: App, router: Router, attendance: KioskAttendance): void {
  officeRoutes(app, router)
  deviceRoutes(app, router, attendance)
  // A device that is no longer known forgets everything at this contact (contract §3.6); one that has lost its cookie
  // and nothing else is told apart from it, so that it keeps what it took until it is paired again.
  router.http.addHook('onSend', async (request, reply) => {
    if (
      reply.statusCode === 401 &&
      request.routeOptions.config.access === 'kiosk' &&
      request.cookies[kioskCookie]
    ) {
      clearDeviceCookie(app, reply)
      void reply.header(forgetHeader, '1')
    }
  })
}

const beforeOf = (cursor: string | undefined) => {
  const parts = decodeCursor(cursor, 2)
  if (parts === null) return null
  const last = asId(parts[1]!)
  if (last === null || Number.isNaN(Date.parse(parts[0]!)))
    throw invalid('cursor', 'is not one that this list gave')
  return { at: parts[0]!, id: last }
}

const presentProblem = ({
  kiosk_id,
  kiosk_name,
  at,
  command,
  code,
  message,
  ...row
}: kiosks.ListedProblem) => ({
  id: row.id,
  kiosk: { id: kiosk_id, name: kiosk_name },
  ...{ at: at.toISOString(), command, code, message },
  settledAt: row.settled_at?.toISOString() ?? null,
  settledBy: row.settled_by,
})

function officeRoutes(app: App, router: Router): void {
  const tag = 'Kiosks'
  route(router, {
    method: 'GET',
    path: '/sites/:site/kiosks',
    access: 'kiosks.write',
    tag,
    summary: 'The kiosks of a site',
    query: z.strictObject(listQuery),
    reply: pageOf(wire.kiosk),
    async handle({ siteId, query: { cursor, limit } }) {
      const rows = await kiosks.listKiosks(app, siteId, beforeOf(cursor), limit + 1)
      return page(rows, limit, (row) => [row.created_at.toISOString(), row.id], kiosks.presentKiosk)
    },
  })
  route(router, {
    method: 'POST',
    path: '/sites/:site/kiosks',
    access: 'kiosks.write',
    tag,
    summary: 'Add a kiosk; its code pairs one device within 15 minutes',
    body: wire.kioskPost,
    reply: wire.kioskPairing,
    status: 201,
    handle: ({ siteId, body, newId }) =>
      kiosks.createKiosk(app, siteId, { id: newId(), name: body.name, expires: true }),
  })
  route(router, {
    method: 'POST',
    path: '/sites/:site/kiosks/:id/pairing-code',
    access: 'kiosks.write',
    tag,
    summary: 'A fresh code for a kiosk whose device was replaced; the old device goes on until it is used',
    reply: wire.kioskPairing,
    status: 201,
    handle: ({ siteId, params }) => kiosks.renewPairing(app, siteId, { id: params.id!, expires: true }),
  })
  route(router, {
    method: 'DELETE',
    path: '/sites/:site/kiosks/:id',
    access: 'kiosks.write',
    tag,
    summary: 'Remove a kiosk; its device forgets everything at its next contact',
    reply: wire.kiosk,
    handle: async ({ siteId, params }) =>
      kiosks.presentKiosk(await kiosks.removeKiosk(app, siteId, params.id!)),
  })
  route(router, {
    method: 'GET',
    path: '/sites/:site/kiosk-problems',
    access: 'attendance.read',
    tag,
    summary: 'Commands of kiosks that were refused, newest first',
    query: z.strictObject({ ...listQuery, state: z.enum(['open', 'settled']).optional() }),
    reply: pageOf(wire.kioskProblem),
    async handle({ siteId, query: { cursor, limit, state } }) {
      const filter = { before: beforeOf(cursor), state }
      const rows = await app.db.read(siteId, (db) => kiosks.listProblems(db, filter, limit + 1))
      return page(rows, limit, (row) => [row.at.toISOString(), row.id], presentProblem)
    },
  })
  route(router, {
    method: 'POST',
    path: '/sites/:site/kiosk-problems/:id/settle',
    access: 'attendance.write',
    tag,
    summary: 'Say that a refused command was seen to; the same twice changes nothing',
    reply: wire.kioskProblem,
    handle: async ({ siteId, params, actor }) =>
      presentProblem(await kiosks.settleProblem(app, siteId, params.id!, actor.name)),
  })
}

type Known = { id: string; name: string; siteId: string }

function deviceRoutes(app: App, router: Router, attendance: KioskAttendance): void {
  const tag = 'Kiosk'
  const tries = wrongTries(5)
  const actorOf = (call: Pick<Call<unknown, unknown>, 'actor'>) => call.actor as kiosks.KioskActor

  async function home({ id, name, siteId }: Known): Promise<wire.KioskHome> {
    const site = await app.db.read(siteId, (db) => getSite(db, siteId))
    const now = app.clock.now()
    const { startsAt, endsAt } = schoolDayOn(site, todayAt(site, now))
    return {
      kiosk: { id, name },
      site: { id: site.id, name: site.name, timeZone: site.time_zone, accent: site.accent },
      now: now.toISOString(),
      day: { startsAt, endsAt },
      session: await attendance.currentSession(app, siteId),
      reasons: await attendance.kioskReasons(app, siteId),
      schoolEndsAt: (await attendance.schoolEndsAt(app, siteId))?.toISOString() ?? null,
      supportEmail: app.settings.supportEmail,
    }
  }
  route(router, {
    method: 'POST',
    path: '/kiosk/pair',
    access: 'anyone',
    tag,
    summary: 'Pair this device with the code from the dashboard; sets its cookie',
    body: wire.pairPost,
    reply: wire.kioskHome,
    async handle({ body, request, reply }) {
      const { token, kiosk } = await tries.attempt(request.ip, () => kiosks.pairKiosk(app, body.code))
      setDeviceCookie(app, reply, token)
      void reply.header('cache-control', 'no-store')
      return await home({ id: kiosk.id, name: kiosk.name, siteId: kiosk.site_id })
    },
  })
  route(router, {
    method: 'GET',
    path: '/kiosk',
    access: 'kiosk',
    tag,
    summary: 'What this kiosk shows now; it may say what waits on it and which page it shows',
    query: wire.kioskReport,
    reply: wire.kioskHome,
    async handle({ actor, query: { waiting, page: shown = null }, request, reply }) {
      if (waiting !== undefined) await kiosks.keepReport(app, actorOf({ actor }), { waiting, page: shown })
      setDeviceCookie(app, reply, request.cookies[kioskCookie]!)
      void reply.header('cache-control', 'no-store')
      return await home(actorOf({ actor }))
    },
  })
  route(router, {
    method: 'POST',
    path: '/kiosk/movements',
    access: 'kiosk',
    tag,
    summary: 'Late arrival, early leave or return of a student; never refused for its time',
    // Read by hand below: what an outdated kiosk sends wrong must reach the office, not vanish with its queue.
    body: wire.kioskMovementPost.or(z.unknown()),
    reply: wire.kioskMovement,
    status: 201,
    ownRepeats: true,
    async handle(call) {
      if (call.request.headers['x-kiosk'] !== '1')
        throw new AppError(403, 'forbidden', 'A kiosk sends its commands with the header x-kiosk: 1.')
      const { siteId, id: kioskId } = actorOf(call)
      try {
        const body = read(call.request.body)
        const { movement, created } = await attendance.recordKioskMovement(app, { siteId, kioskId, body })
        const site = await app.db.read(siteId, (db) => getSite(db, siteId))
        const time = spokenTime(new Date(movement.happenedAt), site.time_zone)
        const { id, type, happenedAt } = movement
        return answer(created ? 201 : 200, { id, type, happenedAt, time })
      } catch (error) {
        if (error instanceof AppError && error.status < 500 && error.status !== 401 && error.status !== 429)
          await kiosks.keepProblem(app, actorOf(call), { command: call.request.body ?? null, error })
        throw error
      }
    },
  })
}

function read(body: unknown): KioskMovementPost {
  const parsed = wire.kioskMovementPost.safeParse(body)
  if (parsed.success) return parsed.data
  const fields: Record<string, string> = {}
  for (const issue of parsed.error.issues) fields[issue.path.join('.') || 'body'] ??= issue.message
  const message = Object.entries(fields).map(([field, wrong]) => `${field}: ${wrong}`)
  throw new AppError(422, 'request.invalid', message.join('; '), { fields })
}

/** "9.14", as the screen says it. */
function spokenTime(at: Date, timeZone: string): string {
  const [hour, minute] = clockTimeOf(localTime(at, timeZone).secondsOfDay).split(':')
  return `${Number(hour) % 12 || 12}.${minute}`
}
