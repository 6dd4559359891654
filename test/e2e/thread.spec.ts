/** One journey through the whole thread, in a real browser: set-up link, MIS, kiosk, and the mark confirmed live. */
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { freePort } from '../free-port.ts'
import { accessible, end, root, start } from './started.ts'

let folder: string
let sandbox: ChildProcess
let server: ChildProcess
let url: string
let setUp: string
let sandboxUrl: string

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'erb-journey-'))
  const [port, sandboxPort] = [await freePort(), await freePort()]
  sandboxUrl = `http://127.0.0.1:${sandboxPort}`
  const env = { DATA_DIR: folder, PORT: String(port), SANDBOX_PORT: String(sandboxPort), LOG_LEVEL: 'warn' }
  ;({ child: sandbox } = await start('sandbox/main.ts', env, /ready|listening|http:\/\//))
  const started = await start('server/main.ts', env, /(http:\/\/\S+)\/set-up\?key=\S+/)
  server = started.child
  setUp = started.said[0]
  url = started.said[1]!
})
test.afterAll(async () => {
  await Promise.all([server, sandbox].filter(Boolean).map(end))
  rmSync(folder, { recursive: true, force: true })
})

type School = { id: string; token: string; name: string }

/** Through the API with the login's own rights: a day around now, so that the journey works at any hour. */
async function prepare(page: Page): Promise<string> {
  return await page.evaluate(async () => {
    const me = await (await fetch('/api/v1/me')).json()
    const site = me.sites[0].id as string
    const now = new Date()
    const local = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Europe/London',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }).format(now)
    const minutes = Number(local.slice(0, 2)) * 60 + Number(local.slice(3))
    const at = (value: number) => {
      const clipped = Math.min(Math.max(value, 0), 23 * 60 + 57)
      return `${String(Math.floor(clipped / 60)).padStart(2, '0')}:${String(clipped % 60).padStart(2, '0')}`
    }
    const body = {
      ...{ startsAt: '00:00', endsAt: '24:00', lunchStartsAt: null, days: [1, 2, 3, 4, 5, 6, 7] },
      am: { opensAt: at(minutes - 30), endsAt: at(minutes - 5), closesAt: at(minutes + 120) },
      pm: { opensAt: '23:57', endsAt: '23:58', closesAt: '23:59' },
    }
    const headers = { 'content-type': 'application/json', 'x-csrf-token': me.csrfToken as string }
    const put = await fetch(`/api/v1/sites/${site}/school-day`, {
      method: 'PUT',
      headers,
      body: JSON.stringify(body),
    })
    if (!put.ok) throw new Error(await put.text())
    return site
  })
}

test('from the set-up link to a confirmed mark', async ({ page, browser }) => {
  await test.step('set up', async () => {
    await page.goto(setUp)
    await page.getByLabel('Your name').fill('Jo Halloran')
    await page.getByLabel('Email').fill('jo@oakfield.example')
    await page.locator('input[type=password]').fill('a long enough password')
    await page.getByLabel('School’s name').fill('Oakfield Primary')
    await accessible(page)
    await page.getByRole('button', { name: 'Open the book' }).click()
    await expect(page.getByRole('heading', { name: 'First, the MIS option.' })).toBeVisible()
    await page.getByRole('link', { name: 'Stop here for now' }).click()
    await expect(page.getByRole('heading', { name: 'MIS', level: 1 })).toBeVisible()
  })
  const site = await prepare(page)
  const { data } = (await (await fetch(`${sandboxUrl}/control/schools`)).json()) as { data: School[] }
  const school = data.find((one) => one.name.startsWith('Oakfield'))!

  await test.step('license, as the operator of this installation', async () => {
    const { spawnSync } = await import('node:child_process')
    const made = spawnSync(
      'sh',
      [
        join(root, 'scripts/node.sh'),
        join(root, 'server/admin.ts'),
        'create-token',
        '--name',
        'operator',
        '--all-sites',
        '--json',
      ],
      {
        env: { ...process.env, DATA_DIR: folder },
      },
    )
    const { token } = JSON.parse(made.stdout.toString()) as { token: string }
    const startsOn = new Date().toISOString().slice(0, 10)
    const put = await fetch(`${url}/api/v1/sites/${site}/licence`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ edition: 'education', misIntegration: { startsOn } }),
    })
    expect(put.status).toBe(200)
  })
  await test.step('link the MIS and import', async () => {
    await page.getByRole('link', { name: 'MIS', exact: true }).click()
    await page.getByRole('combobox', { name: 'Through' }).click()
    await page.getByRole('option', { name: /sandbox/ }).click()
    await page.getByLabel('School id').fill(school.id)
    await page.getByLabel('Token').fill(school.token)
    await page.getByRole('button', { name: 'Link the school' }).click()
    await expect(page.getByText('Connected')).toBeVisible()
    await page.getByRole('button', { name: 'Import now' }).click()
    await expect(page.getByText('Up to date')).toBeVisible()
    await accessible(page)
  })
  const code = await test.step('add a kiosk', async () => {
    await page.getByRole('link', { name: 'Kiosks' }).click()
    await page.getByRole('button', { name: 'Add a kiosk' }).click()
    await page.getByRole('button', { name: 'Make a code' }).click()
    const digits = await page.getByText(/^\d{6}$/).textContent()
    await page.getByRole('button', { name: 'Done' }).click()
    return digits!
  })
  await page.getByRole('link', { name: 'Today' }).click()
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, hasTouch: true })
  const kiosk = await context.newPage()
  await test.step('a pupil comes in late', async () => {
    await kiosk.goto(`${url}/kiosk`)
    await accessible(kiosk)
    await kiosk.getByLabel('Pairing code').fill(code)
    await kiosk.getByRole('button', { name: /Students/ }).tap()
    await kiosk.getByRole('button', { name: 'A', exact: true }).tap()
    await kiosk.getByRole('button', { name: 'B', exact: true }).tap()
    await expect(kiosk.getByRole('list', { name: 'Names found' }).getByRole('button')).toHaveCount(0)
    await kiosk.getByRole('button', { name: 'A', exact: true }).tap()
    const found = kiosk.getByRole('button', { name: /^Chidi/ })
    await expect(found).toBeVisible()
    await accessible(kiosk)
    await found.tap()
    await accessible(kiosk)
    await kiosk.getByRole('button', { name: 'I’ve come in late' }).tap()
    await accessible(kiosk)
    const thanks = kiosk.getByRole('heading', { name: /Checked in/ })
    // The kiosk takes a tap in the very place of the last one, within half a second, for the end of a double tap.
    await expect(async () => {
      await kiosk.getByRole('button', { name: 'Late', exact: true }).tap({ timeout: 1000 })
      await expect(thanks).toBeVisible({ timeout: 1000 })
    }).toPass({ timeout: 10_000 })
    await accessible(kiosk)
    await expect(kiosk.getByRole('button', { name: /Students/ })).toBeVisible()
  })
  await test.step('the office sees it confirmed, without a reload', async () => {
    const row = page.getByRole('button', { name: /Chidi Abara/ })
    await expect(row).toContainText('In the MIS')
    await accessible(page)
    await row.click()
    await expect(page.getByText(/shows it. Done./)).toBeVisible()
  })
  await test.step('and the register has it, from outside', async () => {
    const date = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' }).format(new Date())
    const register = await fetch(
      `${sandboxUrl}/control/schools/${school.id}/register?date=${date}&session=AM`,
    )
    const marks = (
      (await register.json()) as { data: { name: string; code: string | null; by: string | null }[] }
    ).data
    expect(marks.filter((mark) => mark.code !== null)).toMatchObject([
      { name: 'Chidi Abara', code: 'L', by: 'outside' },
    ])
  })
  await context.close()
})
