/** The link of a site to its MIS, and the imports, on the wire (contract §3.2). */
import { z } from 'zod'
import { cause, clockTime, id, instant, listQuery } from './values.ts'

export const provider = z.enum(['wonde', 'sandbox'])
export type Provider = z.infer<typeof provider>
export const connectionState = z.enum(['connected', 'offline', 'unreachable', 'unauthorised', 'revoked'])
export type ConnectionState = z.infer<typeof connectionState>
export const proof = z.enum(['yes', 'no', 'unproven'])
export type Proof = z.infer<typeof proof>

export const capabilities = z
  .object({ read: proof, sessionMark: proof, comment: proof, minutesLate: proof })
  .meta({ id: 'Capabilities' })
export type Capabilities = z.infer<typeof capabilities>

export const connection = z
  .object({
    provider,
    schoolId: z.string(),
    schoolName: z.string(),
    mis: z.string(),
    state: connectionState,
    capabilities,
    /** whether a test mark may be tried: not where the MIS or the school's link is read only by its nature */
    takesTests: z.boolean(),
    checkedAt: instant.nullable(),
  })
  .meta({ id: 'Connection' })
export type Connection = z.infer<typeof connection>

export const connectionPut = z.strictObject({
  provider,
  schoolId: z
    .string()
    .regex(/^[A-Za-z0-9]{1,40}$/, 'must be the school’s id at the provider, such as A1930499544'),
  token: z
    .string()
    .min(1, 'must not be empty')
    .max(500)
    .regex(/^[\x21-\x7e]+$/, 'must be the token as copied, without spaces'),
})

export const accessState = z.enum(['pending', 'declined', 'revoked', 'unknown'])
export type AccessState = z.infer<typeof accessState>
/** Wonde was asked for access to a school and its answer is watched; once approved, this is gone and the link is there. */
export const misAccess = z
  .object({
    provider,
    schoolId: z.string(),
    state: accessState,
    askedAt: instant,
    checkedAt: instant,
  })
  .meta({ id: 'MisAccess' })
export type MisAccess = z.infer<typeof misAccess>
/** `access` null: nothing is asked for (any more); the school is linked if it approved. */
export const misAccessReply = z.object({ access: misAccess.nullable() })

export const accessPost = connectionPut.extend({
  contact: z
    .strictObject({
      forename: z.string().min(1).max(100),
      surname: z.string().min(1).max(100),
      email: z.email().max(200),
    })
    .nullable()
    .default(null),
})
export type AccessPost = z.infer<typeof accessPost>

export const connectionTest = z.object({
  data: z.array(
    z.object({ what: z.string(), ok: z.boolean(), message: z.string(), fix: z.string().nullable() }),
  ),
})

export type ConnectionTest = z.infer<typeof connectionTest>

export const schedule = z.strictObject({ at: clockTime })

export const personKind = z.enum(['student', 'employee'])
export type PersonKind = z.infer<typeof personKind>

export const importState = z.enum(['queued', 'running', 'done', 'held', 'failed', 'discarded', 'undone'])
export type ImportState = z.infer<typeof importState>

const kindCounts = z.object({
  joiners: z.number(),
  changed: z.number(),
  returned: z.number(),
  leavers: z.number(),
  unchanged: z.number(),
  excluded: z.number(),
  mayMatch: z.number(),
  problems: z.number(),
})
export type KindCounts = z.infer<typeof kindCounts>

export const importRun = z
  .object({
    id,
    state: importState,
    trigger: z.enum(['manual', 'nightly', 'api']),
    preview: z.boolean(),
    startedAt: instant.nullable(),
    finishedAt: instant.nullable(),
    progress: z.object({ step: z.string(), read: z.number() }),
    counts: z.object({ students: kindCounts, employees: kindCounts }),
    cause: cause.nullable(),
    notes: z.array(z.string()),
  })
  .meta({ id: 'Import' })
export type ImportRun = z.infer<typeof importRun>

export const importPost = z.strictObject({ preview: z.boolean().default(false) })

export const changeKind = z.enum(['joiner', 'changed', 'returned', 'leaver', 'may-match', 'problem'])
export type ChangeKind = z.infer<typeof changeKind>
export const importChange = z
  .object({
    kind: personKind,
    misId: z.string().nullable(),
    person: id.nullable(),
    name: z.string(),
    change: changeKind,
    fields: z.array(z.object({ field: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
    cause: cause.nullable(),
  })
  .meta({ id: 'ImportChange' })
export type ImportChange = z.infer<typeof importChange>

export const misPersonState = z.enum(['new', 'matched', 'may-match', 'leaver', 'problem'])
export type MisPersonState = z.infer<typeof misPersonState>
export const misPerson = z
  .object({
    misId: z.string(),
    kind: personKind,
    name: z.string(),
    yearGroup: z.string().nullable(),
    regGroup: z.string().nullable(),
    importing: z.boolean(),
    state: misPersonState,
    person: id.nullable(),
  })
  .meta({ id: 'MisPerson' })
export type MisPerson = z.infer<typeof misPerson>

export const misPeopleQuery = z.strictObject({
  ...listQuery,
  kind: personKind.optional(),
  importing: z.enum(['true', 'false']).optional(),
  state: misPersonState.optional(),
  yearGroup: z.string().max(200).optional(),
  regGroup: z.string().max(200).optional(),
  q: z.string().max(200).optional(),
})

export const selectionPost = z.union([
  z.strictObject({ importing: z.boolean(), misIds: z.array(z.string().max(100)).min(1).max(10_000) }),
  z.strictObject({
    importing: z.boolean(),
    all: z.literal(true),
    kind: personKind,
    q: z.string().max(200).optional(),
    yearGroup: z.string().max(200).optional(),
    regGroup: z.string().max(200).optional(),
  }),
])
export const matchPost = z.strictObject({ person: id.nullable() })
