import { z } from 'zod'
import * as wire from '../../shared/sites.ts'
import { listQuery, pageOf } from '../../shared/values.ts'
import type { App } from '../app.ts'
import { AppError, invalid } from '../core/errors.ts'
import { decodeCursor, page } from '../core/http/lists.ts'
import { type Router, route } from '../core/http/route.ts'
import { asId } from '../core/ids.ts'
import * as sites from './sites.ts'

const tag = 'Sites'

export function siteRoutes(app: App, router: Router): void {
  const present = (row: sites.SiteRow) => sites.presentSite(row, app.clock.now())
  const load = (siteId: string) => app.db.read(siteId, (db) => sites.getSite(db, siteId))

  route(router, {
    method: 'GET',
    path: '/sites',
    access: 'logged-in',
    tag,
    summary: 'The sites this token reaches',
    query: z.strictObject(listQuery),
    reply: pageOf(wire.site),
    async handle({ actor, query }) {
      if (actor.kind === 'kiosk') throw new AppError(403, 'forbidden', 'A kiosk may not do this.')
      const cursor = decodeCursor(query.cursor, 2)
      const before = cursor === null ? null : { at: cursor[0]!, id: asId(cursor[1]!) ?? '' }
      if (before !== null && (before.id === '' || Number.isNaN(Date.parse(before.at))))
        throw invalid('cursor', 'is not one that this list gave')
      const rows = await app.db.system((tx) => sites.listSites(tx, actor.sites, before, query.limit + 1))
      return page(rows, query.limit, (row) => [row.created_at.toISOString(), row.id], present)
    },
  })
  route(router, {
    method: 'GET',
    path: '/sites/:site',
    access: 'logged-in',
    tag,
    summary: 'One site',
    reply: wire.site,
    handle: async ({ siteId }) => present(await load(siteId)),
  })
  route(router, {
    method: 'POST',
    path: '/sites',
    access: 'sites.create',
    tag,
    summary: 'Make a site',
    body: wire.sitePost,
    reply: wire.site,
    status: 201,
    current: async ({ newId }) => present(await load(newId())),
    async handle({ actor, body, newId }) {
      if (actor.kind === 'kiosk' || actor.sites !== null)
        throw new AppError(403, 'forbidden', 'Only a token of all sites may make one.')
      return present(await app.db.system((tx) => sites.createSite(app, tx, newId(), body)))
    },
  })
  route(router, {
    method: 'GET',
    path: '/sites/:site/licence',
    access: 'logged-in',
    tag,
    summary: 'Edition and MIS integration of a site',
    reply: wire.licence,
    handle: async ({ siteId }) => present(await load(siteId)).licence,
  })
  route(router, {
    method: 'PUT',
    path: '/sites/:site/licence',
    access: 'licence.write',
    tag,
    summary: 'Set edition and MIS integration (the operator’s)',
    body: wire.licencePut,
    reply: wire.licence,
    handle: async ({ siteId, body }) => present(await sites.putLicence(app, siteId, body)).licence,
  })
  route(router, {
    method: 'GET',
    path: '/sites/:site/school-day',
    access: 'logged-in',
    tag,
    summary: 'Times of the school day',
    reply: wire.schoolDay,
    handle: async ({ siteId }) => (await load(siteId)).school_day,
  })
  route(router, {
    method: 'PUT',
    path: '/sites/:site/school-day',
    access: 'settings.write',
    tag,
    summary: 'Set the times of the school day',
    body: wire.schoolDay,
    reply: wire.schoolDay,
    async handle({ siteId, body }) {
      await sites.putSchoolDay(app, siteId, body)
      return body
    },
  })
  route(router, {
    method: 'GET',
    path: '/sites/:site/school-day/exceptions',
    access: 'logged-in',
    tag,
    summary: 'Weekdays with times of their own',
    reply: wire.dayExceptions,
    handle: async ({ siteId }) => ({ data: (await load(siteId)).day_exceptions }),
  })
  route(router, {
    method: 'PUT',
    path: '/sites/:site/school-day/exceptions',
    access: 'settings.write',
    tag,
    summary: 'Set all weekdays with times of their own',
    body: wire.dayExceptions,
    reply: wire.dayExceptions,
    async handle({ siteId, body }) {
      const data = body.data.toSorted((a, b) => a.day - b.day)
      await sites.putDayExceptions(app, siteId, data)
      return { data }
    },
  })
  route(router, {
    method: 'GET',
    path: '/sites/:site/closures',
    access: 'logged-in',
    tag,
    summary: 'Holidays and INSET days',
    reply: wire.closures,
    handle: async ({ siteId }) => ({ data: (await load(siteId)).closures }),
  })
  route(router, {
    method: 'PUT',
    path: '/sites/:site/closures',
    access: 'settings.write',
    tag,
    summary: 'Set all holidays and INSET days',
    body: wire.closures,
    reply: wire.closures,
    async handle({ siteId, body }) {
      await sites.putClosures(app, siteId, body.data)
      return body
    },
  })
}
