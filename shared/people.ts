/** The directory on the wire (contract §3.3). */
import { z } from 'zod'
import { cause, day, id, instant, listQuery, nameText, storableText } from './values.ts'
import { changeKind, personKind } from './mis.ts'

export const personState = z.enum(['active', 'archived'])

export const mostPhone = 50
export const mostVehicle = 20
/** ISO days of the week, Monday is 1. */
export const workingDays = z
  .array(z.int().min(1).max(7))
  .max(7)
  .transform((days) => [...new Set(days)].sort((a, b) => a - b))
const ownText = (most: number) =>
  z
    .string()
    .max(most, `must have at most ${most} characters`)
    .transform((text) => storableText(text, most) || null)
    .nullable()
/** What the school itself keeps of an employee; no import ever touches it (product.md §12.4). */
const ownFields = {
  phone: ownText(mostPhone),
  vehicle: ownText(mostVehicle),
  workingDays: workingDays.nullable(),
}

export const person = z
  .object({
    id,
    kind: personKind,
    misId: z.string().nullable(),
    forename: z.string(),
    surname: z.string(),
    name: z.string(),
    yearGroup: z.string().nullable(),
    regGroup: z.string().nullable(),
    email: z.string().nullable(),
    state: personState,
    importing: z.boolean(),
    /** null for students */
    phone: z.string().nullable(),
    vehicle: z.string().nullable(),
    workingDays: z.array(z.int()).nullable(),
    /** the person into whom this record was merged */
    mergedInto: id.nullable(),
    updatedAt: instant,
  })
  .meta({ id: 'Person' })
export type Person = z.infer<typeof person>
export const personDetail = person
  .extend({ dateOfBirth: day.nullable().optional() })
  .meta({ id: 'PersonDetail' })

export const peopleQuery = z.strictObject({
  ...listQuery,
  q: z.string().max(200).optional(),
  state: personState.optional(),
  yearGroup: z.string().max(200).optional(),
  regGroup: z.string().max(200).optional(),
})

const nameOrNone = nameText.or(z.literal('')).default('')
const typedFields = {
  forename: nameOrNone,
  surname: nameOrNone,
  yearGroup: nameText.nullable().default(null),
  regGroup: nameText.nullable().default(null),
  email: z.email().max(200).nullable().default(null),
}
const hasName = (value: { forename: string; surname: string }) =>
  value.forename !== '' || value.surname !== ''
const noName = { path: ['surname'], message: 'a forename or a surname is needed' }

/** A person typed in by hand; of forename and surname one may be empty. */
export const studentPost = z.strictObject(typedFields).refine(hasName, noName)
export const employeePost = z
  .strictObject({
    ...typedFields,
    phone: ownFields.phone.default(null),
    vehicle: ownFields.vehicle.default(null),
    workingDays: ownFields.workingDays.default(null),
  })
  .refine(hasName, noName)

const changedFields = {
  forename: nameText.optional(),
  surname: nameText.optional(),
  yearGroup: nameText.nullable().optional(),
  regGroup: nameText.nullable().optional(),
  email: z.email().max(200).nullable().optional(),
}
export const studentPatch = z.strictObject(changedFields)
export const employeePatch = z.strictObject({
  ...changedFields,
  phone: ownFields.phone.optional(),
  vehicle: ownFields.vehicle.optional(),
  workingDays: ownFields.workingDays.optional(),
})

export const mergePost = z.strictObject({ into: id })
export const archiveImportedPost = z.strictObject({ confirmCount: z.int().min(0) })

/** The columns of the school's own list, in the order of its template. */
export const listColumns = ['forename', 'surname', 'email', 'phone', 'vehicle', 'workingDays'] as const
/** An empty list, with the mark by which Excel knows UTF-8. */
export const listTemplate = `\uFEFF${listColumns.join(',')}\r\n`

/** What one line of the school's own list does. `person` is null where there is none (yet). */
export const listRow = z.object({
  line: z.int(),
  result: z.enum(['new', 'changed', 'unchanged', 'refused']),
  cause: cause.nullable(),
  person: id.nullable(),
  name: z.string(),
  fields: z.array(z.object({ field: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
})
export type ListRow = z.infer<typeof listRow>
export const listReply = z
  .object({
    rows: z.array(listRow),
    counts: z.object({ new: z.int(), changed: z.int(), unchanged: z.int(), refused: z.int() }),
    /** columns of the file that mean nothing here */
    ignoredColumns: z.array(z.string()),
  })
  .meta({ id: 'EmployeeList' })
export type ListReply = z.infer<typeof listReply>
export const listQueryOf = z.strictObject({ dryRun: z.enum(['true', 'false']).default('false') })

/** What imports did to a person, and which records were merged into them; newest first. */
export const personHistory = z
  .object({
    imports: z.array(
      z.object({
        run: id,
        at: instant.nullable(),
        change: changeKind,
        fields: z.array(
          z.object({ field: z.string(), from: z.string().nullable(), to: z.string().nullable() }),
        ),
        undone: z.boolean(),
      }),
    ),
    merged: z.array(z.object({ person: id, name: z.string(), at: instant, by: z.string() })),
  })
  .meta({ id: 'PersonHistory' })
export type PersonHistory = z.infer<typeof personHistory>
