/** Kiosks: what the office says of them, and what a paired device may ask (contract §3.6). */
import { z } from 'zod'
import { id, instant, nameText, session, uuid } from './values.ts'

export const kioskPost = z.strictObject({ name: nameText })
export const kioskPairing = z
  .object({ id, pairingCode: z.string(), expiresAt: instant.nullable() })
  .meta({ id: 'KioskPairing' })
export type KioskPairing = z.infer<typeof kioskPairing>
export const kiosk = z
  .object({
    id,
    name: z.string(),
    state: z.enum(['waiting', 'paired', 'removed']),
    lastSeenAt: instant.nullable(),
    pairedAt: instant.nullable(),
    createdAt: instant,
    /** movements on it that have not arrived, as it last said */
    waiting: z.int(),
    /** which page it shows, as it last said, and whether that is the one this server has */
    page: z.string().nullable(),
    pageIsNewest: z.boolean().nullable(),
  })
  .meta({ id: 'Kiosk' })
export type Kiosk = z.infer<typeof kiosk>

export const kioskReport = z.strictObject({
  waiting: z.coerce.number().int().min(0).max(1_000_000).optional(),
  page: z.string().max(100).optional(),
})

export const kioskProblem = z
  .object({
    id,
    kiosk: z.object({ id, name: z.string() }),
    at: instant,
    command: z.unknown(),
    code: z.string(),
    message: z.string(),
    settledAt: instant.nullable(),
    settledBy: z.string().nullable(),
  })
  .meta({ id: 'KioskProblem' })
export type KioskProblem = z.infer<typeof kioskProblem>

export const pairPost = z.strictObject({
  code: z.string().regex(/^\d{6}$/, 'must be the six digits from the dashboard'),
})

/** What a kiosk needs to work: its site, the clock of the server, what can be chosen now. No names in it. */
export const kioskHome = z
  .object({
    kiosk: z.object({ id, name: z.string() }),
    site: z.object({ id, name: z.string(), timeZone: z.string(), accent: z.string() }),
    now: instant,
    /** What a late pupil is now: `null` when nobody is late (before registration, at lunch, a closed day). */
    session: session.nullable(),
    /** Today's hours: nobody is late before them, nobody leaves early after them. */
    day: z.object({ startsAt: z.string(), endsAt: z.string() }),
    reasons: z.array(
      z.object({
        ...{ id, name: z.string(), type: z.enum(['late-arrival', 'early-leave', 'return']) },
        /** whether a leaver is asked when they will be back */
        asksBack: z.boolean().optional(),
      }),
    ),
    /** when today's school day ends; `null` on a day without school */
    schoolEndsAt: instant.nullish(),
    supportEmail: z.string().nullable(),
  })
  .meta({ id: 'KioskHome' })
export type KioskHome = z.infer<typeof kioskHome>

export const kioskSearchQuery = z.strictObject({ q: z.string().max(100) })
/** At most five; none when fewer than three letters were given or more than five people match. */
export const kioskSearch = z
  .object({
    data: z.array(z.object({ id, name: z.string(), group: z.string().nullable() })),
    more: z.boolean(),
  })
  .meta({ id: 'KioskSearch' })
export type KioskSearch = z.infer<typeof kioskSearch>

export const kioskMovementPost = z.strictObject({
  id: uuid,
  type: z.enum(['late-arrival', 'early-leave', 'return']),
  person: z.string().max(100),
  reason: z.string().max(100).nullish(),
  happenedAt: z.iso.datetime({ offset: true }),
  expectedBackAt: z.iso.datetime({ offset: true }).nullish(),
})
/** All that a lobby screen may be told: never what the MIS has. */
export const kioskMovement = z.object({
  id,
  type: z.enum(['late-arrival', 'early-leave', 'return']),
  happenedAt: instant,
  /** as the screen says it: "9.14" */
  time: z.string(),
})
