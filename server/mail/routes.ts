import * as wire from '../../shared/mail.ts'
import { pageOf } from '../../shared/values.ts'
import type { App } from '../app.ts'
import { notFound } from '../core/errors.ts'
import { decodeIdCursor, page } from '../core/http/lists.ts'
import { type Router, route } from '../core/http/route.ts'
import { asId } from '../core/ids.ts'
import * as mail from './mail.ts'

const tag = 'Messages'

export function mailRoutes(app: App, router: Router): void {
  const path = '/sites/:site/messages'
  route(router, {
    method: 'GET',
    path,
    access: 'settings.write',
    tag,
    summary: 'The outbox: messages by e-mail and what became of them, newest first',
    query: wire.messagesQuery,
    reply: pageOf(wire.message),
    async handle({ siteId, query }) {
      const before = decodeIdCursor(query.cursor)
      const states =
        query.state === 'waiting' ? (['waiting', 'sending'] as const) : query.state && [query.state]
      const rows = await app.db.read(siteId, (db) =>
        mail.listMessages(db, states ?? null, before, query.limit + 1),
      )
      return page(
        rows,
        query.limit,
        (row) => [row.id],
        (row) => mail.present(app, row),
      )
    },
  })
  route(router, {
    method: 'POST',
    path: `${path}/:id/resend`,
    access: 'settings.write',
    tag,
    summary: 'Send a message again that failed, or at once one that waits',
    reply: wire.message,
    handle({ siteId, params }) {
      const id = asId(params['id'] ?? '')
      if (id === null) throw notFound('message')
      return mail.resend(app, siteId, id)
    },
  })
}
