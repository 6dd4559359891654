/** `npm start`: the real thing. Exit 1 with one clear line where it cannot start. */
import { createLog } from './core/log.ts'
import { readSettings } from './core/settings.ts'
import { setUpLink, startServer } from './start.ts'

async function main(): Promise<void> {
  const settings = readSettings(process.env)
  const log = createLog(settings.logLevel)
  const running = await startServer({
    settings,
    log,
    env: process.env,
    onLost(error) {
      log.fatal({ err: error }, 'the database is lost')
      process.exit(1)
    },
  })
  let stopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (stopping) return
      stopping = true
      // Whatever hangs, the process is gone within the ten seconds it promises.
      setTimeout(() => process.exit(1), 9_000).unref()
      void running.stop().then(() => process.exit(0))
    })
  if (running.address !== null) {
    console.log(`e-Reception Book is ready on ${settings.publicUrl}`)
    const link = await setUpLink(running.app)
    if (link !== null) console.log(`Set it up once, here: ${link}`)
  } else console.log('e-Reception Book is working (no web role here)')
}

main().catch((error: Error) => {
  console.error(
    ['Error', 'SettingError', 'AlreadyRunning', 'BeingRestored'].includes(error.name) ? error.message : error,
  )
  process.exit(1)
})
