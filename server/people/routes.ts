import { z } from 'zod'
import { kioskSearch, kioskSearchQuery } from '../../shared/kiosks.ts'
import type { PersonKind } from '../../shared/mis.ts'
import * as wire from '../../shared/people.ts'
import { id, pageOf } from '../../shared/values.ts'
import type { App } from '../app.ts'
import type { Actor } from '../core/http/actor.ts'
import { decodeCursor, page } from '../core/http/lists.ts'
import { answer, type Router, route } from '../core/http/route.ts'
import { asId } from '../core/ids.ts'
import { invalid } from '../core/errors.ts'
import { lobbyDirectory, searchInLobby } from './lobby.ts'
import { listRoutes } from './list/routes.ts'
import * as people from './people.ts'

export function peopleRoutes(app: App, router: Router): void {
  directoryRoutes(app, router, { kind: 'student', path: '/sites/:site/students', tag: 'Students' })
  directoryRoutes(app, router, { kind: 'employee', path: '/sites/:site/employees', tag: 'Employees' })
  listRoutes(app, router)
  lobbyRoutes(app, router)
}

function afterOf(cursor: string | undefined): { surname: string; forename: string; id: string } | null {
  const parts = decodeCursor(cursor, 3)
  if (parts === null) return null
  const last = asId(parts[2]!)
  if (last === null) throw invalid('cursor', 'is not one that this list gave')
  return { surname: parts[0]!, forename: parts[1]!, id: last }
}

const mayKnowBirthdays = (actor: Actor) => actor.kind !== 'kiosk' && actor.permissions.has('people.birthdays')

function directoryRoutes(
  app: App,
  router: Router,
  { kind, path, tag }: { kind: PersonKind; path: string; tag: string },
): void {
  const load = (siteId: string, personId: string) =>
    app.db.read(siteId, (db) => people.getPerson(db, kind, personId))

  route(router, {
    method: 'GET',
    path,
    access: 'people.read',
    tag,
    summary: `The ${kind}s, by surname`,
    query: wire.peopleQuery,
    reply: pageOf(wire.person),
    async handle({ siteId, query: { cursor, limit, ...filter } }) {
      const after = afterOf(cursor)
      const rows = await app.db.read(siteId, (db) =>
        people.listPeople(db, kind, { ...filter, after, limit: limit + 1 }),
      )
      return page(rows, limit, (row) => [row.surname, row.forename, row.id], people.presentPerson)
    },
  })
  route(router, {
    method: 'GET',
    path: `${path}/:id`,
    access: 'people.read',
    tag,
    summary: `One ${kind}; the date of birth only with people.birthdays`,
    reply: wire.personDetail,
    async handle({ actor, siteId, params }) {
      const row = await load(siteId, params.id!)
      return {
        ...people.presentPerson(row),
        ...(mayKnowBirthdays(actor) ? { dateOfBirth: row.date_of_birth } : {}),
      }
    },
  })
  route(router, {
    method: 'POST',
    path,
    access: 'people.write',
    tag,
    summary: `Add a ${kind} by hand`.replace('a employee', 'an employee'),
    body: kind === 'student' ? wire.studentPost : wire.employeePost,
    reply: wire.person,
    status: 201,
    current: async ({ siteId, newId }) => people.presentPerson(await load(siteId, newId())),
    handle: async ({ siteId, body, newId }) =>
      people.presentPerson(await people.addPerson(app, siteId, { ...body, kind, id: newId() })),
  })
  route(router, {
    method: 'PATCH',
    path: `${path}/:id`,
    access: 'people.write',
    tag,
    summary: 'Change what we own; what the MIS owns is refused by name',
    body: kind === 'student' ? wire.studentPatch : wire.employeePatch,
    reply: wire.person,
    current: async ({ siteId, params }) => people.presentPerson(await load(siteId, params.id!)),
    handle: async ({ siteId, params, body }) =>
      people.presentPerson(await people.changePerson(app, siteId, { ...body, kind, id: params.id! })),
  })
  for (const [verb, state] of [
    ['archive', 'archived'],
    ['restore', 'active'],
  ] as const)
    route(router, {
      method: 'POST',
      path: `${path}/:id/${verb}`,
      access: 'people.write',
      tag,
      summary: verb === 'archive' ? 'Take out of use; history stays' : 'Bring back, as the same record',
      reply: wire.person,
      current: async ({ siteId, params }) => people.presentPerson(await load(siteId, params.id!)),
      handle: async ({ siteId, params }) =>
        people.presentPerson(await people.setPersonState(app, siteId, { kind, id: params.id!, state })),
    })
}

const directory = z.object({
  data: z.array(z.object({ id, name: z.string(), group: z.string().nullable(), find: z.string() })),
})

function lobbyRoutes(app: App, router: Router): void {
  const siteOf = (actor: Actor) => (actor as Extract<Actor, { kind: 'kiosk' }>).siteId
  route(router, {
    method: 'GET',
    path: '/kiosk/people',
    access: 'kiosk',
    tag: 'Kiosk',
    summary: 'Find yourself: nobody before three letters, never more than five',
    query: kioskSearchQuery,
    reply: kioskSearch,
    async handle({ actor, query, reply }) {
      void reply.header('cache-control', 'no-store')
      return await app.db.read(siteOf(actor), (db) => searchInLobby(db, query.q))
    },
  })
  route(router, {
    method: 'GET',
    path: '/kiosk/directory',
    access: 'kiosk',
    tag: 'Kiosk',
    summary: 'The students a kiosk could find, to work without a network; answers 304 to its ETag',
    reply: directory,
    async handle({ actor, request, reply }) {
      const found = await app.db.read(siteOf(actor), lobbyDirectory)
      void reply.header('etag', found.etag).header('cache-control', 'private, no-cache')
      return request.headers['if-none-match'] === found.etag ? answer(304, null) : found.directory
    },
  })
}
