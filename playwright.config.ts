/** The journeys in a real browser: Debian's chromium, found on disk; Playwright downloads nothing. */
import { defineConfig } from '@playwright/test'
import { browserFlags, findBrowser } from './scripts/browser.ts'

export default defineConfig({
  testDir: 'test/e2e',
  workers: 1,
  retries: 0,
  timeout: 90_000,
  forbidOnly: Boolean(process.env['CI']),
  reporter: [
    ['list'],
    ['json', { outputFile: process.env['BROWSER_RESULTS'] ?? 'test-results/browser.json' }],
  ],
  outputDir: 'test-results/browser',
  use: { launchOptions: { executablePath: findBrowser() ?? '/usr/bin/chromium', args: browserFlags } },
})
