/**
 * Hands one message to a mail server. Each way it can fail says whether trying again is safe: once the text has gone
 * and no answer came, the message may have been taken, and it is not sent again by itself.
 */
import { isIP } from 'node:net'
import { Readable } from 'node:stream'
import MailComposer from 'nodemailer/lib/mail-composer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'

export type Letter = { id: string; from: string; to: string; subject: string; text: string; at: Date }

/** `server`: it cannot be reached or takes nothing now, so others need not be tried either. */
export type MailFaultKind = 'server' | 'temporary' | 'permanent' | 'unknown'

export class MailFault extends Error {
  readonly kind: MailFaultKind
  constructor(kind: MailFaultKind, words: string) {
    super(words)
    this.kind = kind
  }
}

const connectMs = 10_000
const answerMs = 60_000

const isLoopback = (host: string) => /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host)

function connectionTo(url: URL): SMTPConnection {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const secure = url.protocol === 'smtps:'
  return new SMTPConnection({
    ...{ host, port: Number(url.port) || (secure ? 465 : 587), secure },
    // A password goes over no open line; without one, mail is encrypted where the server can.
    requireTLS: url.username !== '' && !isLoopback(host),
    ...(isIP(host) === 0 ? { tls: { servername: host } } : {}),
    ...{ connectionTimeout: connectMs, greetingTimeout: connectMs, socketTimeout: answerMs },
  })
}

function composed(letter: Letter): Readable {
  const domain = letter.from.slice(letter.from.lastIndexOf('@') + 1)
  return new MailComposer({
    from: { name: 'e-Reception Book', address: letter.from },
    ...{ to: letter.to, subject: letter.subject, date: letter.at },
    text: letter.text.replaceAll(/\r?\n/g, '\r\n'),
    // The same at every try, so that mailboxes drop what came twice.
    messageId: `<${letter.id}@${domain}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    textEncoding: 'base64',
  })
    .compile()
    .createReadStream()
}

const deliverable = /^[\x21-\x7e]+@[\x21-\x7e]+$/

/** Sends one, or throws a MailFault. */
export async function sendMail(address: string, letter: Letter): Promise<void> {
  for (const one of [letter.to, letter.from])
    if (!deliverable.test(one) || /[<>]/.test(one))
      throw new MailFault('permanent', `"${one}" is no address that a mail server takes.`)
  const url = new URL(address)
  const connection = connectionTo(url)
  const broken = new Promise<never>((_, reject) => connection.on('error', reject))
  broken.catch(() => undefined)
  // What comes before the message is no fault of the message.
  const step = (start: (done: (error?: Error | null) => void) => void) =>
    Promise.race([
      broken,
      new Promise<void>((resolve, reject) => start((error) => (error ? reject(error) : resolve()))),
    ])
  let given = false
  async function* text() {
    // Asked for only once the server has said that it wants it.
    given = true
    yield* composed(letter)
  }
  try {
    await step((done) => connection.connect(done))
    const credentials = { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
    if (credentials.user !== '') await step((done) => connection.login({ credentials }, done))
  } catch (error) {
    connection.close()
    throw new MailFault('server', `The mail server cannot be used: ${(error as Error).message}`)
  }
  try {
    const envelope = { from: letter.from, to: [letter.to] }
    await step((done) => connection.send(envelope, Readable.from(text()), done))
    connection.quit()
  } catch (error) {
    connection.close()
    throw faultOf(error as Error & { responseCode?: number; response?: string }, given)
  }
}

function faultOf(error: Error & { responseCode?: number; response?: string }, given: boolean): MailFault {
  const { responseCode: code } = error
  const words = `The mail server said: ${error.response || error.message}`
  if (code !== undefined) return new MailFault(code >= 500 ? 'permanent' : 'temporary', words)
  return new MailFault(
    given ? 'unknown' : 'server',
    `The connection to the mail server broke: ${error.message}`,
  )
}
