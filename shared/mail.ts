/** Messages by e-mail on the wire: what the outbox page shows. */
import { z } from 'zod'
import { id, instant, listQuery } from './values.ts'

/** `kept`: no mail server is set (`SMTP_URL`), so it waits here and can be read here. */
export const messageState = z.enum(['kept', 'waiting', 'sending', 'sent', 'failed'])

export const message = z
  .object({
    id,
    state: messageState,
    to: z.string(),
    subject: z.string(),
    text: z.string(),
    /** what the mail server, or the way to it, said last */
    fault: z.string().nullable(),
    attempts: z.number().int(),
    postedAt: instant,
    sentAt: instant.nullable(),
  })
  .meta({ id: 'Message' })
export type Message = z.infer<typeof message>

export const messagesQuery = z.strictObject({
  ...listQuery,
  state: z.enum(['waiting', 'sent', 'failed']).optional(),
})
