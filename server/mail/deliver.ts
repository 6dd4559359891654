/** Sends what is due: claimed in one transaction, sent outside of any, and what came of it stored in another. */
import type { App } from '../app.ts'
import { wake } from '../core/db/db.ts'
import { MailFault, sendMail } from './smtp.ts'
import * as store from './store.ts'

/** Longer than the longest talk with a mail server: what is taken up again after it was cut off by a crash. */
const leaseMs = 10 * 60_000
const retryAfterMinutes = [1, 5, 15, 60] as const
/** From when it was asked for; an old message confuses more than it helps, so a person decides about it. */
const triedForMs = 3 * 86_400_000

/** From whom mail comes: `?from=` of SMTP_URL, its user name if that is an address, SUPPORT_EMAIL, else this host. */
export function senderOf({ smtpUrl, supportEmail, publicUrl }: App['settings']): string {
  const url = smtpUrl === null ? null : new URL(smtpUrl)
  const user = decodeURIComponent(url?.username ?? '')
  return (
    url?.searchParams.get('from') ??
    (user.includes('@') ? user : null) ??
    supportEmail ??
    `no-reply@${new URL(publicUrl).hostname}`
  )
}

/** Sends all that is due, one after another; a mail server that takes nothing is left alone until the next round. */
export async function deliverMail(app: App): Promise<void> {
  if (app.settings.smtpUrl === null) return
  for (;;) {
    const now = app.clock.now()
    const due = await app.db.system((tx) => store.takeDue(tx, now, new Date(now.getTime() + leaseMs)))
    if (due === undefined) return
    const row = await claim(app, due)
    if (row !== null && (await sendOne(app, due.site_id, row)) === 'server') return
  }
}

async function claim(app: App, due: store.DueRow): Promise<store.MessageRow | null> {
  return await app.db.write(due.site_id, async (tx) => {
    const row = await store.lockMessage(tx, due.id)
    const now = app.clock.now()
    if (row?.state === 'waiting' && now.getTime() - row.asked_at.getTime() <= triedForMs) {
      await store.updateMessage(tx, row.id, { state: 'sending', attempts: row.attempts + 1 })
      wake(tx, 'changed', `${tx.siteId}:messages`)
      return { ...row, attempts: row.attempts + 1 }
    }
    await store.dropDue(tx, due.id)
    const fault =
      row?.state === 'sending'
        ? 'The server stopped while this was sent: it may have arrived.'
        : 'It waited three days and was not sent.'
    if (row?.state === 'sending' || row?.state === 'waiting')
      await store.updateMessage(tx, row.id, { state: 'failed', fault: joined(fault, row.fault) })
    wake(tx, 'changed', `${tx.siteId}:messages`)
    return null
  })
}

const joined = (words: string, before: string | null) => (before === null ? words : `${words} ${before}`)

async function sendOne(app: App, siteId: string, row: store.MessageRow): Promise<'sent' | MailFault['kind']> {
  const { id, recipient, subject, text, posted_at } = row
  const letter = { id, from: senderOf(app.settings), to: recipient, subject, text, at: posted_at }
  const fault = await sendMail(app.settings.smtpUrl!, letter).then(
    () => null,
    (error: unknown) => {
      if (error instanceof MailFault) return error
      throw error
    },
  )
  const again = fault !== null && (fault.kind === 'server' || fault.kind === 'temporary')
  await app.db.write(siteId, async (tx) => {
    const now = app.clock.now()
    const words =
      fault?.kind === 'unknown' ? `${fault.message} It may have arrived.` : (fault?.message ?? null)
    await store.updateMessage(tx, id, {
      state: fault === null ? 'sent' : again ? 'waiting' : 'failed',
      fault: words,
      sent_at: fault === null ? now : null,
    })
    const minutes = retryAfterMinutes[row.attempts - 1] ?? 60
    if (again) await store.putDue(tx, id, new Date(now.getTime() + minutes * 60_000))
    else await store.dropDue(tx, id)
    wake(tx, 'changed', `${siteId}:messages`)
  })
  // Ids only: an address is a person's.
  if (fault !== null) app.log.warn({ siteId, message: id, kind: fault.kind }, 'a message was not sent')
  return fault?.kind ?? 'sent'
}
