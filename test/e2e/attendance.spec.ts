/** A journey without a MIS: own reasons, a short Friday, who is written to, a leaver who is expected back, reports. */
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { freePort } from '../free-port.ts'
import { accessible, end, start } from './started.ts'

let folder: string
let server: ChildProcess | undefined
let setUp: URL

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'erb-attendance-'))
  const env = { DATA_DIR: folder, PORT: String(await freePort()), LOG_LEVEL: 'warn' }
  const started = await start('server/main.ts', env, /http:\/\/\S+\/set-up\?key=\S+/)
  server = started.child
  setUp = new URL(started.said[0])
})
test.afterAll(async () => {
  if (server !== undefined) await end(server)
  rmSync(folder, { recursive: true, force: true })
})

async function makeSite(page: Page): Promise<string> {
  const api = `${setUp.origin}/api/v1`
  const made = await page.request.post(`${api}/set-up`, {
    data: {
      ...{ key: setUp.searchParams.get('key'), name: 'Jo Halloran', email: 'jo@school.example' },
      ...{ password: 'a long password', siteName: 'Hillcrest Academy', phase: 'secondary' },
    },
  })
  expect(made.status()).toBe(201)
  const me = (await made.json()) as { sites: { id: string }[]; csrfToken: string }
  const site = me.sites[0]!.id
  for (const [forename, surname] of [
    ['Amara', 'Okonjo-Bell'],
    ['Siân', 'O’Dowd'],
  ]) {
    const data = { forename, surname, yearGroup: 'Year 8', regGroup: '8K' }
    const headers = { 'x-csrf-token': me.csrfToken }
    expect((await page.request.post(`${api}/sites/${site}/students`, { data, headers })).status()).toBe(201)
  }
  return site
}

test('from own reasons to the report of who left early', async ({ page }) => {
  const faults: string[] = []
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
  page.on('pageerror', (error) => faults.push(error.message))
  // Half-faded words have half their contrast.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const site = await makeSite(page)
  const at = (path: string) => `${setUp.origin}/sites/${site}${path}`

  await page.goto(at('/settings/reasons'))
  await page.getByRole('radio', { name: /Our own reasons/ }).click()
  await page.getByRole('button', { name: 'Offer them' }).click()
  const rows = page.getByRole('table').getByRole('row')
  await expect(rows.nth(1)).toContainText('Traffic or transport')
  await page.getByRole('button', { name: 'More about Traffic or transport' }).click()
  await page.getByRole('menuitem', { name: 'Move down' }).click()
  await expect(rows.nth(2)).toContainText('Traffic or transport')
  await page.getByRole('button', { name: 'More about Family' }).click()
  await page.getByRole('menuitem', { name: 'Archive' }).click()
  await page.getByRole('button', { name: /^Archived/ }).click()
  await page.getByRole('button', { name: /^Bring back/ }).click()
  await expect(page.getByText('Nothing is archived')).toBeVisible()
  await accessible(page)

  await page.goto(at('/settings'))
  await page.getByRole('button', { name: 'Add a day' }).click()
  const day = page.getByRole('dialog')
  await expect(day.getByLabel('Day', { exact: true })).toHaveValue('Friday')
  await day.getByLabel('The day ends').fill('12:30')
  await day.getByRole('button', { name: 'Save' }).click()
  await expect(day.getByText(/must not be before/)).toBeVisible()
  const afternoon = day.getByRole('group', { name: 'Afternoon register' })
  await afternoon.getByLabel('Opens').fill('11:30')
  await afternoon.getByLabel('Late from').fill('11:35')
  await afternoon.getByLabel('Closes').fill('11:50')
  await day.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('08:45 to 12:30. Registers close at 09:15 and 11:50.')).toBeVisible()
  await accessible(page)

  await page.goto(at('/settings/messages'))
  await page.getByRole('combobox', { name: 'To' }).fill('office@school.example')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved.')).toBeVisible()
  await accessible(page)

  await page.goto(at('/today?add=early-leave'))
  await page.getByLabel('Back at').fill('23:59')
  await page.getByRole('combobox', { name: 'Name' }).fill('sian')
  // Enter takes what is listed: so wait for it, and for the book to have it before the panel closes.
  await expect(page.getByRole('option', { name: /Siân/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await page.getByRole('combobox', { name: 'Reason' }).fill('appoint')
  await expect(page.getByRole('option', { name: /Appointment/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Just entered' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('heading', { name: /Expected back/ })).toBeVisible()
  await accessible(page)

  await page.goto(at('/reports?report=early-leaves'))
  await expect(page.getByRole('row', { name: /O’Dowd, Siân/ })).toContainText('Appointment')
  await accessible(page)
  await page.getByRole('button', { name: 'Download' }).click()
  const csv = page.getByRole('menuitem', { name: 'CSV' })
  const file = await page.request.get(`${setUp.origin}${await csv.getAttribute('href')}`)
  expect(await file.text()).toContain('"O’Dowd","Siân"')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Late arrivals' }).click()
  await expect(page.getByText('Nobody came late in these days')).toBeVisible()

  await page.goto(at('/today'))
  await page.getByRole('button', { name: /^Back now/ }).click()
  await expect(page.getByRole('heading', { name: /Expected back/ })).toBeHidden()

  // There is no MIS, and the page of marks does not claim that anything is there.
  await page.goto(at('/marks'))
  await expect(page.getByText(/MIS integration isn’t active, so no other mark goes there/)).toBeVisible()
  await expect(page.getByText(/already in|Every mark is in/)).toBeHidden()

  await page.setViewportSize({ width: 390, height: 844 })
  for (const path of [
    '/reports?report=early-leaves',
    '/settings/reasons',
    '/settings',
    '/settings/messages',
  ]) {
    await page.goto(at(path))
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await page.waitForLoadState('networkidle')
    expect([path, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([path, 390])
  }
  // The browser itself logs every 4xx: nothing linked (404), a day in disorder (422).
  expect(faults.filter((text) => !/status of (404|422)/.test(text))).toEqual([])
})
