/** The API's own pages: the OpenAPI document and a readable form of it; neither needs a token (contract §5 Calls). */
import scalar from '@scalar/fastify-api-reference'
import type { FastifyInstance } from 'fastify'

/** The readable page brings its script from here, and nothing from anywhere else. */
const pageOnly = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
].join('; ')

export async function docsPages(http: FastifyInstance): Promise<void> {
  http.get('/api/v1/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    void reply.header('access-control-allow-origin', '*')
    return http.swagger()
  })
  await http.register(async (scope) => {
    scope.addHook('onSend', async (_request, reply) => {
      void reply.header('content-security-policy', pageOnly)
    })
    await scope.register(scalar, {
      routePrefix: '/api/docs',
      configuration: {
        url: '/api/v1/openapi.json',
        withDefaultFonts: false,
        telemetry: false,
        hideClientButton: true,
        pageTitle: 'e-Reception Book API',
      },
    })
  })
}
