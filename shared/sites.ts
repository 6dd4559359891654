/** Sites, their licence, their school day and closures on the wire (contract §3.1). */
import { z } from 'zod'
import { clockTime, clockTimeToMidnight, day, id, nameText } from './values.ts'

export const phase = z.enum(['primary', 'secondary', 'all-through'])
export type Phase = z.infer<typeof phase>
export const edition = z.enum(['business', 'professional', 'education', 'care'])
export type Edition = z.infer<typeof edition>

export const licence = z
  .object({
    edition,
    misIntegration: z.object({
      state: z.enum(['none', 'ordered', 'active', 'lapsed']),
      startsOn: day.nullable(),
      // a term that begins in the last year that we take ends beyond it
      endsOn: z.iso.date().nullable(),
      price: z.object({
        amount: z.string(),
        currency: z.literal('GBP'),
        vat: z.literal('excluded'),
        months: z.literal(12),
      }),
    }),
  })
  .meta({ id: 'Licence' })
export type Licence = z.infer<typeof licence>

export const licencePut = z.strictObject({
  edition,
  misIntegration: z.strictObject({ startsOn: day }).nullable(),
})

export const site = z
  .object({ id, name: z.string(), phase, edition, timeZone: z.string(), licence })
  .meta({ id: 'Site' })
export type Site = z.infer<typeof site>

/** Zones that were asked for and exist: making a formatter costs more than all else of a small request. */
const knownZones = new Set<string>()

/** Whether the runtime knows this IANA zone. */
export function isTimeZone(zone: string): boolean {
  if (knownZones.has(zone)) return true
  const known = isKnownToRuntime(zone)
  // There are some six hundred, with letters in either case.
  if (known && knownZones.size < 2000) knownZones.add(zone)
  return known
}

function isKnownToRuntime(zone: string): boolean {
  if (!/^[A-Za-z0-9_+\-/]{1,64}$/.test(zone) || /^[+-]/.test(zone)) return false
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

export const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/London')

export const sitePost = z.strictObject({
  name: nameText,
  phase,
  edition: edition.default('education'),
  timeZone: timeZone.default('Europe/London'),
})

const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

const registration = z.strictObject({ opensAt: clockTime, endsAt: clockTime, closesAt: clockTimeToMidnight })

const dayTimes = {
  startsAt: clockTime,
  endsAt: clockTimeToMidnight,
  lunchStartsAt: clockTime.nullable(),
  am: registration,
  pm: registration,
}
const weekday = z.number().int().min(1).max(7)

const schoolDayShape = z.strictObject({
  ...dayTimes,
  days: z
    .array(weekday)
    .max(7)
    .refine((days) => new Set(days).size === days.length, 'must name each day once'),
})

type DayTimes = Omit<z.infer<typeof schoolDayShape>, 'days'>

/** Windows of one day, each in its place. */
function inOrder(value: DayTimes, ctx: z.RefinementCtx): void {
  const order: [string, string, string, string][] = [
    ['am.opensAt', value.am.opensAt, 'am.endsAt', value.am.endsAt],
    ['am.endsAt', value.am.endsAt, 'am.closesAt', value.am.closesAt],
    ['am.closesAt', value.am.closesAt, 'pm.opensAt', value.pm.opensAt],
    ['pm.opensAt', value.pm.opensAt, 'pm.endsAt', value.pm.endsAt],
    ['pm.endsAt', value.pm.endsAt, 'pm.closesAt', value.pm.closesAt],
    ['pm.closesAt', value.pm.closesAt, 'endsAt', value.endsAt],
    ['startsAt', value.startsAt, 'endsAt', value.endsAt],
  ]
  if (value.lunchStartsAt !== null) {
    order.push(['am.closesAt', value.am.closesAt, 'lunchStartsAt', value.lunchStartsAt])
    order.push(['lunchStartsAt', value.lunchStartsAt, 'pm.opensAt', value.pm.opensAt])
  }
  for (const [before, a, after, b] of order) {
    if (minutes(a) > minutes(b))
      ctx.addIssue({
        code: 'custom',
        path: after.split('.'),
        message: `must not be before ${before} (${a})`,
      })
  }
}

/** The times of a school's day, local clock; days are 1 Monday to 7 Sunday. Windows must be in order. */
export const schoolDay = schoolDayShape.superRefine(inOrder).meta({ id: 'SchoolDay' })
export type SchoolDay = z.infer<typeof schoolDayShape>

const dayExceptionShape = z.strictObject({ day: weekday, ...dayTimes })
/** A weekday with times of its own, such as a Friday that ends at 12:30; it takes the place of the usual times whole. */
export const dayException = dayExceptionShape.superRefine(inOrder).meta({ id: 'SchoolDayException' })
export type DayException = z.infer<typeof dayExceptionShape>
export const dayExceptions = z.strictObject({
  data: z
    .array(dayException)
    .max(7)
    .superRefine((rows, ctx) => {
      for (const [i, { day }] of rows.entries())
        if (rows.findIndex((row) => row.day === day) < i)
          ctx.addIssue({ code: 'custom', path: [i, 'day'], message: 'is named twice' })
    }),
})

/** What a new site has (contract §3.1). */
export const newSchoolDay: SchoolDay = {
  startsAt: '08:45',
  endsAt: '15:15',
  lunchStartsAt: null,
  am: { opensAt: '08:45', endsAt: '08:55', closesAt: '09:15' },
  pm: { opensAt: '13:00', endsAt: '13:10', closesAt: '13:30' },
  days: [1, 2, 3, 4, 5],
}

export const closure = z
  .strictObject({ from: day, to: day, name: nameText })
  .refine((value) => value.from <= value.to, { path: ['to'], message: 'must not be before from' })
  .meta({ id: 'Closure' })
export type Closure = { from: string; to: string; name: string }
export const closures = z.strictObject({ data: z.array(closure).max(500) })
