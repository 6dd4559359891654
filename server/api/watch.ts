/** For machines that watch: alive, ready, and counts by kind; never a name (contract §3.7). */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { z } from 'zod'
import type { App } from '../app.ts'
import { type Router, route } from '../core/http/route.ts'
import { allSiteIds } from '../sites/sites.ts'
import { countByState } from '../write-backs/store.ts'

const health = z.object({ status: z.literal('ok') })
const readiness = z.object({ ready: z.boolean(), checks: z.record(z.string(), z.boolean()) })

export function watchRoutes(app: App, router: Router, workerSeen: () => boolean): void {
  route(router, {
    method: 'GET',
    path: '/healthz',
    access: 'anyone',
    tag: 'Watching',
    summary: 'The process is alive',
    reply: health,
    handle: async () => ({ status: 'ok' }),
  })
  route(router, {
    method: 'GET',
    path: '/readyz',
    access: 'anyone',
    tag: 'Watching',
    summary: 'Database, migrations and worker are there',
    reply: readiness,
    async handle({ reply }) {
      const checks = { ...(await checkDatabase(app)), worker: workerSeen() }
      const ready = Object.values(checks).every(Boolean)
      if (!ready) void reply.code(503).send({ ready, checks })
      return { ready, checks }
    },
  })
  metricsRoute(app, router)
}

async function checkDatabase(app: App): Promise<{ database: boolean; migrations: boolean }> {
  try {
    const { rows } = await app.db.pool.query<{ n: number }>('select count(*)::int as n from system.migration')
    return { database: true, migrations: (rows[0]?.n ?? 0) > 0 }
  } catch {
    return { database: false, migrations: false }
  }
}

function metricsRoute(app: App, router: Router): void {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'erb_http_requests_total',
    help: 'Requests by method, route and status',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'erb_http_request_seconds',
    help: 'Time of requests by method and route',
    labelNames: ['method', 'route'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  })
  const counted = { at: Number.NEGATIVE_INFINITY }
  const marks = new Gauge({
    name: 'erb_write_backs',
    help: 'Marks owed by state, over all sites, counted at most every 15 seconds',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      if (performance.now() - counted.at < 15_000) return
      counted.at = performance.now()
      const totals = await countMarks(app)
      this.reset()
      for (const [state, n] of totals) this.set({ state }, n)
    },
  })
  void marks
  router.http.addHook('onResponse', async (request, reply) => {
    const path = request.routeOptions.url ?? 'none'
    requests.inc({ method: request.method, route: path, status: String(reply.statusCode) })
    seconds.observe({ method: request.method, route: path }, reply.elapsedTime / 1000)
  })
  router.http.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    void reply.type(registry.contentType)
    return await registry.metrics()
  })
}

async function countMarks(app: App): Promise<Map<string, number>> {
  const totals = new Map<string, number>()
  for (const siteId of await app.db.system(allSiteIds))
    for (const { state, n } of await app.db.read(siteId, (db) => countByState(db)))
      totals.set(state, (totals.get(state) ?? 0) + n)
  return totals
}
