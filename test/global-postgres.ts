/** One PostgreSQL for the whole run, with a migrated database that every `testDatabase()` is a copy of. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '../server/core/db/migrate.ts'
import { startJobs } from '../server/core/jobs.ts'
import { createLog } from '../server/core/log.ts'
import { startEmbeddedPostgres } from '../server/core/postgres/launcher.ts'
import { announce } from './postgres.ts'

/**
 * Global set-up of vitest, and of Playwright should a journey want it: starts the server, returns what ends it.
 * With TEST_POSTGRES=15 it is the oldest version we support, from Debian's package; else the embedded one.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const dir = await mkdtemp(join(tmpdir(), 'erb-test-'))
  const remove = () => rm(dir, { recursive: true, force: true })
  try {
    const server = await startEmbeddedPostgres({
      dataDir: join(dir, 'data'),
      ...(process.env['TEST_POSTGRES'] === '15' ? { binDir: '/usr/lib/postgresql/15/bin' } : {}),
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
    announce({ template: server.connection, superuser: server.superuser })
    return teardown
  } catch (error) {
    await remove()
    throw error
  }
}
