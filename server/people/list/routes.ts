import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import * as wire from '../../../shared/people.ts'
import type { App } from '../../app.ts'
import { AppError } from '../../core/errors.ts'
import { type Router, route } from '../../core/http/route.ts'
import { importList } from './list.ts'

const path = '/sites/:site/employees/import'
const mostBytes = 8 * 1024 * 1024
/** As browsers and programs name them; what it is, the file itself says. */
const fileTypes = [
  'text/csv',
  'application/csv',
  'text/tab-separated-values',
  'text/plain',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.ms-excel',
  'application/octet-stream',
]

/** The bytes of a request; its body is only their digest, so that a repeat with the same key is known by it. */
const files = new WeakMap<FastifyRequest, Buffer>()

export function listRoutes(app: App, router: Router): void {
  router.http.addContentTypeParser<Buffer>(
    fileTypes,
    { parseAs: 'buffer', bodyLimit: mostBytes },
    (request, body, done) => {
      if (request.routeOptions.url !== `/api/v1${path}`)
        return done(
          new AppError(400, 'request.not_json', 'Send the body as JSON, with content-type application/json.'),
        )
      files.set(request, body)
      done(null, { sha256: createHash('sha256').update(body).digest('hex') })
    },
  )
  route(router, {
    method: 'POST',
    path,
    access: 'people.write',
    tag: 'Employees',
    summary: `The school's own list, as CSV or XLSX with the columns of the template; dryRun=true only tells`,
    query: wire.listQueryOf,
    reply: wire.listReply,
    async handle({ siteId, query, request }) {
      const file = files.get(request)
      if (file === undefined || file.length === 0)
        throw new AppError(
          415,
          'people.not_a_list',
          'Send the list itself as the body, as text/csv or as an XLSX workbook.',
        )
      return await importList(app, siteId, { file, dryRun: query.dryRun === 'true' })
    },
  })
}
