import { z } from 'zod'
import type { PersonKind } from '../../shared/mis.ts'
import * as wire from '../../shared/people.ts'
import type { App } from '../app.ts'
import { type Router, route } from '../core/http/route.ts'
import { getPerson, presentPerson } from '../people/people.ts'
import { personHistory } from './history.ts'
import { mergePerson } from './merge.ts'
import { archiveImported } from './remove-imported.ts'

export function directoryRoutes(app: App, router: Router): void {
  recordRoutes(app, router, { kind: 'student', path: '/sites/:site/students', tag: 'Students' })
  recordRoutes(app, router, { kind: 'employee', path: '/sites/:site/employees', tag: 'Employees' })
  route(router, {
    method: 'POST',
    path: '/sites/:site/employees/archive-imported',
    access: 'people.write',
    tag: 'Employees',
    summary: 'Remove all imported employees: archives them, and no import brings employees any more',
    body: wire.archiveImportedPost,
    reply: z.object({ archived: z.int() }),
    handle: async ({ siteId, body }) => ({ archived: await archiveImported(app, siteId, body.confirmCount) }),
  })
}

function recordRoutes(
  app: App,
  router: Router,
  { kind, path, tag }: { kind: PersonKind; path: string; tag: string },
): void {
  route(router, {
    method: 'POST',
    path: `${path}/:id/merge`,
    access: 'people.write',
    tag,
    summary: 'This record is the same person as another: the other is kept, with both histories',
    body: wire.mergePost,
    reply: wire.person,
    current: async ({ siteId, body }) =>
      presentPerson(await app.db.read(siteId, (db) => getPerson(db, kind, body.into))),
    handle: async ({ actor, siteId, params, body }) =>
      presentPerson(
        await mergePerson(app, siteId, { kind, id: params.id!, into: body.into, by: actor.name }),
      ),
  })
  route(router, {
    method: 'GET',
    path: `${path}/:id/history`,
    access: 'people.read',
    tag,
    summary: 'What imports changed, and which records were merged into this one',
    reply: wire.personHistory,
    handle: ({ siteId, params }) => app.db.read(siteId, (db) => personHistory(db, kind, params.id!)),
  })
}
