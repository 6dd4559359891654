/**
 * `npm run dev`: the demo, started again at each change of its code, and before it the pages as they are written.
 * PORT and SANDBOX_PORT as ever; the pages are on WEB_PORT, else 5173.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createServer } from 'vite'

const root = join(import.meta.dirname, '..')

async function main(): Promise<void> {
  process.env['API_URL'] = `http://127.0.0.1:${process.env['PORT'] || 3000}`
  const vite = await createServer({
    configFile: join(root, 'web/vite.config.ts'),
    clearScreen: false,
    server: { host: '127.0.0.1', port: Number(process.env['WEB_PORT'] || 5173), strictPort: true },
  })
  await vite.listen()
  const words = [
    '--watch',
    '--watch-preserve-output',
    join(root, 'scripts/demo.ts'),
    ...process.argv.slice(2),
  ]
  const book = spawn(process.execPath, words, {
    stdio: 'inherit',
    env: { ...process.env, PAGES_BY_VITE: '1' },
  })
  const over = new Promise<void>((resolve) => book.once('exit', () => resolve()))
  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    book.kill('SIGTERM')
    await Promise.all([over, vite.close()])
    process.exit()
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop())
  void over.then(stop)
  console.log(`Pages with reload: ${vite.resolvedUrls?.local[0]} and ${vite.resolvedUrls?.local[0]}kiosk`)
}

main().catch((error: Error) => {
  console.error(error.message)
  process.exit(1)
})
