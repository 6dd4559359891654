/** One PostgreSQL for the whole run, with a migrated database that every `testDatabase()` is a copy of. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { migrate } from '../server/core/db/migrate.ts'
import { startJobs } from '../server/core/jobs.ts'
import { createLog } from '../server/core/log.ts'
import { type SocketConnection, startEmbeddedPostgres } from '../server/core/postgres/launcher.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The template database, as its superuser and as the ordinary role. */
    postgres: { template: SocketConnection; superuser: SocketConnection }
  }
}

/** With TEST_POSTGRES=15 the oldest version we support, from Debian's package; else the embedded one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = await mkdtemp(join(tmpdir(), 'erb-test-'))
  const remove = () => rm(dir, { recursive: true, force: true })
  try {
    const server = await startEmbeddedPostgres({
      dataDir: join(dir, 'data'),
      ...(process.env.TEST_POSTGRES === '15' ? { binDir: '/usr/lib/postgresql/15/bin' } : {}),
      fsync: false,
      database: 'template_erb',
      // Every test's server has pools of its own.
      extraSettings: { max_connections: '400', autovacuum: 'off' },
    })
    const teardown = () => server.stop().finally(remove)
    try {
      await migrate(server.connection)
      await (await startJobs(server.connection, createLog('silent'))).stop()
    } catch (error) {
      await teardown()
      throw error
    }
    project.provide('postgres', { template: server.connection, superuser: server.superuser })
    return teardown
  } catch (error) {
    await remove()
    throw error
  }
}
