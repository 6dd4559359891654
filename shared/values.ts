/** The small values of the wire, each written one way (contract §3 Values). */
import { z } from 'zod'

/** ISO 8601 with an offset or Z. */
export const instant = z.iso.datetime({ offset: true }).meta({ description: 'ISO 8601 with offset' })
export const day = z.iso
  .date()
  .refine((text) => text >= '1900-01-01' && text <= '2999-12-31', 'must be between 1900 and 2999')
  .meta({ description: 'YYYY-MM-DD' })
/** `HH:MM`, 00:00 to 23:59. */
export const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a clock time HH:MM from 00:00 to 23:59')
/** `HH:MM`, 00:00 to 24:00: an end of day may be midnight. */
export const clockTimeToMidnight = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a clock time HH:MM from 00:00 to 24:00')
export const uuid = z.uuid().transform((id) => id.toLowerCase())
export const id = z.string()
export const session = z.enum(['AM', 'PM'])
export type Session = z.infer<typeof session>

// NUL and lone surrogates cannot be stored as UTF-8 text.
const unstorable = /\u0000|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

/** Text as we store it: what cannot be stored removed, trimmed, cut to `most` characters. */
export function storableText(text: string, most = 200): string {
  return text.replace(unstorable, '').trim().slice(0, most).replace(unstorable, '').trim()
}

/** A name typed by somebody: required, trimmed, at most 200 characters. */
export const nameText = z
  .string()
  .transform((text) => storableText(text))
  .pipe(z.string().min(1, 'must not be empty'))

export const listQuery = {
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(500).optional(),
}

/** A page of a list: `meta.next` is the cursor of the next page, or null at the end. */
export function pageOf<T extends z.ZodType>(row: T) {
  return z.object({ data: z.array(row), meta: z.object({ next: z.string().nullable() }) })
}

export const errorReply = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      fields: z.record(z.string(), z.string()).optional(),
    }),
  })
  .meta({ id: 'Error' })

/** Why something stands as it does, in plain words, and what to do (docs/causes.md lists them all). */
export const cause = z
  .object({ code: z.string(), message: z.string(), fix: z.string() })
  .meta({ id: 'Cause' })
export type Cause = z.infer<typeof cause>
