/** One way to declare a route. Paths are under /api/v1 unless they begin with another root. */
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { errorReply } from '../../../shared/values.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import { type Actor, actorKey } from './actor.ts'
import type { Access } from './server.ts'

type Schema = z.ZodType
type Out<S> = S extends Schema ? z.output<S> : undefined

export type Call<Q, B> = {
  actor: Actor
  /** The site of the path: exists in the actor's reach; whether it exists at all is for `getSite` to say. */
  siteId: string
  params: Record<string, string>
  query: Q
  body: B
  request: FastifyRequest
  reply: FastifyReply
  /** A new id; with an Idempotency-Key always the same one, so that a repeat after a crash finds the first. */
  newId(): string
}

export type Answer = { status?: number; body: unknown }

/** Remembers first answers to an Idempotency-Key. Given by the app; core knows no table of it. */
export type Repeats = {
  begin(
    actor: string,
    siteId: string | null,
    key: string,
    request: Buffer,
  ): Promise<{ first: true } | { first: false; body: unknown }>
  finish(actor: string, siteId: string | null, key: string, answer: Answer): Promise<void>
  forget(actor: string, siteId: string | null, key: string): Promise<void>
}

export type RouteOptions<Q extends Schema | undefined, B extends Schema | undefined> = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  access: Access
  tag: string
  summary: string
  query?: Q
  body?: B
  reply: Schema
  status?: number
  /** For a repeat with the same key: the resource as it is now. Absent: the first answer. */
  current?: (call: Call<Out<Q>, Out<B>>, first: unknown) => Promise<unknown>
  /** Its first answer holds a secret and is not kept: a repeat is answered by `current`. */
  secret?: boolean
  /** Its repeats are known by the id in the body, not by a key. */
  ownRepeats?: boolean
  handle: (call: Call<Out<Q>, Out<B>>) => Promise<unknown>
}

export type Router = {
  http: FastifyInstance
  repeats: Repeats
  methods: Map<string, Set<string>>
}

const isAnswer = (value: unknown): value is Answer =>
  typeof value === 'object' &&
  value !== null &&
  Object.hasOwn(value, 'body') &&
  Object.keys(value).every((k) => k === 'body' || k === 'status')

/** What a caller must hold, as the API's description says it. */
function needs(access: Access): string {
  if (access === 'anyone') return 'Needs no token.'
  if (access === 'logged-in') return 'Needs a token or a login, and no permission.'
  if (access === 'kiosk') return 'For a paired kiosk.'
  return `Needs the permission \`${access}\`.`
}

/** Marks a reply that is not 200. */
export function answer(status: number, body: unknown): Answer {
  return { status, body }
}

function idFrom(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function keyOf(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key']
  if (key === undefined) return null
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key))
    throw new AppError(422, 'request.invalid', 'Idempotency-Key: must be 1 to 200 visible characters', {
      fields: { 'Idempotency-Key': 'must be 1 to 200 visible characters' },
    })
  return key
}

/** Query without keys that are unknown, body strict by its own schema; both answered 422 by field. */
export function route<Q extends Schema | undefined = undefined, B extends Schema | undefined = undefined>(
  router: Router,
  options: RouteOptions<Q, B>,
): void {
  const url =
    options.path.startsWith('/healthz') || options.path.startsWith('/readyz')
      ? options.path
      : `/api/v1${options.path}`
  const seen = router.methods.get(url) ?? new Set<string>()
  seen.add(options.method)
  router.methods.set(url, seen)
  const status = options.status ?? 200
  const responses: Record<string, Schema> = { [status]: options.reply, '4xx': errorReply }
  if (status !== 200) responses[200] = options.reply
  router.http.route({
    method: options.method,
    url,
    config: { access: options.access },
    schema: {
      tags: [options.tag],
      summary: options.summary,
      description: needs(options.access),
      ...(options.access === 'anyone' ? { security: [] } : {}),
      ...(options.query === undefined ? {} : { querystring: options.query }),
      ...(options.body === undefined ? {} : { body: options.body }),
      response: responses,
    },
    async handler(request, reply) {
      const { actor } = request
      const key = actor === null || options.method === 'GET' || options.ownRepeats ? null : keyOf(request)
      const scope =
        actor === null || key === null ? null : { who: actorKey(actor), siteId: request.siteId, key }
      const call: Call<Out<Q>, Out<B>> = {
        actor: actor as Actor,
        siteId: request.siteId as string,
        params: request.params as Record<string, string>,
        query: request.query as Out<Q>,
        body: request.body as Out<B>,
        request,
        reply,
        newId: () => (scope === null ? newId() : idFrom(`${scope.who}|${scope.siteId}|${scope.key}`)),
      }
      if (scope !== null) {
        const print = createHash('sha256')
          .update(JSON.stringify([options.method, request.url, request.body ?? null]))
          .digest()
        const begun = await router.repeats.begin(scope.who, scope.siteId, scope.key, print)
        if (!begun.first)
          return reply
            .code(200)
            .send(options.current === undefined ? begun.body : await options.current(call, begun.body))
      }
      try {
        const result = await options.handle(call)
        const done: Answer = isAnswer(result) ? result : { body: result }
        const kept = options.secret === true ? { ...done, body: null } : done
        if (scope !== null) await router.repeats.finish(scope.who, scope.siteId, scope.key, kept)
        if (reply.sent) return reply
        return reply.code(done.status ?? status).send(done.body)
      } catch (error) {
        if (scope !== null) await router.repeats.forget(scope.who, scope.siteId, scope.key)
        throw error
      }
    },
  })
}

/** Answers 405 for every other method of the paths declared, and 404 as JSON for what is not there. */
export function closeRouter(router: Router): void {
  for (const [url, methods] of router.methods) {
    const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) => !methods.has(method))
    if (others.length === 0) continue
    router.http.route({
      method: others,
      url,
      schema: { hide: true } as never,
      handler(_request, reply) {
        const allowed = [...methods].join(', ')
        void reply.header('allow', allowed)
        throw new AppError(405, 'request.method', `This address takes ${allowed}.`)
      },
    })
  }
}
