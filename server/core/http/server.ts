/**
 * The request pipeline: identify, permit, validate, one verb, present. Routes are declared through `route()`; what
 * goes wrong anywhere is rendered here and nowhere else (contract §3 Errors).
 */
import { timingSafeEqual } from 'node:crypto'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import sse from '@fastify/sse'
import swagger from '@fastify/swagger'
import Fastify, {
  LogController,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import {
  createJsonSchemaTransform,
  hasZodFastifySchemaValidationErrors,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod'
import type { Permission } from '../../../shared/accounts.ts'
import { AppError, notFound } from '../errors.ts'
import { asId } from '../ids.ts'
import type { Log } from '../log.ts'
import { type Actor, maySee } from './actor.ts'

export type Identify = (request: FastifyRequest) => Promise<Actor | null>

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor | null
    siteId: string | null
  }
  interface FastifyContextConfig {
    access?: Access
  }
}

/** Who may call a route: anybody, a paired kiosk, or whoever holds the permission (and the site in the path). */
export type Access = 'anyone' | 'kiosk' | 'logged-in' | Permission

const unstorable = /\u0000|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

/** Removes what PostgreSQL cannot store from every text of a request (contract §5 Values). */
function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(unstorable, '')
  if (Array.isArray(value)) return value.map(storable)
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key.replace(unstorable, ''), storable(inner)]),
    )
  return value
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}

async function permit(request: FastifyRequest, { identify, siteExists }: HttpOptions): Promise<void> {
  const access = request.routeOptions.config.access ?? 'anyone'
  if (access === 'anyone') return
  const actor = await identify(request)
  if (actor === null)
    throw new AppError(401, 'unauthenticated', 'Log in, or send a token as "Authorization: Bearer <token>".')
  request.actor = actor
  if (access === 'kiosk') {
    if (actor.kind !== 'kiosk') throw new AppError(403, 'forbidden', 'Only a paired kiosk may do this.')
    return
  }
  if (actor.kind === 'kiosk') throw new AppError(403, 'forbidden', 'A kiosk may not do this.')
  if (actor.kind === 'account' && request.method !== 'GET' && request.method !== 'HEAD') {
    const given = request.headers['x-csrf-token']
    if (typeof given !== 'string' || !sameText(given, actor.csrfToken))
      throw new AppError(403, 'forbidden', 'The page is out of date. Reload it and try again.')
  }
  if (access !== 'logged-in' && !actor.permissions.has(access))
    throw new AppError(403, 'forbidden', `This needs the permission ${access}.`)
  const { site } = request.params as { site?: string }
  if (site !== undefined) {
    const siteId = asId(site)
    if (siteId === null || !maySee(actor, siteId) || !(await siteExists(siteId))) throw notFound('site')
    request.siteId = siteId
  }
}

type Rendered = {
  status: number
  body: { error: { code: string; message: string; fields?: Record<string, string> } }
}

function validationFields(error: FastifyError & { validation: unknown[] }): Record<string, string> {
  const fields: Record<string, string> = {}
  type Issue = { keyword?: string; instancePath?: string; message?: string; params?: { keys?: string[] } }
  for (const issue of error.validation as Issue[]) {
    const path = (issue.instancePath ?? '').split('/').filter(Boolean).join('.')
    const unknown = issue.keyword === 'unrecognized_keys' ? issue.params?.keys : undefined
    if (unknown !== undefined)
      for (const key of unknown) fields[path ? `${path}.${key}` : key] = 'is not known here: remove it'
    else fields[path || 'body'] ??= issue.message ?? 'is not as it should be'
  }
  return fields
}

function render(error: FastifyError, request: FastifyRequest): Rendered {
  const reply = (
    status: number,
    code: string,
    message: string,
    fields?: Record<string, string>,
  ): Rendered => ({
    status,
    body: { error: { code, message, ...(fields === undefined ? {} : { fields }) } },
  })
  if (error instanceof AppError) return reply(error.status, error.code, error.message, error.fields)
  if (hasZodFastifySchemaValidationErrors(error)) {
    const fields = validationFields(error)
    const message = Object.entries(fields)
      .map(([field, wrong]) => `${field}: ${wrong}`)
      .join('; ')
    return reply(422, 'request.invalid', message || 'The request is not as it should be.', fields)
  }
  const status = error.statusCode ?? 500
  if (status === 413) return reply(413, 'request.too_large', 'The request is larger than allowed.')
  if (status === 415)
    return reply(400, 'request.not_json', 'Send the body as JSON, with content-type application/json.')
  if (status >= 400 && status < 500) return reply(status, 'request.bad', error.message)
  request.log.error({ err: error, route: request.routeOptions.url }, 'a request failed')
  return reply(500, 'internal', 'Something went wrong here. Nothing of this request was kept; try again.')
}

function send(reply: FastifyReply, error: unknown, rendered: Rendered): void {
  const wait = error instanceof AppError ? error.retryAfterSeconds : undefined
  if (wait !== undefined) void reply.header('retry-after', String(Math.max(1, Math.ceil(wait))))
  void reply
    .code(rendered.status)
    .header('cache-control', 'no-store')
    .type('application/json')
    .send(JSON.stringify(rendered.body))
}

export type HttpOptions = {
  log: Log
  identify: Identify
  siteExists: (siteId: string) => Promise<boolean>
  publicUrl: string
  version: string
}

export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const http = Fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: 'loopback, linklocal, uniquelocal',
    bodyLimit: 4 * 1024 * 1024,
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: true },
    forceCloseConnections: true,
    frameworkErrors(error, request, reply) {
      send(reply as FastifyReply, error, render(error, request as FastifyRequest))
    },
  }) as unknown as FastifyInstance
  http.decorateRequest('actor', null)
  http.decorateRequest('siteId', null)
  http.setValidatorCompiler(validatorCompiler)
  http.setSerializerCompiler(serializerCompiler)
  http.removeContentTypeParser(['application/json', 'text/plain'])
  http.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') return done(null, undefined)
    try {
      done(null, JSON.parse(body as string))
    } catch {
      done(new AppError(400, 'request.not_json', 'The body is not JSON.'), undefined)
    }
  })
  http.setErrorHandler<FastifyError>((error, request, reply) => send(reply, error, render(error, request)))
  // Before the hook that asks who it is: that one reads cookies.
  await http.register(cookie)
  http.addHook('onRequest', (request) => permit(request, options))
  http.addHook('preValidation', async (request) => {
    request.params = storable(request.params)
    request.query = storable(request.query)
    if (request.body !== undefined) request.body = storable(request.body)
  })
  await http.register(sse as never, { heartbeatInterval: 20_000 })
  await http.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        upgradeInsecureRequests: options.publicUrl.startsWith('https:') ? [] : null,
      },
    },
    strictTransportSecurity: options.publicUrl.startsWith('https:'),
  })
  await http.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'e-Reception Book', version: options.version, description: apiIntroduction },
      servers: [{ url: options.publicUrl }],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: createJsonSchemaTransform({ skipList: [] }),
  })
  return http
}

const apiIntroduction =
  'Everything a school does here, a program may do with a token. Errors are `{"error": {"code", "message", "fields"?}}`; ' +
  'lists take `limit` and `cursor` and answer `{"data", "meta": {"next"}}`. A movement carries an id of yours, any other ' +
  'write may carry an `Idempotency-Key`: the same again is answered 200 and done once.'
