/** An order as one page to print and to file with its invoice. */
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import Pdf from 'pdfkit'
import type { Order } from '../../shared/licences.ts'
import type { Phase } from '../../shared/sites.ts'
import { inWords } from './letters.ts'

const margin = 56
const right = 595 - margin
const column = 200
const ink = '#171C2B'
const quiet = '#5B6172'
const hairline = '#E5E1D8'
const prime = '#2A4196'
/** So that everything stands on the one page, whatever was typed. */
const mostAddressLines = 16
const mostNameLines = 6
/** The standard fonts of PDF lack letters such as Ł and Ș; of this one the page carries only what it uses. */
const font = join(import.meta.dirname, 'font', 'DejaVuSans.ttf')

type Site = { name: string; phase: Phase; time_zone: string }
type Operator = { supportEmail: string | null; supportUrl: string | null }
type Style = {
  size: number
  bold?: boolean
  colour?: string
  right?: boolean
  width?: number
  lines?: number
}
type Page = ReturnType<typeof openPage>

/** The confirmation of an order, or of its arrival while it waits to be confirmed. */
export async function confirmationPdf(order: Order, site: Site, operator: Operator): Promise<Buffer> {
  const done = order.state === 'confirmed'
  const title = done ? 'Order confirmation' : 'Order received, not yet confirmed'
  const page = openPage({
    Title: `${title} ${order.number}`,
    Subject: `MIS integration for ${site.name}`,
    Producer: 'e-Reception Book',
    CreationDate: new Date(order.settledAt ?? order.orderedAt),
  })
  const written = buffer(page.document)
  page.document.rect(0, 0, 595, 8).fill(prime)
  page.text(margin, 52, 'e-Reception Book', { size: 11, bold: true, colour: prime })
  page.text(right, 52, order.number, { size: 11, bold: true, right: true })
  page.text(margin, 84, title, { size: 21, bold: true })
  let y = page.text(margin, 117, `MIS integration for ${site.name}`, { size: 12, colour: quiet })
  y = details(page, y + 18, order, site)
  y = sums(page, y + 14, order)
  foot(page, y + 18, order)
  const help = [operator.supportEmail, operator.supportUrl].filter((way) => way !== null).join(' · ')
  if (help !== '') page.text(margin, 842 - 52, `Questions: ${help}`, { size: 9, colour: quiet, lines: 1 })
  page.document.end()
  return await written
}

function openPage(info: PDFKit.DocumentInfo) {
  const document = new Pdf({ size: 'A4', margin: 0, lang: 'en-GB', displayTitle: true, info, font })
  return {
    document,
    /** Writes from (or, `right`, up to) `x`, in lines no wider than `width`; returns where the next may begin. */
    text(x: number, y: number, text: string, style: Style): number {
      const { size, bold = false, colour = ink, right: toRight = false, width = right - margin } = style
      const options = { width, lineGap: size * 0.2, align: toRight ? ('right' as const) : ('left' as const) }
      // One way to write an accent: as the font has it.
      const written = text.normalize('NFC')
      document.fontSize(size).fillColor(colour)
      const line = document.currentLineHeight(true) + options.lineGap
      const height = Math.min(
        document.heightOfString(written, options),
        (style.lines ?? Number.POSITIVE_INFINITY) * line,
      )
      // Bold: the same letters with an outline of their own colour.
      if (bold) document.strokeColor(colour).lineWidth(size / 28)
      document.text(written, toRight ? x - width : x, y, { ...options, height, fill: true, stroke: bold })
      return y + height
    },
    line(y: number, colour: string): void {
      document.strokeColor(colour).lineWidth(0.75).moveTo(margin, y).lineTo(right, y).stroke()
    },
  }
}

function localDay(instant: string, timeZone: string): string {
  return new Date(instant).toLocaleDateString('en-GB', {
    ...{ day: 'numeric', month: 'long', year: 'numeric', timeZone },
  })
}

function details(page: Page, top: number, order: Order, site: Site): number {
  let y = top
  const row = (label: string, value: string, lines?: number) => {
    page.text(margin, y, label, { size: 10.5, colour: quiet })
    const width = right - column
    y = page.text(column, y, value, { size: 10.5, width, ...(lines === undefined ? {} : { lines }) })
    page.line(y + 3, hairline)
    y += 10
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
    const style = { size: bold ? 12 : 10.5, bold }
    page.text(margin, y, label, style)
    y = page.text(right, y, `£${amount}`, { ...style, right: true }) + 5
  }
  row('MIS integration, 12 months', price.net, false)
  row(`VAT at ${price.vatPercent} %`, price.vat, false)
  page.line(y, '#8C877B')
  y += 7
  row('Total', price.total, true)
  return y
}

function foot(page: Page, top: number, order: Order): void {
  const words =
    order.state === 'confirmed'
      ? 'This confirms your order. It is not an invoice; that goes to the address above. When the term ends, reading and writing stop by themselves and nothing is deleted.'
      : 'This order waits to be confirmed. Until then the MIS is neither read nor written, and nothing is owed.'
  page.text(margin, top, words, { size: 9.5, colour: quiet })
}
