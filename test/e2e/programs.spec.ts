/** A journey: an administrator gives a program a token, it uses it, and is refused once the token is revoked. */
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { freePort } from '../free-port.ts'
import { accessible, end, start } from './started.ts'

let folder: string
let server: ChildProcess | undefined
let setUp: URL

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'erb-programs-'))
  const env = { DATA_DIR: folder, PORT: String(await freePort()), LOG_LEVEL: 'warn' }
  const started = await start('server/main.ts', env, /http:\/\/\S+\/set-up\?key=\S+/)
  server = started.child
  setUp = new URL(started.said[0])
})
test.afterAll(async () => {
  if (server !== undefined) await end(server)
  rmSync(folder, { recursive: true, force: true })
})

test('a token is made, shown once, used, and revoked', async ({ page, context }) => {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  const api = `${setUp.origin}/api/v1`
  const opened = await page.request.post(`${api}/set-up`, {
    data: {
      ...{ key: setUp.searchParams.get('key'), name: 'Priya Dunmore', email: 'priya@school.example' },
      ...{ password: 'a long password', siteName: 'Hillcrest Primary', phase: 'primary' },
    },
  })
  expect(opened.status()).toBe(201)
  const site = ((await opened.json()) as { sites: { id: string }[] }).sites[0]!.id

  await page.goto(`${setUp.origin}/sites/${site}/settings`)
  await page.getByRole('link', { name: 'Other programs' }).click()
  await expect(page.getByRole('heading', { name: 'No program has a token' })).toBeVisible()
  const docs = page.getByRole('link', { name: 'How a program talks to this book' })
  expect((await page.request.get(setUp.origin + (await docs.getAttribute('href')))).status()).toBe(200)
  await accessible(page)

  await page.getByRole('button', { name: 'Make a token' }).click()
  const form = page.getByRole('dialog')
  await expect(form.getByRole('button', { name: 'Make the token' })).toBeDisabled()
  await form.getByLabel('Which program is it for?').fill('Timetable program')
  await form.getByLabel('See pupils and staff', { exact: true }).check()
  await accessible(page)
  await form.getByRole('button', { name: 'Make the token' }).click()
  const shown = page.getByRole('textbox', { name: 'Token' })
  const token = await shown.inputValue()
  expect(token.length).toBeGreaterThan(30)
  await accessible(page)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Copy', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Copied', exact: true })).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token)
  // A stray key does not lose it.
  await page.keyboard.press('Escape')
  await expect(shown).toBeVisible()
  await page.getByRole('button', { name: 'I have copied it' }).click()
  await expect(shown).toBeHidden()
  expect(await page.content()).not.toContain(token)

  const ask = async (path: string) =>
    (await fetch(`${api}/sites/${site}${path}`, { headers: { authorization: `Bearer ${token}` } })).status
  await expect(page.getByText('never used')).toBeVisible()
  expect(await ask('/students')).toBe(200)
  expect(await ask('/movements')).toBe(403)
  await page.reload()
  await expect(page.getByText('last used just now')).toBeVisible()
  await page.setViewportSize({ width: 390, height: 844 })
  await accessible(page)
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(wide).toBeLessThanOrEqual(0)

  await page.getByRole('button', { name: 'Revoke Timetable program' }).click()
  await page.getByRole('button', { name: 'Revoke', exact: true }).click()
  await expect(page.getByText('revoked on')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Revoke Timetable program' })).toBeHidden()
  expect(await ask('/students')).toBe(401)
  expect(faults).toEqual([])
})
