/** A journey: a school reads what the MIS option is, orders it, confirms it on its own installation, and prints it. */
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { freePort } from '../free-port.ts'
import { accessible, end, start } from './started.ts'

let folder: string
let server: ChildProcess | undefined
let setUp: string

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'erb-licence-'))
  const env = { DATA_DIR: folder, PORT: String(await freePort()), LOG_LEVEL: 'warn' }
  const started = await start('server/main.ts', env, /http:\/\/\S+\/set-up\?key=\S+/)
  server = started.child
  setUp = started.said[0]
})
test.afterAll(async () => {
  if (server !== undefined) await end(server)
  rmSync(folder, { recursive: true, force: true })
})

async function makeSite(page: Page): Promise<string> {
  const key = new URL(setUp).searchParams.get('key')
  const made = await page.request.post(`${new URL(setUp).origin}/api/v1/set-up`, {
    data: {
      ...{ key, name: 'Priya Dunmore', email: 'priya@school.example', password: 'a long password' },
      ...{ siteName: 'Hillcrest Primary', phase: 'primary' },
    },
  })
  expect(made.status()).toBe(201)
  return ((await made.json()) as { sites: { id: string }[] }).sites[0]!.id
}

test('from “not ordered” to the printed confirmation', async ({ page }) => {
  const faults: string[] = []
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
  page.on('pageerror', (error) => faults.push(error.message))
  const site = await makeSite(page)
  const at = (path: string) => `${new URL(setUp).origin}/sites/${site}${path}`

  await page.goto(at('/mis'))
  await expect(page.getByText('MIS integration is not ordered.')).toBeVisible()
  await page.getByRole('link', { name: 'See what it is and costs' }).click()
  await expect(page.getByRole('row', { name: /RM Integris/ })).toContainText('No')
  await expect(page.getByText('Total')).toBeVisible()
  await accessible(page)

  // What is missing is said at its field, and nothing is ordered.
  await page.getByLabel('Invoice address').fill('   ')
  await page.getByRole('button', { name: 'Order for £144.00' }).click()
  await expect(page.getByText('must not be empty')).toBeVisible()
  await page.getByLabel('Invoice address').fill('Hillcrest Primary\nFinance\nHull HU1 1AA')
  await page.getByRole('button', { name: 'Order for £144.00' }).click()
  await expect(page.getByRole('heading', { name: /Order ERB-/ })).toBeVisible()
  await accessible(page)

  const href = await page.getByRole('link', { name: 'Print' }).getAttribute('href')
  await page.getByRole('button', { name: 'Confirm the order' }).click()
  await expect(page.getByText('Renew for twelve months')).toBeVisible()
  await expect(page.getByRole('row', { name: /ERB-.*Confirmed/ })).toBeVisible()
  const pdf = await page.request.get(`${new URL(setUp).origin}${href}`)
  expect(pdf.headers()['content-type']).toBe('application/pdf')

  await page.goto(at('/settings/outbox'))
  await expect(page.getByText('No mail server is set up')).toBeVisible()
  await page.getByText(/^Confirmed: MIS integration/).click()
  await expect(page.getByText('Your order is confirmed.')).toBeVisible()
  await accessible(page)

  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(at('/mis/licence'))
  await expect(page.getByText('Renew for twelve months')).toBeVisible()
  const wide = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(wide).toBeLessThanOrEqual(390)
  // The browser itself logs every 4xx: nothing linked yet (404), and the field that was left empty (422).
  expect(faults.filter((text) => !/status of (404|422)/.test(text))).toEqual([])
})
