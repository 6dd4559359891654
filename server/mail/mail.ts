/**
 * Messages by e-mail. A message is written in the transaction that causes it and goes by itself from the worker; the
 * same reason never goes twice to one address. Without a mail server (`SMTP_URL`) messages are kept and can be read
 * on the outbox page. A message never delays what caused it.
 */
import type { Message } from '../../shared/mail.ts'
import type { App } from '../app.ts'
import type { Db, Tx } from '../core/db/db.ts'
import { wake } from '../core/db/db.ts'
import { conflict, notFound } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import * as store from './store.ts'

export { listMessages } from './store.ts'

export type Post = {
  to: string | readonly string[]
  subject: string
  text: string
  /** The reason, once for the site: `licence-order:<id>:received`. The same again does nothing. */
  key: string
  at: Date
}

/** Posts one message to each address, once for its `key`, with the transaction and never without it. */
export async function post(tx: Tx, { to, subject, text, key, at }: Post): Promise<void> {
  const addresses = new Set(
    (typeof to === 'string' ? [to] : to).map((address) => address.trim().toLowerCase()),
  )
  for (const recipient of addresses) {
    const id = newId(at.getTime())
    // A line break in a subject would begin a header of its own.
    const line = subject.replaceAll(/\s+/g, ' ').trim()
    const fresh = await store.insertMessage(tx, { id, key, recipient, subject: line, text, posted_at: at })
    if (!fresh) continue
    await store.putDue(tx, id, at)
    wake(tx, 'changed', `${tx.siteId}:messages`)
  }
}

export function present(app: Pick<App, 'settings'>, row: store.MessageRow): Message {
  return {
    id: row.id,
    state: row.state === 'waiting' && app.settings.smtpUrl === null ? 'kept' : row.state,
    to: row.recipient,
    subject: row.subject,
    text: row.text,
    fault: row.fault,
    attempts: row.attempts,
    postedAt: row.posted_at.toISOString(),
    sentAt: row.sent_at?.toISOString() ?? null,
  }
}

export async function getMessage(db: Db, id: string): Promise<store.MessageRow> {
  const row = await store.findMessage(db, id)
  if (row === undefined) throw notFound('message')
  return row
}

/** A person sends one again that failed, or at once one that waits. Again: as the first time. */
export async function resend(app: App, siteId: string, id: string): Promise<Message> {
  return await app.db.write(siteId, async (tx) => {
    const row = await store.lockMessage(tx, id)
    if (row === undefined) throw notFound('message')
    if (row.state === 'sent') throw conflict('mail.sent', 'This message has been sent.')
    if (row.state === 'failed' || row.state === 'waiting') {
      const now = app.clock.now()
      await store.updateMessage(tx, id, { state: 'waiting', asked_at: now })
      await store.putDue(tx, id, now)
      wake(tx, 'changed', `${siteId}:messages`)
    }
    return present(app, await getMessage(tx, id))
  })
}
