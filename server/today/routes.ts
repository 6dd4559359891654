import { z } from 'zod'
import { movement, writeBack } from '../../shared/attendance.ts'
import { kiosk } from '../../shared/kiosks.ts'
import { connection, importRun } from '../../shared/mis.ts'
import { notice } from '../../shared/notices.ts'
import { schoolDay } from '../../shared/sites.ts'
import { day, id, instant, session } from '../../shared/values.ts'
import type { App } from '../app.ts'
import { type Router, route } from '../core/http/route.ts'
import { needsYou, todayOf } from './today.ts'

const tag = 'Dashboard'
const who = z.object({
  id,
  name: z.string(),
  surname: z.string(),
  forename: z.string(),
  group: z.string().nullable(),
})
const counts = z.object({
  hereNow: z.number(),
  students: z.number(),
  employees: z.number(),
  visitors: z.number(),
  lateToday: z.number(),
  lateBeforeClose: z.number(),
  lateAfterClose: z.number(),
  needYou: z.number(),
  inMis: z.number(),
  onTheirWay: z.number(),
})
const today = z
  .object({
    now: instant,
    date: day,
    schoolDay: schoolDay,
    open: z.boolean(),
    session: session.nullable(),
    counts,
    connection: connection.nullable(),
    lastImport: importRun.nullable(),
    nextImportAt: instant.nullable(),
    kiosks: z.array(kiosk),
    expectedBack: z.array(z.object({ movement: id, person: who, leftAt: instant, expectedBackAt: instant })),
    movements: z.array(z.object({ movement, person: who, reasonName: z.string().nullable() })),
    notices: z.array(z.object({ notice, person: who })),
  })
  .meta({ id: 'Today' })
const needs = z.object({
  data: z.array(
    z.object({
      writeBack,
      person: who.pick({ id: true, name: true, group: true }),
      movement: movement.nullable(),
      reasonName: z.string().nullable(),
    }),
  ),
})

export function todayRoutes(app: App, router: Router): void {
  route(router, {
    method: 'GET',
    path: '/sites/:site/today',
    access: 'attendance.read',
    tag,
    summary: 'The day at a glance',
    reply: today,
    handle: ({ siteId }) => todayOf(app, siteId),
  })
  route(router, {
    method: 'GET',
    path: '/sites/:site/needs-you',
    access: 'attendance.read',
    tag,
    summary: 'Marks that a person must decide',
    reply: needs,
    handle: async ({ siteId }) => ({ data: await needsYou(app, siteId) }),
  })
  eventRoute(app, router)
}

/** Server-sent events: which part of an open screen is stale, and nothing else. */
function eventRoute(app: App, router: Router): void {
  router.methods.set('/api/v1/sites/:site/events', new Set(['GET']))
  router.http.route({
    method: 'GET',
    url: '/api/v1/sites/:site/events',
    config: { access: 'attendance.read' },
    sse: 'only',
    schema: {
      tags: [tag],
      summary: 'Live: which part of the screen has changed (server-sent events)',
      description: 'Needs the permission `attendance.read`.',
    },
    async handler(request, reply) {
      const siteId = request.siteId!
      reply.sse.keepAlive()
      await reply.sse.send({ data: { topic: 'open' }, retry: 1000 })
      const off = app.wakeUps.on('changed', (payload) => {
        const [site, topic] = payload.split(':')
        if (site === siteId && reply.sse.isConnected)
          reply.sse.send({ data: { topic } }).catch(() => undefined)
      })
      reply.sse.onClose(off)
    },
  })
}
