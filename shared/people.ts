/** The directory on the wire (contract §3.3). */
import { z } from 'zod'
import { day, id, instant, listQuery, nameText } from './values.ts'
import { personKind } from './mis.ts'

export const personState = z.enum(['active', 'archived'])
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

/** A person typed in by hand; of forename and surname one may be empty. */
export const personPost = z
  .strictObject({
    forename: nameText.or(z.literal('')).default(''),
    surname: nameText.or(z.literal('')).default(''),
    yearGroup: nameText.nullable().default(null),
    regGroup: nameText.nullable().default(null),
    email: z.email().max(200).nullable().default(null),
  })
  .refine((value) => value.forename !== '' || value.surname !== '', {
    path: ['surname'],
    message: 'a forename or a surname is needed',
  })
export const personPatch = z.strictObject({
  forename: nameText.optional(),
  surname: nameText.optional(),
  yearGroup: nameText.nullable().optional(),
  regGroup: nameText.nullable().optional(),
  email: z.email().max(200).nullable().optional(),
})
