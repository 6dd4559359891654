import * as wire from '../../shared/notices.ts'
import { pageOf } from '../../shared/values.ts'
import type { App } from '../app.ts'
import { notFound } from '../core/errors.ts'
import { decodeIdCursor, page } from '../core/http/lists.ts'
import { type Router, route } from '../core/http/route.ts'
import { asId } from '../core/ids.ts'
import * as notices from './notices.ts'

const tag = 'Notices'

export function noticeRoutes(app: App, router: Router): void {
  const path = '/sites/:site/notices'
  route(router, {
    method: 'GET',
    path,
    access: 'attendance.read',
    tag,
    summary: 'What the office should know, newest first',
    query: wire.noticesQuery,
    reply: pageOf(wire.notice),
    async handle({ siteId, query }) {
      const before = decodeIdCursor(query.cursor)
      const settled = query.settled === undefined ? undefined : query.settled === 'true'
      const rows = await app.db.read(siteId, (db) =>
        notices.listNotices(db, settled, before, query.limit + 1),
      )
      return page(rows, query.limit, (row) => [row.id], notices.present)
    },
  })
  route(router, {
    method: 'POST',
    path: `${path}/:id/settle`,
    access: 'attendance.write',
    tag,
    summary: 'Somebody has seen to it',
    reply: wire.notice,
    handle({ actor, siteId, params }) {
      const id = asId(params.id ?? '')
      if (id === null) throw notFound('notice')
      return notices.settle(app, siteId, id, actor.name)
    },
  })
}
