/**
 * One HTTP exchange, and what can be known of it when it fails. On `node:http` and not `fetch`, because the
 * promise "never doubled" hangs on telling a connection that never opened from one lost after the body went.
 * Never follows a redirect, never reads more than it was allowed, and is over at its time-out whatever happens.
 */
import http from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream'
import zlib from 'node:zlib'
import { abortError } from './pace.ts'

export type Exchange = {
  method: 'GET' | 'POST'
  url: URL
  headers: Record<string, string>
  body?: string | undefined
  connectMs: number
  totalMs: number
  /** Most bytes of a good answer, after unpacking. */
  bytes: number
  signal?: AbortSignal | undefined
}

export type Answer = { status: number; contentType: string; retryAfter: string | null; text: string }

export type WireFault = 'lost' | 'timed-out' | 'too-large' | 'garbled'

/** `opened` false: the connection never stood, so the other side has seen nothing of the request. */
export class WireError extends Error {
  readonly fault: WireFault
  readonly opened: boolean
  constructor(fault: WireFault, opened: boolean, cause?: unknown) {
    super(fault, { cause })
    this.name = 'WireError'
    this.fault = fault
    this.opened = opened
  }
}

/** Of an answer that is no success only the beginning is read: it is for display. */
const wordsBytes = 64 * 1024

// Idle sockets are closed before a usual server does it (five seconds), so that few POSTs meet a dying one.
const agentOptions = { keepAlive: true, timeout: 4_000, maxFreeSockets: 64 }
const plainAgent = new http.Agent(agentOptions)
const tlsAgent = new https.Agent(agentOptions)

/** Sends one request and reads its answer; throws `WireError`, or `AbortError` when the signal fires. */
export function exchange(asked: Exchange): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (asked.signal?.aborted) return reject(abortError())
    const secure = asked.url.protocol === 'https:'
    const request = (secure ? https : http).request(asked.url, {
      method: asked.method,
      headers: asked.headers,
      agent: secure ? tlsAgent : plainAgent,
    })
    let opened = false
    let answered = false
    let over = false
    const settle = (how: () => void, reusable: boolean) => {
      if (over) return
      over = true
      clearTimeout(connecting)
      clearTimeout(whole)
      asked.signal?.removeEventListener('abort', onAbort)
      how()
      if (!reusable) request.destroy()
    }
    const fail = (fault: WireFault, cause?: unknown) =>
      settle(() => reject(new WireError(fault, opened, cause)), false)
    const onAbort = () => settle(() => reject(abortError()), false)
    const connecting = setTimeout(() => opened || fail('timed-out'), asked.connectMs)
    const whole = setTimeout(() => fail('timed-out'), asked.totalMs)
    asked.signal?.addEventListener('abort', onAbort, { once: true })

    request.on('socket', (socket: Socket) => {
      if (request.reusedSocket || (!secure && !socket.connecting)) opened = true
      else socket.once(secure ? 'secureConnect' : 'connect', () => (opened = true))
    })
    // Once the answer has begun, its reader below meets the same fault and says more of it.
    request.on('error', (error) => (!answered || isProtocolError(error)) && fail(faultOf(error), error))
    request.on('close', () => !answered && fail('lost'))
    request.on('response', (response) => {
      answered = true
      readAnswer(response, asked.bytes).then(
        (answer) => settle(() => resolve(answer), response.complete),
        (error: unknown) => (error instanceof TooLarge ? fail('too-large') : fail(faultOf(error), error)),
      )
    })
    request.end(asked.body)
  })
}

class TooLarge extends Error {}

async function readAnswer(response: http.IncomingMessage, bytes: number): Promise<Answer> {
  const status = response.statusCode ?? 0
  const good = status >= 200 && status < 300
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of unpacked(response) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (good && size > bytes) throw new TooLarge()
    chunks.push(chunk)
    if (!good && size > wordsBytes) break
  }
  return {
    status,
    contentType: response.headers['content-type'] ?? '',
    retryAfter: response.headers['retry-after'] ?? null,
    text: new TextDecoder().decode(Buffer.concat(chunks)),
  }
}

function unpacked(response: http.IncomingMessage): Readable {
  const packing = response.headers['content-encoding']?.trim().toLowerCase()
  if (packing !== 'gzip' && packing !== 'x-gzip' && packing !== 'deflate') return response
  const unpack = packing === 'deflate' ? zlib.createInflate() : zlib.createGunzip()
  // pipeline carries a cut connection into the unpacker, so that the loop above throws instead of ending early.
  return pipeline(response, unpack, () => undefined)
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : ''
}

function isProtocolError(error: unknown): boolean {
  return codeOf(error).startsWith('HPE_')
}

function faultOf(error: unknown): WireFault {
  return isProtocolError(error) || (codeOf(error).startsWith('Z_') && codeOf(error) !== 'Z_BUF_ERROR')
    ? 'garbled'
    : 'lost'
}
