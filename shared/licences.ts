/** Orders of MIS integration on the wire, and money: pence as whole numbers, written as pounds here and nowhere else. */
import { z } from 'zod'
import { phase } from './sites.ts'
import { day, id, instant, listQuery, nameText, storableText } from './values.ts'

/** 14400 → "144.00". */
export function pounds(pence: number): string {
  return `${Math.trunc(pence / 100)}.${String(pence % 100).padStart(2, '0')}`
}

const amount = z.string().meta({ description: 'pounds and pence, such as "144.00"' })
export const priceWithVat = z
  .object({
    net: amount,
    /** the standard rate of the United Kingdom on the day of the order, and since when it holds */
    vatPercent: z.number(),
    vatSince: day,
    vat: amount,
    total: amount,
    currency: z.literal('GBP'),
  })
  .meta({ id: 'PriceWithVat' })
export type PriceWithVat = z.infer<typeof priceWithVat>

/** What can be ordered now. `refusal`: why nothing can be, in words. */
export const offer = z
  .object({
    refusal: z.object({ code: z.string(), message: z.string() }).nullable(),
    /** a new term that begins when the one that stands has ended */
    renewal: z.boolean(),
    earliestOn: day,
    /** the same as `earliestOn` for a renewal: it begins on no other day */
    latestOn: day,
    startsOn: day,
    endsOn: day,
    price: priceWithVat,
  })
  .meta({ id: 'LicenceOffer' })
export type Offer = z.infer<typeof offer>
export const offerQuery = z.strictObject({ startsOn: day.optional() })

export const order = z
  .object({
    id,
    /** what both sides call it, such as ERB-2026-7F3K2Q */
    number: z.string(),
    state: z.enum(['ordered', 'confirmed', 'cancelled']),
    renewal: z.boolean(),
    startsOn: day,
    endsOn: day,
    price: priceWithVat.omit({ vatSince: true }),
    name: z.string(),
    email: z.string(),
    purchaseOrder: z.string().nullable(),
    invoiceAddress: z.string(),
    orderedAt: instant,
    /** when it was confirmed or cancelled, and by whom */
    settledAt: instant.nullable(),
    settledBy: z.string().nullable(),
  })
  .meta({ id: 'LicenceOrder' })
export type Order = z.infer<typeof order>

const mostLines = 8
/** As many lines as stand on an envelope: what cannot be printed removed, empty lines dropped. */
const addressText = z
  .string()
  .max(1000)
  .transform((text) =>
    storableText(text.replaceAll(/\r\n?/g, '\n').replaceAll(/[^\P{Cc}\n]/gu, ' '), 1000)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .join('\n'),
  )
  .pipe(
    z
      .string()
      .min(1, 'must not be empty')
      .max(300, 'must have at most 300 characters')
      .refine((text) => text.split('\n').length <= mostLines, `must have at most ${mostLines} lines`),
  )

export const orderPost = z.strictObject({
  /** absent: the earliest day there is */
  startsOn: day.optional(),
  /** who orders */
  name: nameText,
  email: z.email('must be an e-mail address').max(200),
  /** the school's own order number, where it has one */
  purchaseOrder: z
    .string()
    .transform((text) => storableText(text, 60).replaceAll(/\s+/g, ' ') || null)
    .nullable()
    .default(null),
  invoiceAddress: addressText,
})
export type OrderPost = z.infer<typeof orderPost>
export const ordersQuery = z.strictObject(listQuery)

const cell = z.object({ value: z.enum(['yes', 'no', 'unproven']), source: z.string(), asOf: z.string() })
/** What each MIS lets us do, with the source of each cell, and what it costs: to be read before buying. */
export const misHelp = z
  .object({
    data: z.array(
      z.object({
        name: z.string(),
        read: cell,
        sessionMark: cell,
        comment: cell,
        minutesLate: cell,
        note: z.string(),
      }),
    ),
    sources: z.array(z.object({ key: z.string(), text: z.string() })),
    /** for twelve months, without VAT */
    prices: z.array(z.object({ phase, amount: z.string(), currency: z.literal('GBP') })),
    support: z.object({ email: z.string().nullable(), url: z.string().nullable() }),
  })
  .meta({ id: 'MisHelp' })
export type MisHelp = z.infer<typeof misHelp>
