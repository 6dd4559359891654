/**
 * One request of the wire from end to end: who asks, of which school, what goes wrong on purpose before and after,
 * and a line in the log of requests. The answer is written by hand, for some of them must be cut or never come.
 */
import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Fault, faultMs, stopKinds } from '../state/faults.ts'
import type { Asked, RequestLog } from '../state/requests.ts'
import { findSchool } from '../world/world.ts'
import type { School } from '../world/school.ts'
import { schoolOfWriteback } from './attendance.ts'
import { baseAddress } from './base.ts'
import {
  type Answer,
  type Call,
  faultTaker,
  InvalidData,
  type Route,
  type SandboxContext,
  WireError,
} from './call.ts'
import { permits } from './schools.ts'
import { identify } from './tokens.ts'

export type Serving = { context: SandboxContext; log: RequestLog }

const common = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-cache, private',
  vary: 'Authorization,User-Agent',
  'access-control-allow-origin': '*',
}

const maintenance =
  '<!doctype html><html><head><title>Maintenance</title></head><body><h1>Back soon</h1></body></html>'

/** Serves one address with its methods; `route` null is an address that is none. */
export async function serve(
  { context, log }: Serving,
  route: Route | null,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Promise<void> {
  reply.hijack()
  const begun = performance.now()
  const url = new URL(request.raw.url ?? '/', 'http://sandbox')
  const path = url.pathname.replace(/^\/v1\.0/, '').replace(/\/+$/, '')
  const at = new Date(context.now()).toISOString()
  const asked = log.open({ at, method: request.method, path: `/v1.0${path}`, query: url.search.slice(1) })
  const response = reply.raw
  response.on('close', () => {
    asked.ms ??= Math.round(performance.now() - begun)
  })
  try {
    await answer({ context, route, request, response, asked, path, query: url.searchParams })
  } catch (error) {
    fail(error, response, asked)
  }
}

type Exchange = {
  context: SandboxContext
  route: Route | null
  request: FastifyRequest
  response: ServerResponse
  asked: Asked
  path: string
  query: URLSearchParams
}

async function answer(exchange: Exchange): Promise<void> {
  const { context, route, request, response, asked, path, query } = exchange
  const { world } = context.store
  const caller = identify(world, request.headers.authorization)
  const params = request.params as Record<string, string>
  const school = schoolOf(context, route, params)
  asked.by = caller?.kind ?? 'nobody'
  asked.school = school?.id ?? null
  if (caller === null) throw new WireError(401, 'unauthenticated', 'The token is missing or wrong.')
  if (route === null) throw new WireError(404, 'not_found', 'There is nothing at this address.')
  const operation = route.methods[request.method]
  if (operation === undefined)
    throw new WireError(405, 'invalid_parameter', 'This address has no such method.')
  const call: Call = {
    context,
    caller,
    method: request.method,
    path,
    params,
    query,
    body: typeof request.body === 'string' && request.body !== '' ? request.body : null,
    base: baseAddress(context.publicUrl, request.headers),
    now: context.now(),
    fault: () => null,
  }
  if (operation.of === 'root') {
    if (school === null || path.startsWith('/schools')) return send(response, asked, operation.run(call))
    // A write-back belongs to a school, and so to its faults.
    const aim = { resource: 'writebacks', method: call.method, hasInclude: false } as const
    call.fault = faultTaker(context.store, school, aim, ({ kind }) => (asked.fault = kind))
    return withFaults(exchange, call, () => operation.run(call))
  }
  if (school === null) {
    const refused = world.others.some(({ id }) => id === params['id'])
    if (refused) throw new WireError(403, 'forbidden', 'The school has not approved this application.')
    throw new WireError(404, 'not_found', 'There is no such school.')
  }
  if (caller.kind === 'school' && caller.school !== school) {
    throw new WireError(403, 'forbidden', 'This token does not reach that school.')
  }
  if (school.access !== 'approved') {
    throw new WireError(403, 'forbidden', 'The school has not approved this application.')
  }
  const { resource, permission, run } = operation
  const aim = { resource, method: call.method, hasInclude: query.has('include') }
  call.fault = faultTaker(context.store, school, aim, ({ kind }) => (asked.fault = kind))
  await withFaults(exchange, call, () => {
    if (permission !== null && !permits(school, permission)) {
      throw new WireError(403, 'permission_required', `The school did not give the permission ${permission}.`)
    }
    return run({ ...call, school })
  })
}

/** The school of ours that an address speaks of. */
function schoolOf(
  context: SandboxContext,
  route: Route | null,
  params: Record<string, string>,
): School | null {
  const id = params['id']
  if (route === null || id === undefined) return null
  if (route.path.startsWith('/writebacks')) return schoolOfWriteback(context, id)
  return findSchool(context.store.world, id) ?? null
}

/** Faults before, the work, faults after. */
async function withFaults(
  { context, response, asked }: Exchange,
  call: Call,
  work: () => Answer,
): Promise<void> {
  const slow = call.fault('slow')
  if (slow !== null && !(await pause(faultMs(slow), response))) return
  const stop = call.fault(...stopKinds)
  if (stop !== null) return stopWith(stop, call, { response, asked })
  call.now = context.now()
  const lost = call.fault('timeout-after')
  const done = work()
  if (lost !== null) {
    await pause(faultMs(lost), response)
    response.destroy()
    return
  }
  send(response, asked, done, call.fault('cut-json') !== null)
}

/** False if the asker gave up meanwhile. */
async function pause(ms: number, response: ServerResponse): Promise<boolean> {
  const gone = new AbortController()
  const onClose = () => gone.abort()
  response.on('close', onClose)
  try {
    await wait(ms, undefined, { signal: gone.signal })
    return true
  } catch {
    return false
  } finally {
    response.off('close', onClose)
  }
}

async function stopWith(
  fault: Fault,
  { query }: Call,
  { response, asked }: { response: ServerResponse; asked: Asked },
): Promise<void> {
  switch (fault.kind) {
    case 'down':
      response.destroy()
      return
    case 'timeout-before':
      await pause(faultMs(fault), response)
      response.destroy()
      return
    case 'html':
      response.writeHead(200, { ...common, 'content-type': 'text/html; charset=utf-8' }).end(maintenance)
      asked.status = 200
      return
    case '429':
      response.setHeader('retry-after', String(Math.ceil(faultMs(fault) / 1_000)))
      throw refusals['429']()
    case '400':
      throw query.has('include')
        ? new WireError(400, 'invalid_include', `The include ${query.get('include')} is not available here.`)
        : new WireError(400, 'invalid_parameter', 'The request is not understood.')
    default:
      throw (refusals[fault.kind] ?? refusals['500'])()
  }
}

const code = 'The attendance code does not exist at this school.'
const tooMany = () => new WireError(429, 'too_many_requests', 'Too many requests. Wait, then ask again.')
const refusals = {
  '401': () => new WireError(401, 'unauthenticated', 'The token is missing or wrong.'),
  '403': () => new WireError(403, 'forbidden', 'The school has not approved this application.'),
  '422': () => new InvalidData({ 'attendance.0.attendance_code_id': [code] }),
  '423': () => new WireError(423, 'school_inactive', 'The school is not active.'),
  '429': tooMany,
  '429-no-retry-after': tooMany,
  '500': () => new WireError(500, 'server_error', 'Something went wrong.'),
  '503': () => new WireError(503, 'server_error', 'Down for maintenance.'),
} as Record<string, () => WireError> & Record<'429' | '500', () => WireError>

/** JSON as PHP prints it, slashes escaped (§1.4); cut in the middle if told so, with nothing else to show for it. */
function send(response: ServerResponse, asked: Asked, { status = 200, body }: Answer, cut = false): void {
  if (response.destroyed) return
  const text = JSON.stringify(body).replaceAll('/', '\\/')
  const bytes = Buffer.from(cut ? text.slice(0, Math.ceil(text.length / 2)) : text)
  asked.status = status
  response.writeHead(status, { ...common, 'content-length': bytes.length }).end(bytes)
}

function fail(error: unknown, response: ServerResponse, asked: Asked): void {
  const known = error instanceof WireError
  if (!known) console.error(error)
  const { status, body } = known ? error : refusals['500']()
  send(response, asked, { status, body })
}
