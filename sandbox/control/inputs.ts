/** What may be sent to the control API (contract §4). */
import { z } from 'zod'
import { faultKinds, resourceNamed, resources } from '../state/faults.ts'
import { isDay } from '../state/time.ts'
import { invalid } from './errors.ts'

const id = z.string().min(1).max(100)
const day = z.string().refine(isDay, 'must be a day, YYYY-MM-DD')
const session = z.enum(['AM', 'PM'], 'must be AM or PM')
const name = z.string().trim().min(1).max(200)
const count = (most: number) => z.number().int().min(0).max(most)

const mark = z.strictObject({ student: id, date: day, session, code: z.string().min(1).max(10) })
export const marksBody = z.union([
  mark.transform((one) => [one]),
  z.strictObject({ marks: z.array(mark).max(5_000) }).transform(({ marks }) => marks),
])

const rename = z.union([
  id.transform((one) => ({ id: one, forename: undefined, surname: undefined })),
  z.strictObject({ id, forename: name.optional(), surname: name.optional() }),
])

export const rollBody = z.strictObject({
  join: count(1_000).default(0),
  leave: z.array(id).max(10_000).default([]),
  rejoin: z.array(id).max(10_000).default([]),
  rename: z.array(rename).max(10_000).default([]),
  employeesEnd: z.array(id).max(10_000).default([]),
  rollOver: z.boolean().default(false),
})

const fault = z.strictObject({
  on: z
    .string()
    .refine((on) => resourceNamed(on) !== null, `must be *, attendance or one of: ${resources.join(', ')}`)
    .transform((on) => resourceNamed(on) ?? on),
  kind: z.enum(faultKinds, `must be one of: ${faultKinds.join(', ')}`),
  times: z.number().int().min(1).max(1_000_000).nullable().default(null),
  ms: count(7 * 86_400_000)
    .nullable()
    .default(null),
  method: z
    .string()
    .toUpperCase()
    .pipe(z.enum(['GET', 'POST', 'DELETE'], 'must be GET, POST or DELETE'))
    .nullable()
    .default(null),
  // What GET answers may be sent back; when it began and how often it struck is ours to say.
  since: z.string().optional(),
  used: z.number().optional(),
})
export const faultsBody = z.strictObject({ data: z.array(fault).max(100) })

export const accessBody = z.strictObject({ state: z.enum(['approved', 'pending', 'declined', 'revoked']) })
export const resetBody = z.strictObject({
  seed: z.union([z.string().min(1).max(100), z.number().int().transform(String)]).optional(),
})

export const registerQuery = z.strictObject({ date: day.optional(), session: session.optional() })
export const requestsQuery = z.strictObject({
  school: id.optional(),
  since: z
    .string()
    .refine((text) => !Number.isNaN(Date.parse(text)), 'must be an instant, ISO 8601')
    .transform((text) => Date.parse(text))
    .optional(),
})
export const boardQuery = z.strictObject({ regGroup: z.string().optional() })

/** A parameter that is there and empty is none: `?school=&since=`. */
export const readQuery = <T extends z.ZodType>(schema: T, query: unknown): z.output<T> =>
  read(schema, Object.fromEntries(Object.entries(query as object).filter(([, value]) => value !== '')))

/** The value as the schema reads it, or a refusal that names each fault. */
export function read<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const fields: Record<string, string> = {}
  for (const issue of flat(parsed.error.issues)) fields[issue.path.join('.')] ??= issue.message
  throw invalid(fields)
}

type Issue = z.core.$ZodIssue

/** Of a union that nothing fitted, the faults of the form that came nearest. */
function flat(issues: readonly Issue[], before: readonly PropertyKey[] = []): Issue[] {
  return issues.flatMap((issue) => {
    const path = [...before, ...issue.path]
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ ...issue, path: [...path, key], message: 'is not known here' }))
    }
    if (issue.code !== 'invalid_union') return [{ ...issue, path }]
    const forms = issue.errors.map((errors) => flat(errors, path))
    return forms.sort((a, b) => a.length - b.length)[0] ?? [{ ...issue, path }]
  })
}
