import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import * as wire from '../../shared/accounts.ts'
import type { App } from '../app.ts'
import type { Actor } from '../core/http/actor.ts'
import { AppError } from '../core/errors.ts'
import { answer, type Router, route } from '../core/http/route.ts'
import { wrongTries } from '../core/http/tries.ts'
import { hashToken } from '../core/secrets.ts'
import { createSite, dropSetting, findSetting, listSites } from '../sites/sites.ts'
import * as accounts from './accounts.ts'

export const loginCookie = 'erb_login'

const tag = 'Logging in'

/** Who asks: a bearer token, else the login cookie. Wrong tokens are counted by address. */
export function createIdentify(app: App): (request: FastifyRequest) => Promise<Actor | null> {
  const readToken = accounts.createTokenReader(app)
  const tries = wrongTries(120)
  return async (request) => {
    const header = request.headers.authorization
    if (header !== undefined) {
      const token = /^bearer +(\S+)$/i.exec(header)?.[1]
      const actor = token === undefined ? null : await readToken(token)
      if (actor === null) {
        await tries.wrong(request.ip)
      }
      return actor
    }
    const cookie = request.cookies[loginCookie]
    return cookie === undefined ? null : ((await accounts.findLogin(app, cookie))?.actor ?? null)
  }
}

export function accountRoutes(app: App, router: Router): void {
  const tries = wrongTries(10)
  const cookieOptions = {
    path: '/',
    httpOnly: true,
    sameSite: 'strict' as const,
    secure: app.settings.publicUrl.startsWith('https:'),
  }
  async function me(reply: FastifyReply, token: string): Promise<wire.Me> {
    const found = await accounts.findLogin(app, token)
    if (found === null) throw new AppError(401, 'unauthenticated', 'Log in to go on.')
    const sites = await app.db.system((tx) => listSites(tx, found.actor.sites, null, 500))
    void reply.header('cache-control', 'no-store')
    return {
      account: { id: found.actor.id, name: found.actor.name, email: found.email, role: found.role },
      permissions: [...found.actor.permissions],
      operator: found.actor.operator,
      sites: sites
        .map(({ id, name, phase }) => ({ id, name, phase }))
        .sort((a, b) => a.name.localeCompare(b.name, 'en-GB')),
      csrfToken: found.actor.csrfToken,
      support: { email: app.settings.supportEmail, url: app.settings.supportUrl },
    }
  }
  async function begin(reply: FastifyReply, email: string, password: string): Promise<wire.Me> {
    const token = await accounts.login(app, email, password)
    void reply.setCookie(loginCookie, token, { ...cookieOptions, maxAge: 14 * 86_400 })
    return await me(reply, token)
  }

  route(router, {
    method: 'GET',
    path: '/me',
    access: 'anyone',
    tag,
    summary: 'Who is logged in',
    reply: wire.me,
    handle: ({ request, reply }) => me(reply, request.cookies[loginCookie] ?? ''),
  })
  route(router, {
    method: 'POST',
    path: '/login',
    access: 'anyone',
    tag,
    summary: 'Log in; sets the login cookie',
    body: wire.loginPost,
    reply: wire.me,
    async handle({ body, request, reply }) {
      await tries.check(request.ip)
      try {
        return await begin(reply, body.email, body.password)
      } catch (error) {
        if (error instanceof AppError && error.status === 401) await tries.wrong(request.ip)
        throw error
      }
    },
  })
  route(router, {
    method: 'POST',
    path: '/logout',
    access: 'anyone',
    tag,
    summary: 'End this login',
    reply: z.object({ loggedOut: z.literal(true) }),
    async handle({ request, reply }) {
      const token = request.cookies[loginCookie]
      if (token !== undefined) await accounts.logout(app, token)
      void reply.clearCookie(loginCookie, cookieOptions)
      return { loggedOut: true }
    },
  })
  setUpRoutes(app, router, begin)
}

/** The setting that holds the hash of the one-time set-up key. */
export const setUpKey = 'set-up-key'

function setUpRoutes(
  app: App,
  router: Router,
  begin: (reply: FastifyReply, email: string, password: string) => Promise<wire.Me>,
): void {
  const tries = wrongTries(10)
  const fits = (stored: string | null, key: string) =>
    stored !== null && stored === hashToken(key).toString('base64')
  route(router, {
    method: 'GET',
    path: '/set-up',
    access: 'anyone',
    tag,
    summary: 'Whether the first set-up is still to be done',
    query: z.strictObject({ key: z.string().max(200).default('') }),
    reply: z.object({ needed: z.boolean(), valid: z.boolean() }),
    async handle({ query, request }) {
      await tries.check(request.ip)
      const stored = await app.db.system((tx) => findSetting(tx, setUpKey))
      const valid = fits(stored, query.key)
      if (stored !== null && query.key !== '' && !valid) await tries.wrong(request.ip)
      return { needed: stored !== null, valid }
    },
  })
  route(router, {
    method: 'POST',
    path: '/set-up',
    access: 'anyone',
    tag,
    summary: 'Make the first account and site, with the key of the set-up link',
    body: wire.setUpPost,
    reply: wire.me,
    status: 201,
    async handle({ body, request, reply, newId }) {
      await tries.check(request.ip)
      const stored = await app.db.system((tx) => findSetting(tx, setUpKey))
      if (!fits(stored, body.key)) {
        await tries.wrong(request.ip)
        throw new AppError(
          422,
          'accounts.set_up_key',
          'This set-up link is used up or not right. Start the server again for a new one.',
        )
      }
      await app.db.system(async (tx) => {
        // Whoever drops the key makes the account; a second press at the same time finds it gone.
        if (!(await dropSetting(tx, setUpKey)))
          throw new AppError(409, 'accounts.set_up_done', 'The set-up has been done. Log in.')
        await accounts.createAccount(app, tx, {
          email: body.email,
          name: body.name,
          role: 'admin',
          password: body.password,
          siteIds: null,
        })
        await createSite(app, tx, newId(), {
          name: body.siteName,
          phase: body.phase,
          edition: 'education',
          timeZone: 'Europe/London',
        })
      })
      return answer(201, await begin(reply, body.email, body.password))
    },
  })
}
