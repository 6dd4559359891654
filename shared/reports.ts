/** Reports on the wire (contract §3.8): late arrivals, early leaves, and marks with their fate. */
import { z } from 'zod'
import { movementType, type WriteBackState, writeBackState } from './attendance.ts'
import { cause, day, id, instant, listQuery, session } from './values.ts'

export const report = z.enum(['late-arrivals', 'early-leaves', 'sixth-form', 'marks'])
export type Report = z.infer<typeof report>

/** The most days one report reads: a school year and a summer. */
export const mostReportDays = 400

/** Without days: today. Groups match exactly; `reason` is its id or its words. */
const filters = {
  from: day.optional(),
  to: day.optional(),
  yearGroup: z.string().max(200).optional(),
  regGroup: z.string().max(200).optional(),
  person: z.string().max(100).optional(),
  reason: z.string().max(200).optional(),
}
const markFilters = { ...filters, state: writeBackState.optional() }
const fileWords = {
  format: z.enum(['csv', 'xlsx']).default('csv'),
  /** a file leaves reasons out unless they are asked for (attendance reference §11) */
  reasons: z.enum(['true', 'false']).default('false'),
}

export const movementReportQuery = z.strictObject({ ...listQuery, ...filters })
export const markReportQuery = z.strictObject({ ...listQuery, ...markFilters })
export const movementTotalsQuery = z.strictObject(filters)
export const markTotalsQuery = z.strictObject(markFilters)
export const movementFileQuery = z.strictObject({ ...filters, ...fileWords })
export const markFileQuery = z.strictObject({ ...markFilters, ...fileWords })
export type ReportFilter = z.infer<typeof markTotalsQuery>

/** Groups are those of the directory today. */
const pupil = {
  person: id,
  forename: z.string(),
  surname: z.string(),
  name: z.string(),
  yearGroup: z.string().nullable(),
  regGroup: z.string().nullable(),
}
const movementWords = {
  ...pupil,
  movement: id,
  date: day,
  happenedAt: instant,
  session: session.nullable(),
  reason: z.string().nullable(),
  /** who entered it: the pupil at a kiosk, or the office */
  enteredAt: z.enum(['kiosk', 'office']),
  marks: z.array(
    z.object({ id, session: session.nullable(), code: z.string().nullable(), state: writeBackState }),
  ),
}
export const lateRow = z
  .object({
    ...movementWords,
    minutesLate: z.number().nullable(),
    /** null: no register was open or closed then */
    register: z.enum(['before-close', 'after-close']).nullable(),
  })
  .meta({ id: 'LateArrivalRow' })
export type LateRow = z.infer<typeof lateRow>
export const earlyRow = z
  .object({ ...movementWords, expectedBackAt: instant.nullable() })
  .meta({ id: 'EarlyLeaveRow' })
export type EarlyRow = z.infer<typeof earlyRow>

/** One coming or going of a sixth former; it has no mark. */
export const sixthFormRow = z
  .object({ ...movementWords, direction: z.enum(['in', 'out']) })
  .meta({ id: 'SixthFormRow' })
export type SixthFormRow = z.infer<typeof sixthFormRow>

export const markRow = z
  .object({
    ...pupil,
    writeBack: id,
    movement: id,
    type: movementType,
    date: day,
    session: session.nullable(),
    code: z.string().nullable(),
    minutesLate: z.number().nullable(),
    reason: z.string().nullable(),
    state: writeBackState,
    cause: cause.nullable(),
    owedAt: instant,
    sentAt: instant.nullable(),
    confirmedAt: instant.nullable(),
  })
  .meta({ id: 'MarkRow' })
export type MarkRow = z.infer<typeof markRow>

const group = z.object({ name: z.string().nullable(), rows: z.number() })
/** Of the same rows as the list under the same filters; a count that does not apply is null. */
export const reportTotals = z
  .object({
    from: day,
    to: day,
    rows: z.number(),
    students: z.number(),
    minutesLate: z.number().nullable(),
    beforeClose: z.number().nullable(),
    afterClose: z.number().nullable(),
    byState: z.array(z.object({ state: writeBackState, rows: z.number() })).nullable(),
    byDay: z.array(z.object({ date: day, rows: z.number() })),
    byYearGroup: z.array(group),
    byRegGroup: z.array(group),
    byReason: z.array(group),
    /** the fifty with the most */
    byStudent: z.array(
      z.object({
        ...pupil,
        rows: z.number(),
        minutesLate: z.number().nullable(),
      }),
    ),
  })
  .meta({ id: 'ReportTotals' })
export type ReportTotals = z.infer<typeof reportTotals>

/** A state of a mark in one or two words, alike on screens and in files. */
export const markWords: Record<WriteBackState, string> = {
  waiting: 'Waiting to send',
  sending: 'Sending',
  sent: 'Sent, not yet seen',
  confirmed: 'In the MIS',
  unconfirmed: 'Sent, not found',
  refused: 'Refused',
  conflict: 'Different mark there',
  held: 'Held',
  'not-required': 'Nothing to send',
  superseded: 'Replaced',
  resolved: 'Settled',
}
