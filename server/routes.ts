/** Every route of the product, in the order of the features. */
import type { FastifyInstance } from 'fastify'
import { accountRoutes, createIdentify } from './accounts/routes.ts'
import { tokenRoutes } from './accounts/token-routes.ts'
import { docsPages } from './api/docs.ts'
import { watchRoutes } from './api/watch.ts'
import type { App } from './app.ts'
import { recordMovement } from './attendance/movements.ts'
import { currentSession, kioskReasons, schoolEndsAt } from './attendance/reasons.ts'
import { attendanceRoutes } from './attendance/routes.ts'
import { closeRouter, type Router } from './core/http/route.ts'
import { createHttp } from './core/http/server.ts'
import { directoryRoutes } from './directory/routes.ts'
import { importRoutes } from './imports/routes.ts'
import { withKiosks } from './kiosks/device.ts'
import { kioskRoutes } from './kiosks/routes.ts'
import { licenceRoutes } from './licences/routes.ts'
import { mailRoutes } from './mail/routes.ts'
import { misLinkRoutes } from './mis-link/routes.ts'
import { noticeRoutes } from './notices/routes.ts'
import { pages } from './pages.ts'
import { peopleRoutes } from './people/routes.ts'
import { reportRoutes } from './reports/routes.ts'
import { createRepeats } from './sites/repeats.ts'
import { siteRoutes } from './sites/routes.ts'
import { allSiteIds } from './sites/sites.ts'
import { todayRoutes } from './today/routes.ts'
import { writeBackRoutes } from './write-backs/routes.ts'

export const version = '0.1.0'

/** Sites are never deleted, so that one seen once is there for good. */
function siteKnower(app: App): (siteId: string) => Promise<boolean> {
  const known = new Set<string>()
  return async (siteId) => {
    if (known.has(siteId)) return true
    for (const id of await app.db.system(allSiteIds)) known.add(id)
    return known.has(siteId)
  }
}

export async function createWeb(app: App, workerSeen: () => boolean): Promise<FastifyInstance> {
  const http = await createHttp({
    log: app.log,
    identify: withKiosks(app, createIdentify(app)),
    siteExists: siteKnower(app),
    publicUrl: app.settings.publicUrl,
    version,
  })
  const router: Router = { http, repeats: createRepeats(app), methods: new Map() }
  watchRoutes(app, router, workerSeen)
  accountRoutes(app, router)
  tokenRoutes(app, router)
  siteRoutes(app, router)
  mailRoutes(app, router)
  licenceRoutes(app, router)
  noticeRoutes(app, router)
  misLinkRoutes(app, router)
  peopleRoutes(app, router)
  kioskRoutes(app, router, {
    recordKioskMovement: async (_app, { siteId, kioskId, body }) => {
      const source = { kind: 'kiosk', by: `kiosk:${kioskId}` } as const
      const { movement, created } = await recordMovement(app, siteId, body, source)
      return { movement: { id: movement.id, type: body.type, happenedAt: movement.happenedAt }, created }
    },
    kioskReasons,
    currentSession,
    schoolEndsAt,
  })
  attendanceRoutes(app, router)
  writeBackRoutes(app, router)
  importRoutes(app, router)
  reportRoutes(app, router)
  directoryRoutes(app, router)
  todayRoutes(app, router)
  await docsPages(http)
  await pages(http)
  closeRouter(router)
  return http
}
