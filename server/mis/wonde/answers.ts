/** What an answer of Wonde means: status first, the body only for display (wonde-api.md §10.5, §13). */
import { storableText } from '../../../shared/values.ts'
import { MisError } from '../mis.ts'
import type { Answer } from './wire.ts'
import { WireError } from './wire.ts'

const mostWords = 500
const deepest = 20
/** Longer than this is no "slow down" but an outage; also keeps a timer from overflowing. */
const longestRetryAfter = 24 * 60 * 60_000

export type Context = { token: string; now: Date; post: boolean }

/** The JSON object of a good answer; throws `MisError` for every other answer. */
export function readObject(answer: Answer, context: Context): Record<string, unknown> {
  if (answer.status < 200 || answer.status > 299) throw failureOf(answer, context)
  // Maintenance has been seen as 200 with an HTML page (wonde-api.md §13).
  if (/html/i.test(answer.contentType))
    throw unreadable('The provider sent a web page instead of data.', context)
  const body = parseJson(answer.text)
  if (!isObject(body))
    throw unreadable('The provider’s answer was cut off or is not the data asked for.', context)
  return body
}

/** An answer that came and cannot be trusted. After a POST the mark may have been written all the same. */
export function unreadable(message: string, context: Pick<Context, 'post'>, cause?: unknown): MisError {
  return new MisError('unreadable', message, { written: context.post ? 'unknown' : 'no', cause })
}

/** What an exchange that brought no answer means. */
export function wireFailure(error: WireError, context: Pick<Context, 'post'>): MisError {
  const written = context.post && error.opened ? 'unknown' : 'no'
  if (error.fault === 'garbled')
    return unreadable('The provider’s answer is not proper HTTP.', context, error)
  if (error.fault === 'too-large')
    return unreadable('The provider’s answer is far too large.', context, error)
  const message = error.opened
    ? error.fault === 'timed-out'
      ? 'The provider did not answer in time.'
      : 'The connection to the provider broke.'
    : 'The provider could not be reached.'
  return new MisError('unavailable', message, { written, cause: error.cause })
}

function failureOf(answer: Answer, context: Context): MisError {
  const { status } = answer
  const more = { status, words: wordsOf(answer, context.token), retryAfterMs: null as number | null }
  if (status === 401) return new MisError('unauthorised', 'The provider does not accept the token.', more)
  more.retryAfterMs = retryAfterMs(answer.retryAfter, context.now)
  if (status === 429) return new MisError('slow-down', 'The provider asks us to slow down.', more)
  if (status === 423)
    return new MisError('unavailable', 'The school is not active at the provider now.', more)
  if (status === 408 || status === 425) return new MisError('unavailable', 'The provider is busy.', more)
  if (status >= 500 && status <= 599) {
    // 503 is refused at the door; after any other of them the mark may have been written (§10.5).
    const written = context.post && status !== 503 ? 'unknown' : 'no'
    return new MisError('unavailable', `The provider has a fault (${status}).`, { ...more, written })
  }
  if (status >= 400 && status <= 499) {
    return new MisError('rejected', `The provider refused the request (${status}).`, {
      ...more,
      retryAfterMs: null,
    })
  }
  // Redirects too: following one would hand the token on, or turn a POST into a GET.
  const written = context.post ? 'unknown' : 'no'
  return new MisError('unreadable', `The provider sent an answer that it should not (${status}).`, {
    ...more,
    retryAfterMs: null,
    written,
  })
}

/** `Retry-After` in milliseconds, from seconds or an HTTP date; `null` if absent or neither. */
export function retryAfterMs(header: string | null, now: Date): number | null {
  const text = header?.trim() ?? ''
  if (text === '') return null
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now.getTime()
  return Number.isNaN(ms) ? null : Math.min(Math.max(Math.ceil(ms), 0), longestRetryAfter)
}

function wordsOf(answer: Answer, token: string): string | null {
  const body = parseJson(answer.text)
  const said = body === undefined ? [plainText(answer.text)] : textsIn(body, 0)
  return displayWords(
    [...new Set(said.map((text) => text.trim()))].filter((text) => text !== '').join(' · '),
    token,
  )
}

/** Text of the other side as it may be shown: never with the token in it, at most 500 characters. */
export function displayWords(text: string, token: string): string | null {
  let shown = text
  const basic = Buffer.from(`${token}:`).toString('base64')
  for (const secret of [token, basic, encodeURIComponent(token)]) shown = shown.replaceAll(secret, '…')
  return storableText(shown.replace(/\s+/g, ' '), mostWords) || null
}

function textsIn(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null || depth > deepest) return []
  return Object.values(value)
    .slice(0, 200)
    .flatMap((inner) => textsIn(inner, depth + 1))
}

function plainText(html: string): string {
  // The beginning is enough to show, and keeps these patterns cheap whatever was sent.
  return html
    .slice(0, 8_000)
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** A JSON object, not a list and not null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
