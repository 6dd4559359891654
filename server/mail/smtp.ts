/**
 * Hands one message to a mail server (RFC 5321). Each way it can fail says whether trying again is safe: once the
 * text has gone and no answer came, the message may have been taken, and it is not sent again by itself.
 */
import { once } from 'node:events'
import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { hostname } from 'node:os'
import { createInterface } from 'node:readline'
import { connect as connectTls } from 'node:tls'

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

type Reply = { code: number; words: string }
type Talk = {
  /** Says a line (null: only listens) and gives the whole answer. */
  ask(line: string | null): Promise<Reply>
  socket: Socket
}

function talkOver(socket: Socket): Talk {
  const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })
  const iterator = lines[Symbol.asyncIterator]()
  socket.setTimeout(answerMs, () => socket.destroy(new Error('the mail server did not answer in time')))
  return {
    socket,
    async ask(line) {
      if (line !== null) socket.write(`${line}\r\n`)
      const said: string[] = []
      for (;;) {
        const { value, done } = await iterator.next()
        if (done === true) throw new Error('the mail server closed the connection')
        said.push(value.slice(4))
        if (value.charAt(3) !== '-')
          return { code: Number(value.slice(0, 3)), words: `${value.slice(0, 3)} ${said.join(' ')}`.trim() }
      }
    },
  }
}

async function open(url: URL): Promise<Socket> {
  const secure = url.protocol === 'smtps:'
  const host = hostOf(url)
  const port = Number(url.port) || (secure ? 465 : 587)
  const socket = secure ? connectTls({ port, ...nameOf(host) }) : connectPlain({ host, port })
  await once(socket, secure ? 'secureConnect' : 'connect', { signal: AbortSignal.timeout(connectMs) }).catch(
    (error: Error) => {
      socket.destroy()
      throw new MailFault('server', `The mail server cannot be reached: ${error.message}`)
    },
  )
  return socket
}

const hostOf = (url: URL) => url.hostname.replace(/^\[|\]$/g, '')
/** Whom the certificate must name; a number is not sent as a server name. */
const nameOf = (host: string) => (isIP(host) === 0 ? { host, servername: host } : { host })
const isLoopback = (host: string) => /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/.test(host)

async function encrypt(socket: Socket, host: string): Promise<Socket> {
  socket.removeAllListeners('timeout')
  const safe = connectTls({ socket, ...nameOf(host) })
  await once(safe, 'secureConnect', { signal: AbortSignal.timeout(connectMs) })
  return safe
}

function expect(reply: Reply, codes: readonly number[], what: string): void {
  if (codes.includes(reply.code)) return
  const kind = reply.code >= 500 ? 'permanent' : 'temporary'
  throw new MailFault(kind, `The mail server said to ${what}: ${reply.words}`)
}

/** Greets, encrypts where the server can, and logs in; a refusal here is not the message's fault. */
async function greet(socket: Socket, url: URL): Promise<Talk> {
  const me = hostname().replaceAll(/[^A-Za-z0-9.-]/g, '') || 'localhost'
  let talk = talkOver(socket)
  expect(await talk.ask(null), [220], 'our call')
  let hello = await talk.ask(`EHLO ${me}`)
  expect(hello, [250], 'our greeting')
  let encrypted = url.protocol === 'smtps:'
  if (!encrypted && /\bSTARTTLS\b/i.test(hello.words)) {
    expect(await talk.ask('STARTTLS'), [220], 'encryption')
    talk = talkOver(await encrypt(socket, hostOf(url)))
    hello = await talk.ask(`EHLO ${me}`)
    expect(hello, [250], 'our greeting')
    encrypted = true
  }
  if (url.username === '') return talk
  if (!encrypted && !isLoopback(url.hostname))
    throw new MailFault('server', 'The mail server offers no encryption, so the password is not sent to it.')
  const secret = [decodeURIComponent(url.username), decodeURIComponent(url.password)]
  if (/\bAUTH\b[^\n]*\bPLAIN\b/i.test(hello.words)) {
    const plain = Buffer.from(`\u0000${secret.join('\u0000')}`).toString('base64')
    expect(await talk.ask(`AUTH PLAIN ${plain}`), [235], 'our login')
    return talk
  }
  let reply = await talk.ask('AUTH LOGIN')
  for (const word of secret) {
    expect(reply, [334], 'our login')
    reply = await talk.ask(Buffer.from(word).toString('base64'))
  }
  expect(reply, [235], 'our login')
  return talk
}

/** A header's text in ASCII (RFC 2047), in pieces that break no character. */
export function headerText(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text) && !text.includes('=?')) return text
  const pieces: string[] = []
  let piece = ''
  for (const character of text) {
    if (Buffer.byteLength(piece + character) > 42) {
      pieces.push(piece)
      piece = ''
    }
    piece += character
  }
  return [...pieces, piece].map((one) => `=?utf-8?B?${Buffer.from(one).toString('base64')}?=`).join('\r\n ')
}

/** The message as it goes over the wire, without the dot that ends it. */
export function asMail(letter: Letter): string {
  const domain = letter.from.slice(letter.from.lastIndexOf('@') + 1)
  const text = Buffer.from(letter.text.replaceAll(/\r?\n/g, '\r\n')).toString('base64')
  return [
    `From: ${headerText('e-Reception Book')} <${letter.from}>`,
    `To: <${letter.to}>`,
    `Subject: ${headerText(letter.subject)}`,
    `Date: ${letter.at.toUTCString().replace('GMT', '+0000')}`,
    // The same at every try, so that mailboxes drop what came twice.
    `Message-ID: <${letter.id}@${domain}>`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...(text.match(/.{1,76}/g) ?? []),
  ].join('\r\n')
}

const deliverable = /^[\x21-\x7e]+@[\x21-\x7e]+$/

/** Sends one, or throws a MailFault. */
export async function sendMail(address: string, letter: Letter): Promise<void> {
  for (const one of [letter.to, letter.from])
    if (!deliverable.test(one) || /[<>]/.test(one))
      throw new MailFault('permanent', `"${one}" is no address that a mail server takes.`)
  const url = new URL(address)
  const socket = await open(url)
  // Its errors reach us through the reading of answers.
  socket.on('error', () => {})
  let given = false
  try {
    const talk = await greet(socket, url).catch((error: Error) => {
      throw new MailFault('server', error.message)
    })
    talk.socket.on('error', () => {})
    expect(await talk.ask(`MAIL FROM:<${letter.from}>`), [250], 'our address')
    expect(await talk.ask(`RCPT TO:<${letter.to}>`), [250, 251], `the address ${letter.to}`)
    expect(await talk.ask('DATA'), [354], 'the message')
    given = true
    expect(await talk.ask(`${asMail(letter)}\r\n.`), [250], 'the message')
    talk.socket.end('QUIT\r\n')
  } catch (error) {
    if (error instanceof MailFault) throw error
    throw new MailFault(
      given ? 'unknown' : 'server',
      `The connection to the mail server broke: ${(error as Error).message}`,
    )
  } finally {
    socket.destroySoon()
  }
}
