/** Codes, reasons, movements, presence and write-backs on the wire (contract §3.4, §3.5). */
import { z } from 'zod'
import { personKind } from './mis.ts'
import { cause, clockTime, day, id, instant, listQuery, nameText, session, uuid } from './values.ts'

export const codeCategory = z.enum([
  'present',
  'activity',
  'authorised',
  'unauthorised',
  'unable',
  'not-possible',
  'administrative',
  'unknown',
])
export type CodeCategory = z.infer<typeof codeCategory>

export const attendanceCode = z
  .object({
    id,
    misId: z.string(),
    code: z.string(),
    description: z.string(),
    category: codeCategory,
    present: z.boolean(),
    publicScreen: z.boolean(),
  })
  .meta({ id: 'AttendanceCode' })
export type AttendanceCode = z.infer<typeof attendanceCode>
export const attendanceCodePut = z.strictObject({ publicScreen: z.boolean() })

export const reasonMode = z.enum(['all-codes', 'own-reasons'])

export const attendanceSettings = z
  .strictObject({
    reasonMode,
    exactMatchRequired: z.boolean(),
    sendMinutesLate: z.boolean(),
    onConflict: z.enum(['ask', 'keep-theirs']),
    confirmWithinMinutes: z.number().int().min(1).max(2880),
  })
  .meta({ id: 'AttendanceSettings' })
export type AttendanceSettings = z.infer<typeof attendanceSettings>

/** What a new site has (contract §3.4). */
export const newAttendanceSettings: AttendanceSettings = {
  reasonMode: 'all-codes',
  exactMatchRequired: true,
  sendMinutesLate: true,
  onConflict: 'ask',
  confirmWithinMinutes: 240,
}

/** The day's e-mail of the marks that need somebody: when, the site's own time, and to whom. Nobody: none is sent. */
export const marksEmail = z
  .strictObject({ at: clockTime, to: z.array(z.email().max(200)).max(20) })
  .meta({ id: 'MarksEmail' })
export type MarksEmail = z.infer<typeof marksEmail>

export const reasonType = z.enum(['late-arrival', 'early-leave', 'return'])
export type ReasonType = z.infer<typeof reasonType>
export const reasonConflict = z.enum(['site', 'ask', 'keep-theirs', 'reason-wins'])
export type ReasonConflict = z.infer<typeof reasonConflict>

const codeLetter = z.string().min(1, 'must not be empty').max(20)
const codesByTime = z
  .array(z.strictObject({ from: clockTime, code: codeLetter.nullable() }))
  .min(1)
  .max(48)
  .superRefine((steps, ctx) => {
    if (steps[0]?.from !== '00:00')
      ctx.addIssue({
        code: 'custom',
        path: [0, 'from'],
        message: 'must begin at 00:00, so that the whole day is covered',
      })
    for (let i = 1; i < steps.length; i++)
      if (steps[i - 1]!.from >= steps[i]!.from)
        ctx.addIssue({ code: 'custom', path: [i, 'from'], message: 'must be later than the one before it' })
  })

export const reason = z
  .object({
    id,
    name: z.string(),
    type: reasonType,
    code: z.string().nullable(),
    codesByTime: z.array(z.object({ from: z.string(), code: z.string().nullable() })).nullable(),
    writeBack: z.boolean(),
    onConflict: reasonConflict,
    publicScreen: z.boolean(),
    /** of an early leave: the kiosk asks when the pupil will be back */
    asksBack: z.boolean(),
    state: z.enum(['active', 'broken', 'archived']),
  })
  .meta({ id: 'Reason' })
export type Reason = z.infer<typeof reason>

export const reasonBody = z
  .strictObject({
    name: nameText,
    type: reasonType,
    code: codeLetter.nullable(),
    codesByTime: codesByTime.nullable(),
    writeBack: z.boolean(),
    onConflict: reasonConflict.default('site'),
    publicScreen: z.boolean().default(true),
    asksBack: z.boolean().default(false),
  })
  .superRefine((value, ctx) => {
    if (value.code !== null && value.codesByTime !== null)
      ctx.addIssue({
        code: 'custom',
        path: ['codesByTime'],
        message: 'give either code or codesByTime, and null for the other',
      })
    if (value.asksBack && value.type !== 'early-leave')
      ctx.addIssue({ code: 'custom', path: ['asksBack'], message: 'is only for a reason of leaving early' })
    if (value.writeBack && value.code === null && value.codesByTime === null)
      ctx.addIssue({
        code: 'custom',
        path: ['code'],
        message: 'a reason that writes back needs a code; choose one, or set writeBack to false',
      })
  })

export const reasonsQuery = z.strictObject({
  ...listQuery,
  type: reasonType.optional(),
  /** true: the school's own that were archived, whatever its mode */
  archived: z.enum(['true', 'false']).optional(),
})
/** The order on the kiosk: every reason of the type, once. */
export const reasonOrderPut = z.strictObject({ type: reasonType, ids: z.array(z.string().max(100)).max(500) })
/** `usual`: each code as it is preset. */
export const codesOnKioskPut = z.strictObject({ publicScreen: z.enum(['all', 'usual']) })

export const movementType = z.enum([
  'late-arrival',
  'early-leave',
  'return',
  'check-in',
  'check-out',
  'offsite',
])
export type MovementType = z.infer<typeof movementType>

export const writeBackState = z.enum([
  'waiting',
  'sending',
  'sent',
  'confirmed',
  'unconfirmed',
  'refused',
  'conflict',
  'held',
  'not-required',
  'superseded',
  'resolved',
])
export type WriteBackState = z.infer<typeof writeBackState>

export const writeBack = z
  .object({
    id,
    state: writeBackState,
    needsPerson: z.boolean(),
    cause: cause.nullable(),
    person: id,
    /** null: a test mark */
    movement: id.nullable(),
    date: day,
    session: session.nullable(),
    code: z.string().nullable(),
    minutesLate: z.number().nullable(),
    comment: z.string().nullable(),
    attempts: z.number(),
    receipt: z.string().nullable(),
    provider: z.enum(['accepted', 'written']).nullable(),
    owedAt: instant,
    sentAt: instant.nullable(),
    confirmedAt: instant.nullable(),
    history: z.array(
      z.object({ at: instant, from: writeBackState.nullable(), to: writeBackState, note: z.string() }),
    ),
  })
  .meta({ id: 'WriteBack' })
export type WriteBack = z.infer<typeof writeBack>

export const writeBacksQuery = z.strictObject({
  ...listQuery,
  state: writeBackState.optional(),
  date: day.optional(),
  person: z.string().max(100).optional(),
  needsPerson: z.enum(['true', 'false']).optional(),
})
export const testMarkPost = z.strictObject({ student: z.string().max(100), session })
export const resolvePost = z.strictObject({ as: z.enum(['keep-theirs', 'use-ours', 'entered-by-hand']) })

const reasonGiven = z.union([z.string().max(100), z.strictObject({ text: z.string().min(1).max(500) })])

export const movementPost = z.strictObject({
  id: uuid,
  type: movementType,
  person: z.string().max(100),
  reason: reasonGiven.nullish(),
  happenedAt: instant,
  answers: z.record(z.string().max(100), z.string().max(1000)).nullish(),
  note: z.string().max(1000).nullish(),
  /** of an early leave: when the pupil comes back, later that day */
  expectedBackAt: instant.nullish(),
})

export const movement = z
  .object({
    id,
    type: movementType,
    person: id,
    happenedAt: instant,
    receivedAt: instant,
    timeUncertain: z.boolean(),
    date: day,
    session: session.nullable(),
    minutesLate: z.number().nullable(),
    reason: z.string().nullable(),
    reasonText: z.string().nullable(),
    note: z.string().nullable(),
    expectedBackAt: instant.nullable(),
    corrects: id.nullable(),
    correctedBy: id.nullable(),
    void: z.boolean(),
    writeBacks: z.array(writeBack),
  })
  .meta({ id: 'Movement' })
export type Movement = z.infer<typeof movement>

export const correctPost = z.strictObject({
  type: movementType.optional(),
  reason: reasonGiven.nullish(),
  happenedAt: instant.optional(),
  /** null: not coming back after all */
  expectedBackAt: instant.nullish(),
  void: z.literal(true).optional(),
})

export const movementsQuery = z.strictObject({
  ...listQuery,
  date: day.optional(),
  type: movementType.optional(),
  person: z.string().max(100).optional(),
})

export const presence = z
  .object({
    asOf: instant,
    counts: z.object({
      students: z.number(),
      employees: z.number(),
      visitors: z.number(),
      total: z.number(),
    }),
    data: z.array(
      z.object({
        person: id,
        kind: personKind,
        name: z.string(),
        state: z.enum(['in', 'out', 'offsite']),
        since: instant,
        assumed: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'Presence' })
export type Presence = z.infer<typeof presence>
