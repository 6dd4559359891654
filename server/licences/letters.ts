/** The messages about orders and terms, in the words of a school office. Pure. */
import { pounds } from '../../shared/licences.ts'
import { orderNumber } from './rules.ts'
import type { OrderRow } from './store.ts'

export type Letter = { subject: string; text: string }

/** 2027-09-01 → "1 September 2027". */
export function inWords(day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString('en-GB', {
    ...{ day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' },
  })
}

export const numberOf = (order: OrderRow) => orderNumber(order.id, order.ordered_at.toISOString())
const paragraphs = (...parts: string[]) => `${parts.join('\n\n')}\n`

function figures(order: OrderRow): string {
  return [
    `Order: ${numberOf(order)}`,
    ...(order.purchase_order === null ? [] : [`Your order number: ${order.purchase_order}`]),
    `From ${inWords(order.starts_on)} to ${inWords(order.ends_on)}`,
    `Price: £${pounds(order.net_pence)}, VAT (${order.vat_permille / 10} %) £${pounds(order.vat_pence)}, together £${pounds(order.total_pence)}`,
  ].join('\n')
}

export function received(order: OrderRow, site: string, page: string): Letter {
  return {
    subject: `Your order ${numberOf(order)}: MIS integration for ${site}`,
    text: paragraphs(
      `Dear ${order.name},`,
      `Thank you. You have ordered ${order.renewal ? 'another ' : ''}twelve months of MIS integration for ${site}. The order waits to be confirmed; we write again once it is.`,
      figures(order),
      `The order and its confirmation to print: ${page}`,
    ),
  }
}

/** To the operator, who confirms. */
export function arrived(order: OrderRow, site: string, page: string): Letter {
  return {
    subject: `Order ${numberOf(order)} waits to be confirmed: ${site}`,
    text: paragraphs(
      `${order.name} (${order.email}) has ordered ${order.renewal ? 'a renewal of ' : ''}MIS integration for ${site}.`,
      figures(order),
      `Invoice address:\n${order.invoice_address}`,
      `Confirm or cancel it: ${page}`,
    ),
  }
}

export function confirmed(order: OrderRow, site: string, page: string): Letter {
  return {
    subject: `Confirmed: MIS integration for ${site}, from ${inWords(order.starts_on)}`,
    text: paragraphs(
      `Dear ${order.name},`,
      `Your order is confirmed. The MIS of ${site} can be read and written from ${inWords(order.starts_on)} until the end of ${inWords(order.ends_on)}.`,
      figures(order),
      `The confirmation to print, and how to go on: ${page}`,
    ),
  }
}

export function cancelled(order: OrderRow, site: string, page: string): Letter {
  return {
    subject: `Cancelled: order ${numberOf(order)} for ${site}`,
    text: paragraphs(
      `Dear ${order.name},`,
      `The order ${numberOf(order)} of MIS integration for ${site} was cancelled. Nothing is owed for it.`,
      `MIS integration can be ordered again at any time: ${page}`,
    ),
  }
}

const keeps = 'Nothing is deleted: people, history and settings stay as they are.'

/** `due`: days left at which it is told, 0 once the term has ended. */
export function reminder(
  { due, endsOn, waiting }: { due: number; endsOn: string; waiting: boolean },
  site: string,
  page: string,
): Letter {
  const onward = waiting
    ? `An order is waiting to be confirmed: ${page}`
    : `${due === 0 ? 'To go on, order it' : 'To go on without a gap, renew it before then'} on the Licence page: ${page}`
  return due === 0
    ? {
        subject: `MIS integration of ${site} has ended`,
        text: paragraphs(
          `MIS integration of ${site} ended with ${inWords(endsOn)}. Since then nobody is imported, and late and leaving marks are not sent: enter them in the MIS by hand.`,
          keeps,
          onward,
        ),
      }
    : {
        subject: `MIS integration of ${site} ends on ${inWords(endsOn)}`,
        text: paragraphs(
          `MIS integration of ${site} ends on ${inWords(endsOn)}. From the day after, nobody is imported and late and leaving marks are not sent.`,
          keeps,
          onward,
        ),
      }
}
