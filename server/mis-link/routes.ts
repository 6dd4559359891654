import * as wire from '../../shared/mis.ts'
import type { App } from '../app.ts'
import { answer, type Router, route } from '../core/http/route.ts'
import { getSchedule, getSite, putSchedule, requireMis } from '../sites/sites.ts'
import * as access from './access.ts'
import { testConnection } from './check.ts'
import * as link from './link.ts'

const tag = 'MIS'

export function misLinkRoutes(app: App, router: Router): void {
  const path = '/sites/:site/mis/connection'
  const load = (siteId: string) =>
    app.db.read(siteId, async (db) => link.presentConnection(await link.requireConnection(db)))

  route(router, {
    method: 'GET',
    path,
    access: 'mis.read',
    tag,
    summary: 'The link to the MIS',
    reply: wire.connection,
    handle: ({ siteId }) => load(siteId),
  })
  route(router, {
    method: 'PUT',
    path,
    access: 'mis.write',
    tag,
    summary: 'Link the MIS; the token is tried on the school first and never returned',
    body: wire.connectionPut,
    reply: wire.connection,
    status: 201,
    current: ({ siteId }) => load(siteId),
    async handle({ siteId, body }) {
      const { row, created } = await link.connect(app, siteId, body)
      return answer(created ? 201 : 200, link.presentConnection(row))
    },
  })
  route(router, {
    method: 'DELETE',
    path,
    access: 'mis.write',
    tag,
    summary: 'Cut the link; everybody and every history stay',
    reply: wire.connection,
    handle: ({ siteId }) => link.disconnect(app, siteId),
  })
  route(router, {
    method: 'POST',
    path: `${path}/test`,
    access: 'mis.write',
    tag,
    summary: 'Try each thing the link is needed for',
    reply: wire.connectionTest,
    async handle({ siteId }) {
      const row = await app.db.read(siteId, async (db) => {
        requireMis(await getSite(db, siteId), app.clock.now())
        return await link.requireConnection(db)
      })
      return { data: await testConnection(app, row) }
    },
  })
  const asking = '/sites/:site/mis/access'
  route(router, {
    method: 'GET',
    path: asking,
    access: 'mis.read',
    tag,
    summary: 'The request for access that waits for the school',
    reply: wire.misAccessReply,
    handle: async ({ siteId }) => ({ access: await access.getAccess(app, siteId) }),
  })
  route(router, {
    method: 'POST',
    path: asking,
    access: 'mis.write',
    tag,
    summary: 'Ask Wonde for access to a school; once it approves, it is linked by itself',
    body: wire.accessPost,
    reply: wire.misAccessReply,
    handle: async ({ siteId, body }) => ({ access: await access.askForAccess(app, siteId, body) }),
  })
  route(router, {
    method: 'POST',
    path: `${asking}/check`,
    access: 'mis.write',
    tag,
    summary: 'Look now what the school has answered',
    reply: wire.misAccessReply,
    handle: async ({ siteId }) => ({ access: await access.checkAccess(app, siteId) }),
  })
  route(router, {
    method: 'DELETE',
    path: asking,
    access: 'mis.write',
    tag,
    summary: 'Stop watching a request for access',
    reply: wire.misAccess,
    handle: ({ siteId }) => access.dropAccess(app, siteId),
  })
  route(router, {
    method: 'GET',
    path: '/sites/:site/mis/schedule',
    access: 'mis.read',
    tag,
    summary: 'When the nightly import runs',
    reply: wire.schedule,
    handle: ({ siteId }) => app.db.read(siteId, async (db) => ({ at: (await getSchedule(db, siteId)).at })),
  })
  route(router, {
    method: 'PUT',
    path: '/sites/:site/mis/schedule',
    access: 'mis.write',
    tag,
    summary: 'Set when the nightly import runs',
    body: wire.schedule,
    reply: wire.schedule,
    async handle({ siteId, body }) {
      await putSchedule(app, siteId, body.at)
      return body
    },
  })
}
