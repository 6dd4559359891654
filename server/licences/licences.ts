/**
 * MIS integration is ordered here, confirmed by the operator, renewed before it ends, and lapses by itself. A lapse
 * deletes nothing; whether the MIS may be read today is asked of `sites`, which keeps the terms.
 */
import type { Offer, Order, OrderPost } from '../../shared/licences.ts'
import { isOperator } from '../accounts/accounts.ts'
import type { App } from '../app.ts'
import type { Db, Tx } from '../core/db/db.ts'
import { AppError, conflict, invalid, notFound } from '../core/errors.ts'
import type { Actor } from '../core/http/actor.ts'
import { asId } from '../core/ids.ts'
import { post } from '../mail/mail.ts'
import * as sites from '../sites/sites.ts'
import * as letters from './letters.ts'
import { choiceOn, presentPrice, priceOn, termFrom, vatSinceOn } from './rules.ts'
import * as store from './store.ts'

export function presentOrder(row: store.OrderRow): Order {
  return {
    id: row.id,
    number: letters.numberOf(row),
    state: row.state,
    renewal: row.renewal,
    startsOn: row.starts_on,
    endsOn: row.ends_on,
    price: presentPrice({
      ...{ net: row.net_pence, vatPermille: row.vat_permille, vat: row.vat_pence, total: row.total_pence },
    }),
    name: row.name,
    email: row.email,
    purchaseOrder: row.purchase_order,
    invoiceAddress: row.invoice_address,
    orderedAt: row.ordered_at.toISOString(),
    settledAt: row.settled_at?.toISOString() ?? null,
    settledBy: row.settled_by,
  }
}

/** Where a person reads and does all this. */
export const pageOf = (app: Pick<App, 'settings'>, siteId: string) =>
  `${app.settings.publicUrl}/sites/${siteId}/mis/licence`

/** What can be ordered today, and for how much. `startsOn`: the day that the school thinks of. */
export function offerFor(site: sites.SiteRow, now: Date, startsOn?: string): Offer {
  const today = sites.todayAt(site, now)
  const choice = choiceOn(site, today)
  const begins = chosen(choice, startsOn)
  return {
    ...choice,
    startsOn: begins,
    endsOn: sites.licenceEndsOn(begins),
    price: { ...presentPrice(priceOn(site.phase, today)), vatSince: vatSinceOn(today) },
  }
}

function chosen(choice: ReturnType<typeof choiceOn>, startsOn: string | undefined): string {
  const begins = startsOn ?? choice.earliestOn
  if (choice.renewal && begins !== choice.earliestOn)
    throw invalid(
      'startsOn',
      `a renewal begins on ${choice.earliestOn}, the day after the term that stands has ended`,
    )
  if (begins < choice.earliestOn || begins > choice.latestOn)
    throw invalid('startsOn', `must be from ${choice.earliestOn} to ${choice.latestOn}`)
  return begins
}

export async function getOrder(db: Db, id: string): Promise<store.OrderRow> {
  const known = asId(id)
  const row = known === null ? undefined : await store.findOrder(db, known)
  if (row === undefined) throw notFound('order')
  return row
}

/** Orders twelve months. It waits until the operator confirms it; one order is open at a time. */
export async function placeOrder(
  app: App,
  siteId: string,
  { id, wanted }: { id: string; wanted: OrderPost },
): Promise<store.OrderRow> {
  return await app.db.write(siteId, async (tx) => {
    await sites.lockSite(tx, siteId)
    // The same again, after a crash between this and its answer.
    const stands = await store.findOrder(tx, id)
    if (stands !== undefined) return stands
    const site = await sites.getSite(tx, siteId)
    const now = app.clock.now()
    const today = sites.todayAt(site, now)
    const choice = choiceOn(site, today)
    if (choice.refusal?.code === 'licence.wrong_edition')
      throw new AppError(422, choice.refusal.code, choice.refusal.message)
    if (choice.refusal !== null) throw conflict(choice.refusal.code, choice.refusal.message)
    const begins = chosen(choice, wanted.startsOn)
    const price = priceOn(site.phase, today)
    const inserted = await store.insertOrder(tx, {
      id,
      renewal: choice.renewal,
      starts_on: begins,
      ends_on: sites.licenceEndsOn(begins),
      ...{ net_pence: price.net, vat_permille: price.vatPermille, vat_pence: price.vat },
      total_pence: price.total,
      ...{ name: wanted.name, email: wanted.email, purchase_order: wanted.purchaseOrder },
      invoice_address: wanted.invoiceAddress,
      ordered_at: now,
    })
    if (!inserted)
      throw conflict('licence.order_open', 'An order is waiting to be confirmed. Cancel it first.')
    const order = await getOrder(tx, id)
    await putTerm(tx, order, false)
    const page = pageOf(app, siteId)
    await write(app, tx, order, 'received', letters.received(order, site.name, page))
    if (app.settings.supportEmail !== null)
      await write(
        app,
        tx,
        { ...order, email: app.settings.supportEmail },
        'arrived',
        letters.arrived(order, site.name, page),
      )
    sites.wakeLicence(tx, siteId)
    return order
  })
}

async function write(
  app: App,
  tx: Tx,
  { id, email }: { id: string; email: string },
  about: string,
  letter: letters.Letter,
): Promise<void> {
  await post(tx, { ...letter, to: email, key: `licence-order:${id}:${about}`, at: app.clock.now() })
}

async function putTerm(tx: Tx, order: store.OrderRow, confirmed: boolean): Promise<void> {
  await sites.deleteWaitingTerm(tx, tx.siteId, order.id)
  await sites.insertTerm(tx, {
    site_id: tx.siteId,
    starts_on: order.starts_on,
    ends_on: order.ends_on,
    confirmed,
    order_id: order.id,
  })
}

/** The operator's; who administers a whole installation of their own is its operator. */
export function requireOperator(actor: Actor): void {
  if (!isOperator(actor))
    throw new AppError(
      403,
      'forbidden',
      'Only the operator confirms orders: a token with licence.write, or an administrator of the whole installation.',
    )
}

/** The order is good: its term stands from the day ordered, or from today if that has passed. Again: as the first time. */
export async function confirmOrder(
  app: App,
  siteId: string,
  id: string,
  by: string,
): Promise<store.OrderRow> {
  return await app.db.write(siteId, async (tx) => {
    await sites.lockSite(tx, siteId)
    const order = await getOrder(tx, id)
    if (order.state === 'confirmed') return order
    if (order.state === 'cancelled') throw conflict('licence.order_cancelled', 'This order was cancelled.')
    const site = await sites.getSite(tx, siteId)
    if (site.edition !== 'education')
      throw conflict('licence.wrong_edition', 'MIS integration is an option of the Education edition only.')
    const now = app.clock.now()
    const term = termFrom(order.starts_on, sites.todayAt(site, now))
    const standing = site.mis_terms.find(
      (other) => other.confirmed && other.startsOn <= term.endsOn && term.startsOn <= other.endsOn,
    )
    if (standing !== undefined)
      throw conflict(
        'licence.term_stands',
        `A term from ${standing.startsOn} to ${standing.endsOn} stands already. Cancel this order and order a renewal.`,
      )
    await store.settleOrder(tx, order.id, {
      ...{ state: 'confirmed', starts_on: term.startsOn, ends_on: term.endsOn },
      ...{ settled_at: now, settled_by: by },
    })
    const done = await getOrder(tx, order.id)
    await putTerm(tx, done, true)
    await write(app, tx, done, 'confirmed', letters.confirmed(done, site.name, pageOf(app, siteId)))
    sites.wakeLicence(tx, siteId)
    return done
  })
}

/** Takes back an order that waits. Again: as the first time. */
export async function cancelOrder(app: App, siteId: string, id: string, by: string): Promise<store.OrderRow> {
  return await app.db.write(siteId, async (tx) => {
    await sites.lockSite(tx, siteId)
    const order = await getOrder(tx, id)
    if (order.state === 'cancelled') return order
    if (order.state === 'confirmed')
      throw conflict('licence.order_confirmed', 'This order is confirmed, so it cannot be cancelled here.')
    const now = app.clock.now()
    await store.settleOrder(tx, order.id, { state: 'cancelled', settled_at: now, settled_by: by })
    await sites.deleteWaitingTerm(tx, siteId, order.id)
    const site = await sites.getSite(tx, siteId)
    await write(app, tx, order, 'cancelled', letters.cancelled(order, site.name, pageOf(app, siteId)))
    sites.wakeLicence(tx, siteId)
    return await getOrder(tx, order.id)
  })
}
