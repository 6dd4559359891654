import * as wire from '../../shared/attendance.ts'
import { pageOf } from '../../shared/values.ts'
import type { App } from '../app.ts'
import { invalid, notFound } from '../core/errors.ts'
import type { Actor } from '../core/http/actor.ts'
import { decodeCursor, page } from '../core/http/lists.ts'
import { type Router, route } from '../core/http/route.ts'
import { asId } from '../core/ids.ts'
import { listWriteBacks } from './store.ts'
import { sendTestMark } from './test-mark.ts'
import * as ledger from './write-backs.ts'

const tag = 'Write-backs'

/** As the history names them: an account by its name at the desk, a program by its token's. */
const nameOf = (actor: Actor) => actor.name

function idOf(params: Record<string, string>): string {
  const id = asId(params.id ?? '')
  if (id === null) throw notFound('write-back')
  return id
}

export function writeBackRoutes(app: App, router: Router): void {
  const path = '/sites/:site/write-backs'
  route(router, {
    method: 'GET',
    path,
    access: 'attendance.read',
    tag,
    summary: 'Marks owed and what became of them, newest first',
    query: wire.writeBacksQuery,
    reply: pageOf(wire.writeBack),
    async handle({ siteId, query }) {
      const cursor = decodeCursor(query.cursor, 1)?.[0]
      const before = cursor === undefined ? null : Number(cursor)
      if (before !== null && !Number.isSafeInteger(before))
        throw invalid('cursor', 'is not one that this list gave')
      const person = query.person === undefined ? undefined : asId(query.person)
      if (person === null) return { data: [], meta: { next: null } }
      const needsPerson = query.needsPerson === undefined ? undefined : query.needsPerson === 'true'
      return await app.db.read(siteId, async (db) => {
        const filter = { state: query.state, date: query.date, person, needsPerson }
        const rows = await listWriteBacks(db, filter, before, query.limit + 1)
        const shown = page(
          rows,
          query.limit,
          (row) => [row.n],
          (row) => row,
        )
        return { data: await ledger.present(db, shown.data), meta: shown.meta }
      })
    },
  })
  route(router, {
    method: 'POST',
    path: '/sites/:site/mis/test-mark',
    access: 'mis.write',
    tag: 'MIS',
    summary:
      'Send a test mark for a chosen pupil: it proves or disproves what this MIS takes, and is taken back',
    body: wire.testMarkPost,
    reply: wire.writeBack,
    status: 201,
    current: ({ siteId, newId }) => app.db.read(siteId, (db) => ledger.getWriteBack(db, newId())),
    handle: ({ actor, siteId, body, newId }) =>
      sendTestMark(app, siteId, { id: newId(), ...body, by: nameOf(actor) }),
  })
  route(router, {
    method: 'GET',
    path: `${path}/:id`,
    access: 'attendance.read',
    tag,
    summary: 'One mark owed, with its history',
    reply: wire.writeBack,
    handle: ({ siteId, params }) => app.db.read(siteId, (db) => ledger.getWriteBack(db, idOf(params))),
  })
  route(router, {
    method: 'POST',
    path: `${path}/:id/resend`,
    access: 'attendance.write',
    tag,
    summary: 'Send it again; what stands in the MIS is looked at first',
    reply: wire.writeBack,
    handle: ({ actor, siteId, params }) => ledger.resend(app, siteId, idOf(params), nameOf(actor)),
  })
  route(router, {
    method: 'POST',
    path: `${path}/:id/resolve`,
    access: 'attendance.write',
    tag,
    summary: 'Settle it: keep theirs, use ours, or entered by hand',
    body: wire.resolvePost,
    reply: wire.writeBack,
    handle: ({ actor, siteId, params, body }) =>
      ledger.resolve(app, siteId, idOf(params), body.as, nameOf(actor)),
  })
}
