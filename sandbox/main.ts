/** `npm run sandbox`: the MIS sandbox alone (contract §1). */
import { startSandbox } from './sandbox.ts'
import { readSettings, SettingError } from './settings.ts'

async function start() {
  const settings = readSettings(process.env)
  try {
    return await startSandbox(settings)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const { port, host } = settings
    if (code === 'EADDRINUSE') {
      throw new SettingError(
        'SANDBOX_PORT',
        `port ${port} is in use`,
        'Stop what uses it, or give another port.',
      )
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EACCES') {
      throw new SettingError(
        'HOST, SANDBOX_PORT',
        `cannot listen on ${host}:${port}`,
        'Give an address of this machine.',
      )
    }
    throw error
  }
}

try {
  const sandbox = await start()
  console.log(`MIS sandbox: ${sandbox.url}  (practice data only)`)
  console.log(`Wire:        ${sandbox.baseUrl}`)
  console.log(`Application token, for all schools: ${sandbox.applicationToken}\n`)
  for (const { id, token, mis, name } of sandbox.schools)
    console.log(`${id}  ${token}  ${mis.padEnd(12)} ${name}`)
  const stop = () => {
    // What hangs on purpose must not keep it from ending.
    setTimeout(() => process.exit(0), 5_000).unref()
    void sandbox.close().then(() => process.exit(0))
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
