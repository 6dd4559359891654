/** The two pages, dashboard and kiosk, from the built files; anything else is 404, as JSON under /api. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import compress from '@fastify/compress'
import files from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { builtWeb } from './core/built-web.ts'
import { AppError } from './core/errors.ts'

/** Dashboard addresses are made by the page itself, so that a deep link starts the page. */
export async function pages(http: FastifyInstance, folder = builtWeb): Promise<void> {
  await http.register(compress, { global: true, threshold: 1024 })
  if (existsSync(join(folder, 'assets')))
    await http.register(files, {
      root: join(folder, 'assets'),
      prefix: '/assets/',
      index: false,
      maxAge: '365d',
      immutable: true,
    })
  const page = (name: string) => (reply: FastifyReply) => {
    const file = join(folder, name)
    if (!existsSync(file))
      throw new AppError(503, 'pages.not_built', 'The pages are not built yet. Run: npm run build')
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(readFileSync(file))
  }
  const kiosk = page('kiosk.html')
  const dashboard = page('index.html')
  const hidden = { schema: { hide: true } as never }
  http.get('/kiosk', hidden, (_request, reply) => kiosk(reply))
  http.get('/kiosk-service-worker.js', hidden, (_request, reply) => {
    const file = join(folder, 'kiosk-service-worker.js')
    if (!existsSync(file)) throw new AppError(404, 'not_found', 'There is no such page.')
    return reply
      .type('text/javascript; charset=utf-8')
      .header('cache-control', 'no-cache')
      .header('service-worker-allowed', '/kiosk')
      .send(readFileSync(file))
  })
  http.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!
    const wantsPage =
      request.method === 'GET' && !path.startsWith('/api/') && !path.includes('.') && path !== '/api'
    if (wantsPage) return dashboard(reply)
    return reply
      .code(404)
      .type('application/json')
      .send(JSON.stringify({ error: { code: 'not_found', message: 'There is nothing at this address.' } }))
  })
}
