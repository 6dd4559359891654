import { z } from 'zod'
import * as wire from '../../shared/accounts.ts'
import { listQuery, pageOf } from '../../shared/values.ts'
import type { App } from '../app.ts'
import { decodeIdCursor, encodeCursor } from '../core/http/lists.ts'
import { type Router, route } from '../core/http/route.ts'
import * as tokens from './tokens.ts'

const tag = 'Other programs'
const access = 'api.tokens'

export function tokenRoutes(app: App, router: Router): void {
  route(router, {
    method: 'GET',
    path: '/tokens',
    access,
    tag,
    summary: 'Tokens of other programs, newest first; never their text',
    query: z.strictObject(listQuery),
    reply: pageOf(wire.apiToken),
    async handle({ actor, query }) {
      const { rows, more } = await tokens.listTokens(app, actor, decodeIdCursor(query.cursor), query.limit)
      return { data: rows, meta: { next: more ? encodeCursor([rows.at(-1)!.id]) : null } }
    },
  })
  route(router, {
    method: 'GET',
    path: '/tokens/:id',
    access,
    tag,
    summary: 'One token',
    reply: wire.apiToken,
    handle: ({ actor, params }) => tokens.getToken(app, actor, params.id!),
  })
  route(router, {
    method: 'POST',
    path: '/tokens',
    access,
    tag,
    summary: 'Make a token with no more than your own sites and permissions; its text is shown this once',
    body: wire.apiTokenPost,
    reply: wire.apiToken,
    status: 201,
    secret: true,
    current: ({ actor, newId }) => tokens.getToken(app, actor, newId()),
    handle: ({ actor, body, newId }) => tokens.makeToken(app, actor, newId(), body),
  })
  route(router, {
    method: 'DELETE',
    path: '/tokens/:id',
    access,
    tag,
    summary: 'Revoke a token: it is refused from the next call on',
    reply: wire.apiToken,
    handle: ({ actor, params }) => tokens.revokeToken(app, actor, params.id!),
  })
}
