/** What the office is told of although no mark waits for it: the signs i and † (attendance reference §5). */
import { z } from 'zod'
import { day, id, instant, listQuery, session } from './values.ts'

export const notice = z
  .object({
    id,
    at: instant,
    /** somebody should know at once: the sign † */
    alert: z.boolean(),
    person: id,
    movement: id,
    date: day,
    session,
    /** the code that stood in the MIS; null: none */
    stands: z.string().nullable(),
    message: z.string(),
    fix: z.string(),
    settledAt: instant.nullable(),
    settledBy: z.string().nullable(),
  })
  .meta({ id: 'Notice' })
export type Notice = z.infer<typeof notice>

export const noticesQuery = z.strictObject({
  ...listQuery,
  settled: z.enum(['true', 'false']).optional(),
})
