/**
 * The MIS sandbox: ten simulated schools behind a server that answers like Wonde, a control API and a trainer's page
 * (contract §4). It stands alone and knows nothing of the product that it is there to try.
 */
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import Fastify from 'fastify'
import { mountControl } from './control/routes.ts'
import { mountPage } from './page/page.ts'
import { createRequestLog } from './state/requests.ts'
import { openStore, type Store } from './state/store.ts'
import type { SandboxContext } from './wire/call.ts'
import { mountWire } from './wire/wire.ts'

export type SandboxOptions = {
  /** 0 takes any that is free. */
  port: number
  host?: string
  /** The state lives in its folder `sandbox`; null: in memory only. */
  dataDir?: string | null
  /** The address by which others reach it, for `next` and `region.domain`; else what each request says. */
  publicUrl?: string | null
  /** With a key the control API is open to whoever has it, else to this machine only. */
  controlKey?: string | null
  /** What a new state is made of; one that is there keeps its own. */
  seed?: number | string
  now?: () => Date
  /** Until a mark from outside is seen through the wire. */
  delayMs?: number
}

export type Sandbox = {
  url: string
  /** Ends in /v1.0. */
  baseUrl: string
  applicationToken: string
  schools: { id: string; name: string; mis: string; phase: string; token: string }[]
  close(): Promise<void>
}

/** Starts it; rejects, with nothing begun, if the port is in use. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { port, host = '127.0.0.1', dataDir = null, controlKey = null, seed = 1, delayMs = 500 } = options
  const { publicUrl = null, now = () => new Date() } = options
  const http = Fastify({
    routerOptions: { ignoreTrailingSlash: true },
    forceCloseConnections: true,
    // Longer than clients keep an idle line, so that none is closed under a request.
    keepAliveTimeout: 75_000,
    bodyLimit: 4 * 1_024 * 1_024,
  })
  const store: { current: Store | null } = { current: null }
  const context: SandboxContext = {
    get store() {
      if (store.current === null) throw new Error('The sandbox is not open yet.')
      return store.current
    },
    now: () => now().getTime(),
    delayMs,
    publicUrl: publicUrl === null ? null : new URL(publicUrl),
  }
  const log = createRequestLog()
  await http.register(async (wire) => mountWire(wire, { context, log }), { prefix: '/v1.0' })
  await http.register(async (control) => mountControl(control, { context, log, controlKey }), {
    prefix: '/control',
  })
  mountPage(http)
  await http.listen({ port, host })
  // After the port is ours: a second sandbox must not touch the first one's state.
  try {
    store.current = openStore({
      folder: dataDir === null ? null : join(dataDir, 'sandbox'),
      seed: String(seed),
    })
  } catch (error) {
    await http.close()
    throw error
  }
  const { world } = store.current
  const address = http.server.address() as AddressInfo
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
  return {
    url,
    baseUrl: `${url}/v1.0`,
    applicationToken: world.applicationToken,
    schools: world.schools.map(({ id, token, plan }) => ({
      id,
      name: plan.name,
      mis: plan.system.mis,
      phase: plan.phase,
      token,
    })),
    async close() {
      await http.close()
      store.current?.close()
    },
  }
}
