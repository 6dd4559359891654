import { existsSync } from 'node:fs'

/** The browser on this machine, by CHROMIUM_PATH or where packages put it; null where there is none. */
export function findBrowser(): string | null {
  const places = [
    process.env['CHROMIUM_PATH'],
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ]
  return places.find((path) => path !== undefined && existsSync(path)) ?? null
}

/** What chromium is started with: nothing that calls home, and no sandbox, which root has not. */
export const browserFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
