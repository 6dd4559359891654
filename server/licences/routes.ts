import { z } from 'zod'
import * as wire from '../../shared/licences.ts'
import { pageOf } from '../../shared/values.ts'
import type { App } from '../app.ts'
import { conflict, invalid } from '../core/errors.ts'
import { decodeCursor, page } from '../core/http/lists.ts'
import { type Router, route } from '../core/http/route.ts'
import { asId } from '../core/ids.ts'
import { getSite } from '../sites/sites.ts'
import { confirmationPdf } from './confirmation.ts'
import * as licences from './licences.ts'
import { misHelp } from './mis-help.ts'
import { listOrders } from './store.ts'

const tag = 'Licence'
const path = '/sites/:site/orders'

export function licenceRoutes(app: App, router: Router): void {
  route(router, {
    method: 'GET',
    path: '/sites/:site/licence/offer',
    access: 'logged-in',
    tag,
    summary: 'What can be ordered today: days, price, VAT and total',
    query: wire.offerQuery,
    reply: wire.offer,
    handle: ({ siteId, query }) =>
      app.db.read(siteId, async (db) =>
        licences.offerFor(await getSite(db, siteId), app.clock.now(), query.startsOn),
      ),
  })
  route(router, {
    method: 'GET',
    path: '/help/mis',
    access: 'anyone',
    tag,
    summary: 'What each MIS lets us read and write, where that is known from, and what the link costs',
    reply: wire.misHelp,
    handle: async () => misHelp(app.settings),
  })
  reading(app, router)
  settling(app, router)
}

function reading(app: App, router: Router): void {
  const load = (siteId: string, id: string) =>
    app.db.read(siteId, async (db) => licences.presentOrder(await licences.getOrder(db, id)))
  route(router, {
    method: 'GET',
    path,
    access: 'settings.write',
    tag,
    summary: 'Orders of MIS integration, newest first',
    query: wire.ordersQuery,
    reply: pageOf(wire.order),
    async handle({ siteId, query }) {
      const cursor = decodeCursor(query.cursor, 2)
      const before = cursor === null ? null : { at: cursor[0]!, id: asId(cursor[1]!) ?? '' }
      if (before !== null && (before.id === '' || Number.isNaN(Date.parse(before.at))))
        throw invalid('cursor', 'is not one that this list gave')
      const rows = await app.db.read(siteId, (db) => listOrders(db, before, query.limit + 1))
      return page(rows, query.limit, (row) => [row.ordered_at.toISOString(), row.id], licences.presentOrder)
    },
  })
  route(router, {
    method: 'GET',
    path: `${path}/:id`,
    access: 'settings.write',
    tag,
    summary: 'One order',
    reply: wire.order,
    handle: ({ siteId, params }) => load(siteId, params['id'] ?? ''),
  })
  route(router, {
    method: 'POST',
    path,
    access: 'settings.write',
    tag,
    summary: 'Order twelve months of MIS integration; while a term runs, its renewal',
    body: wire.orderPost,
    reply: wire.order,
    status: 201,
    current: ({ siteId, newId }) => load(siteId, newId()),
    handle: async ({ siteId, body, newId }) =>
      licences.presentOrder(await licences.placeOrder(app, siteId, { id: newId(), wanted: body })),
  })
  route(router, {
    method: 'GET',
    path: `${path}/:id/confirmation.pdf`,
    access: 'settings.write',
    tag,
    summary: 'The order as a page to print (PDF)',
    reply: z.any(),
    async handle({ siteId, params, reply }) {
      const { order, site } = await app.db.read(siteId, async (db) => ({
        order: licences.presentOrder(await licences.getOrder(db, params['id'] ?? '')),
        site: await getSite(db, siteId),
      }))
      if (order.state === 'cancelled')
        throw conflict('licence.order_cancelled', 'This order was cancelled, so there is nothing to confirm.')
      void reply
        .type('application/pdf')
        .header('content-disposition', `inline; filename="${order.number}.pdf"`)
        .header('cache-control', 'no-store')
      return confirmationPdf(order, site, app.settings)
    },
  })
}

function settling(app: App, router: Router): void {
  route(router, {
    method: 'POST',
    path: `${path}/:id/confirm`,
    access: 'logged-in',
    tag,
    summary:
      'Confirm an order (the operator’s: licence.write, or an administrator of the whole installation)',
    reply: wire.order,
    async handle({ actor, siteId, params }) {
      licences.requireOperator(actor)
      return licences.presentOrder(await licences.confirmOrder(app, siteId, params['id'] ?? '', actor.name))
    },
  })
  route(router, {
    method: 'POST',
    path: `${path}/:id/cancel`,
    access: 'settings.write',
    tag,
    summary: 'Cancel an order that waits',
    reply: wire.order,
    handle: async ({ actor, siteId, params }) =>
      licences.presentOrder(await licences.cancelOrder(app, siteId, params['id'] ?? '', actor.name)),
  })
}
