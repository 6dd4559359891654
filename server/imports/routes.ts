import { z } from 'zod'
import * as wire from '../../shared/mis.ts'
import { listQuery, pageOf } from '../../shared/values.ts'
import type { App } from '../app.ts'
import { invalid } from '../core/errors.ts'
import { decodeCursor, page } from '../core/http/lists.ts'
import { answer, type Router, route } from '../core/http/route.ts'
import { asId } from '../core/ids.ts'
import * as imports from './imports.ts'
import * as selection from './selection.ts'
import { undoRun } from './undo.ts'

const tag = 'MIS'

export function importRoutes(app: App, router: Router): void {
  runRoutes(app, router)
  peopleRoutes(app, router)
}

function runRoutes(app: App, router: Router): void {
  const path = '/sites/:site/mis/imports'
  const load = (siteId: string, id: string) =>
    app.db.read(siteId, async (db) => imports.presentRun(await imports.getRun(db, id)))
  route(router, {
    method: 'POST',
    path,
    access: 'mis.write',
    tag,
    summary: 'Import now, or look first with a preview',
    body: wire.importPost,
    reply: wire.importRun,
    status: 202,
    current: ({ siteId }, first) => load(siteId, (first as { id: string }).id),
    async handle({ actor, siteId, body, newId }) {
      const trigger = actor.kind === 'token' ? 'api' : 'manual'
      const run = await imports.startImport(app, siteId, {
        id: newId(),
        preview: body.preview,
        trigger,
        by: actor.name,
      })
      return answer(202, run)
    },
  })
  route(router, {
    method: 'GET',
    path,
    access: 'mis.read',
    tag,
    summary: 'Imports, newest first',
    query: z.strictObject(listQuery),
    reply: pageOf(wire.importRun),
    async handle({ siteId, query }) {
      const cursor = decodeCursor(query.cursor, 2)
      const before = cursor === null ? null : { at: cursor[0]!, id: asId(cursor[1]!) ?? '' }
      if (before !== null && (before.id === '' || Number.isNaN(Date.parse(before.at))))
        throw invalid('cursor', 'is not one that this list gave')
      const rows = await app.db.read(siteId, (db) => imports.listRuns(db, before, query.limit + 1))
      return page(rows, query.limit, (row) => [row.queued_at.toISOString(), row.id], imports.presentRun)
    },
  })
  route(router, {
    method: 'GET',
    path: `${path}/:id`,
    access: 'mis.read',
    tag,
    summary: 'One import',
    reply: wire.importRun,
    handle: ({ siteId, params }) => load(siteId, params.id!),
  })
  route(router, {
    method: 'GET',
    path: `${path}/:id/changes`,
    access: 'mis.read',
    tag,
    summary: 'Everybody touched, held or in question',
    query: z.strictObject(listQuery),
    reply: pageOf(wire.importChange),
    async handle({ siteId, params, query }) {
      const cursor = decodeCursor(query.cursor, 1)?.[0]
      const after = cursor === undefined ? -1 : Number(cursor)
      if (!Number.isInteger(after) || Math.abs(after) > 2_000_000_000)
        throw invalid('cursor', 'is not one that this list gave')
      return await app.db.read(siteId, async (db) => {
        const run = await imports.getRun(db, params.id!)
        const rows = await imports.listChanges(db, run.id, after, query.limit + 1)
        return page(rows, query.limit, (row) => [row.n], imports.presentChange)
      })
    },
  })
  route(router, {
    method: 'POST',
    path: `${path}/:id/apply`,
    access: 'mis.write',
    tag,
    summary: 'Do what a held import planned: reads again, changes nobody outside the plan',
    reply: wire.importRun,
    status: 202,
    async handle({ actor, siteId, params }) {
      return answer(202, await imports.applyRun(app, siteId, params.id!, actor.name))
    },
  })
  route(router, {
    method: 'POST',
    path: `${path}/:id/discard`,
    access: 'mis.write',
    tag,
    summary: 'Throw a held import away',
    reply: wire.importRun,
    handle: ({ siteId, params }) => imports.discardRun(app, siteId, params.id!),
  })
  route(router, {
    method: 'POST',
    path: `${path}/:id/undo`,
    access: 'mis.write',
    tag,
    summary: 'Take the newest applied import back; the next one then waits for a person',
    reply: wire.importRun,
    handle: ({ siteId, params }) => undoRun(app, siteId, params.id!),
  })
}

function peopleRoutes(app: App, router: Router): void {
  const path = '/sites/:site/mis/people'
  route(router, {
    method: 'GET',
    path,
    access: 'mis.read',
    tag,
    summary: 'Everyone the MIS offered at the last reading',
    query: wire.misPeopleQuery,
    reply: pageOf(wire.misPerson),
    async handle({ siteId, query: { limit, cursor, q, importing, ...filter } }) {
      const parts = decodeCursor(cursor, 3)
      const after = parts === null ? null : { surname: parts[0]!, forename: parts[1]!, misId: parts[2]! }
      const wanted = importing === undefined ? undefined : importing === 'true'
      const words = selection.wordsOf(q)
      const rows = await app.db.read(siteId, (db) =>
        selection.pageMisPeople(db, { ...filter, importing: wanted, words }, after, limit + 1),
      )
      return page(rows, limit, (row) => [row.surname, row.forename, row.mis_id], selection.presentMisPerson)
    },
  })
  route(router, {
    method: 'POST',
    path: `${path}/selection`,
    access: 'mis.write',
    tag,
    summary: 'Switch people on or off, at once',
    body: wire.selectionPost,
    reply: z.object({ changed: z.number() }),
    handle: async ({ siteId, body }) => ({ changed: await selection.select(app, siteId, body) }),
  })
  route(router, {
    method: 'POST',
    path: `${path}/:misId/match`,
    access: 'mis.write',
    tag,
    summary: 'Say who a record of the MIS is: a person we hold, or somebody else',
    body: wire.matchPost,
    reply: wire.misPerson,
    handle: ({ siteId, params, body }) => selection.matchMisPerson(app, siteId, params.misId!, body.person),
  })
}
