/** The trainer's page: a few files and a typeface, under a policy that lets nothing else in. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { FastifyInstance } from 'fastify'

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const here = (name: string) => readFileSync(new URL(name, import.meta.url))
const typeface = () =>
  readFileSync(
    createRequire(import.meta.url).resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'),
  )

/** Read at the start, so that what is missing shows then. */
export function mountPage(http: FastifyInstance): void {
  const files: [path: string, type: string, content: Buffer][] = [
    ['/', 'text/html; charset=utf-8', here('page.html')],
    ['/tokens.css', 'text/css; charset=utf-8', here('tokens.css')],
    ['/page.css', 'text/css; charset=utf-8', here('page.css')],
    ['/register.css', 'text/css; charset=utf-8', here('register.css')],
    ['/page.js', 'text/javascript; charset=utf-8', here('page.js')],
    ['/faults.js', 'text/javascript; charset=utf-8', here('faults.js')],
    ['/words.js', 'text/javascript; charset=utf-8', here('words.js')],
    ['/icon.svg', 'image/svg+xml', here('icon.svg')],
    ['/inter.woff2', 'font/woff2', typeface()],
  ]
  for (const [path, type, content] of files) {
    http.get(path, (_request, reply) =>
      reply
        .headers({
          'content-type': type,
          'content-security-policy': policy,
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
          'cache-control': path === '/inter.woff2' ? 'max-age=86400' : 'no-cache',
        })
        .send(content),
    )
  }
}
