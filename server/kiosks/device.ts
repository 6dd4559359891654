/** Knows a kiosk by its cookie, and only where a kiosk is asked for: a login in the same browser changes nothing. */
import type { FastifyReply } from 'fastify'
import type { App } from '../app.ts'
import { AppError } from '../core/errors.ts'
import type { Identify } from '../core/http/server.ts'
import { findDevice } from './kiosks.ts'

export const kioskCookie = 'erb_kiosk'

// As long as browsers keep a cookie; each start of the kiosk page renews it.
const lastsSeconds = 400 * 86_400

const options = (app: Pick<App, 'settings'>) => ({
  path: '/',
  httpOnly: true,
  sameSite: 'strict' as const,
  secure: app.settings.publicUrl.startsWith('https:'),
})

export function setDeviceCookie(app: Pick<App, 'settings'>, reply: FastifyReply, token: string): void {
  void reply.setCookie(kioskCookie, token, { ...options(app), maxAge: lastsSeconds })
}

export function clearDeviceCookie(app: Pick<App, 'settings'>, reply: FastifyReply): void {
  void reply.clearCookie(kioskCookie, options(app))
}

/** `others` identifies whoever is no kiosk: tokens and logins. */
export function withKiosks(app: App, others: Identify): Identify {
  return async (request) => {
    if (request.routeOptions.config.access !== 'kiosk' || request.headers.authorization !== undefined)
      return await others(request)
    const token = request.cookies[kioskCookie]
    const actor = token === undefined ? null : await findDevice(app, token)
    if (actor === null)
      throw new AppError(
        401,
        'unauthenticated',
        'This kiosk is not paired. Ask the office for a code of six digits.',
      )
    return actor
  }
}
