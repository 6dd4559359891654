/** The wire, mounted: `/v1.0/…`, with or without a slash at the end, never a redirect (wonde-api.md §1.5). */
import type { FastifyInstance } from 'fastify'
import { routes } from './routes.ts'
import { serve, type Serving } from './serve.ts'

export function mountWire(http: FastifyInstance, serving: Serving): void {
  // A body is whatever came: official clients send JSON without saying so, empty bodies, and bodies with DELETE.
  http.removeAllContentTypeParsers()
  http.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  http.setErrorHandler((error: { statusCode?: number; message: string }, _request, reply) => {
    const { statusCode = 500, message } = error
    if (statusCode >= 500) console.error(error)
    const told = statusCode >= 500 ? 'Something went wrong.' : message
    return reply
      .code(statusCode)
      .send({ error: statusCode >= 500 ? 'server_error' : 'invalid_parameter', message: told })
  })
  for (const route of routes) {
    http.all(route.path === '' ? '/' : route.path, (request, reply) =>
      serve(serving, route, { request, reply }),
    )
  }
  http.setNotFoundHandler((request, reply) => serve(serving, null, { request, reply }))
}
