/** An order as one page to print and to file with its invoice. */
import type { Order } from '../../shared/licences.ts'
import type { Phase } from '../../shared/sites.ts'
import { a4, createPage, type Page } from '../core/pdf/pdf.ts'
import { inWords } from './letters.ts'

const left = 56
const right = a4.width - 56
const column = 200
const quiet = '#5B6172'
const hairline = '#E5E1D8'
const prime = '#2A4196'
/** So that everything stands on the one page, whatever was typed. */
const mostAddressLines = 16
const mostNameLines = 6

type Site = { name: string; phase: Phase; time_zone: string }
type Operator = { supportEmail: string | null; supportUrl: string | null }

/** The confirmation of an order, or of its arrival while it waits to be confirmed. */
export function confirmationPdf(order: Order, site: Site, operator: Operator): Buffer {
  const done = order.state === 'confirmed'
  const title = done ? 'Order confirmation' : 'Order received, not yet confirmed'
  const page = createPage({
    title: `${title} ${order.number}`,
    subject: `MIS integration for ${site.name}`,
    at: new Date(order.settledAt ?? order.orderedAt),
  })
  page.box(0, 0, a4.width, 8, prime)
  page.text(left, 62, 'e-Reception Book', { size: 11, bold: true, colour: prime })
  page.text(right, 62, order.number, { size: 11, bold: true, right: true })
  page.text(left, 104, title, { size: 21, bold: true })
  let y = 128
  for (const line of page.wrap(`MIS integration for ${site.name}`, right - left, 12)) {
    page.text(left, y, line, { size: 12, colour: quiet })
    y += 17
  }
  y = details(page, y + 16, order, site)
  y = sums(page, y + 18, order)
  y = foot(page, y + 30, order)
  const help = [operator.supportEmail, operator.supportUrl].filter((way) => way !== null).join(' · ')
  if (help !== '') page.text(left, a4.height - 40, `Questions: ${help}`, { size: 9, colour: quiet })
  return page.finish()
}

function localDay(instant: string, timeZone: string): string {
  return new Date(instant).toLocaleDateString('en-GB', {
    ...{ day: 'numeric', month: 'long', year: 'numeric', timeZone },
  })
}

function details(page: Page, top: number, order: Order, site: Site): number {
  let y = top
  const row = (label: string, value: string, most = Number.POSITIVE_INFINITY) => {
    const lines = page.wrap(value, right - column, 10.5)
    page.text(left, y, label, { size: 10.5, colour: quiet })
    for (const line of lines.slice(0, most)) {
      page.text(column, y, line, { size: 10.5 })
      y += 15
    }
    page.line(left, y - 4, right, y - 4, hairline)
    y += 12
  }
  row('Ordered by', `${order.name}\n${order.email}`, mostNameLines)
  if (order.purchaseOrder !== null) row('Your order number', order.purchaseOrder)
  row('Invoice address', order.invoiceAddress, mostAddressLines)
  row('Ordered on', localDay(order.orderedAt, site.time_zone))
  row(
    'Agreement',
    `Twelve months, from ${inWords(order.startsOn)} to ${inWords(order.endsOn)}, both days included` +
      (order.renewal ? ' (renewal)' : ''),
  )
  if (order.settledAt !== null) row('Confirmed on', localDay(order.settledAt, site.time_zone))
  return y
}

function sums(page: Page, top: number, { price }: Order): number {
  let y = top
  const row = (label: string, amount: string, bold: boolean) => {
    page.text(left, y, label, { size: bold ? 12 : 10.5, bold })
    page.text(right, y, `£${amount}`, { size: bold ? 12 : 10.5, bold, right: true })
    y += 20
  }
  row('MIS integration, 12 months', price.net, false)
  row(`VAT at ${price.vatPercent} %`, price.vat, false)
  page.line(left, y - 10, right, y - 10, '#8C877B')
  y += 6
  row('Total', price.total, true)
  return y
}

function foot(page: Page, top: number, order: Order): number {
  let y = top
  const words =
    order.state === 'confirmed'
      ? 'This confirms your order. It is not an invoice; that goes to the address above. When the term ends, reading and writing stop by themselves and nothing is deleted.'
      : 'This order waits to be confirmed. Until then the MIS is neither read nor written, and nothing is owed.'
  for (const line of page.wrap(words, right - left, 9.5)) {
    page.text(left, y, line, { size: 9.5, colour: quiet })
    y += 14
  }
  return y
}
