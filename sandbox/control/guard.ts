/** Who may use the control API: this machine, or whoever has the key (contract §4). */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { ControlError } from './errors.ts'

const digest = (text: string) => createHash('sha256').update(text).digest()

const isLoopback = (address: string) => /^(::ffff:)?127\.|^::1$/.test(address)
const isLoopbackName = (host: string) => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(host)

/** Throws unless the request may pass. */
export function guard(request: FastifyRequest, controlKey: string | null, publicUrl: URL | null): void {
  const { headers, socket } = request
  // Another site's page in the trainer's own browser must not turn switches here.
  const origin = headers.origin
  const host = headers.host ?? ''
  const known = [host, publicUrl?.host]
  if (origin !== undefined && !(URL.canParse(origin) && known.includes(new URL(origin).host))) {
    throw new ControlError(403, 'forbidden', 'The control API is not for pages of other sites.')
  }
  if (controlKey !== null) {
    const [, given] = /^bearer\s+(.+)$/i.exec(headers.authorization ?? '') ?? []
    if (given !== undefined && timingSafeEqual(digest(given), digest(controlKey))) return
    const wrong = 'Give the control key as Authorization: Bearer KEY. It is the setting SANDBOX_CONTROL_KEY.'
    throw new ControlError(401, 'unauthenticated', wrong)
  }
  const forwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined
  const here = isLoopback(socket.remoteAddress ?? '') && !forwarded
  // A name that only pretends to be this machine (DNS rebinding) is not taken for it.
  if (here && (isLoopbackName(host) || host === publicUrl?.host)) return
  const message =
    'The control API is open to this machine only. Set SANDBOX_CONTROL_KEY to use it from elsewhere.'
  throw new ControlError(403, 'forbidden', message)
}
