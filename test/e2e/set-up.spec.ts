/** A newcomer, alone with the guided set-up: from the printed link to a school whose pupils are in the book. */
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { freePort } from '../free-port.ts'
import { accessible, end, start } from './started.ts'

let folder: string
let sandbox: ChildProcess | undefined
let server: ChildProcess | undefined
let setUp: string
let sandboxUrl: string

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'erb-set-up-'))
  const [port, sandboxPort] = [await freePort(), await freePort()]
  sandboxUrl = `http://127.0.0.1:${sandboxPort}`
  const env = { DATA_DIR: folder, PORT: String(port), SANDBOX_PORT: String(sandboxPort), LOG_LEVEL: 'warn' }
  ;({ child: sandbox } = await start('sandbox/main.ts', env, /ready|listening|http:\/\//))
  const started = await start('server/main.ts', env, /http:\/\/\S+\/set-up\?key=\S+/)
  server = started.child
  setUp = started.said[0]
})
test.afterAll(async () => {
  await Promise.all([server, sandbox].filter((one) => one !== undefined).map(end))
  rmSync(folder, { recursive: true, force: true })
})

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name, level: 1 })
type School = { id: string; token: string; name: string; mis: string }

test('from an empty site to the first import by the wizard alone', async ({ page }) => {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  const { data, applicationToken } = (await (await fetch(`${sandboxUrl}/control/schools`)).json()) as {
    data: School[]
    applicationToken: string
  }
  const school = data.find(({ mis }) => mis === 'SIMS')!
  const answers = (state: string) =>
    fetch(`${sandboxUrl}/control/schools/${school.id}/access`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ state }),
    })
  const onSwitch = (body: object[]) =>
    fetch(`${sandboxUrl}/control/schools/${school.id}/faults`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ data: body }),
    })

  const began = performance.now()
  await page.goto(setUp)
  await page.getByLabel('Your name').fill('Jo Halloran')
  await page.getByLabel('Email').fill('jo@oakfield.example')
  await page.locator('input[type=password]').fill('a long enough password')
  await page.getByLabel('School’s name').fill('Oakfield Primary')
  await page.getByRole('button', { name: 'Open the book' }).click()

  await expect(heading(page, 'First, the MIS option.')).toBeVisible()
  await accessible(page)
  await page.getByLabel('Invoice address').fill('Oakfield Primary\nFinance\nHull HU1 1AA')
  await page.getByRole('button', { name: /^Order for/ }).click()
  await page.getByRole('button', { name: 'Confirm the order' }).click()

  await expect(heading(page, 'Link your school.')).toBeVisible()
  await accessible(page)
  const through = async () => {
    await page.getByRole('combobox', { name: 'Through' }).click()
    await page.getByRole('option', { name: /sandbox/ }).click()
    await page.getByLabel('School id').fill(school.id)
  }
  // Asked for access first; the trainer lets it wait.
  await answers('revoked')
  await page.getByRole('button', { name: 'Ask Wonde for access' }).click()
  await through()
  await page.getByLabel('Application token').fill(applicationToken)
  await page.getByRole('button', { name: 'Ask for access' }).click()
  await expect(page.getByText('Your school has been asked.')).toBeVisible()
  await accessible(page)
  await page.getByRole('button', { name: 'Ask anew, or use a key' }).click()
  await answers('approved')
  await page.getByRole('button', { name: 'I have a key' }).click()
  await through()
  // A wrong key is said at its field and nothing is kept.
  await page.getByLabel('Token').fill('0'.repeat(40))
  await page.getByRole('button', { name: 'Link the school' }).click()
  await expect(page.getByText('was not accepted for this school')).toBeVisible()
  await onSwitch([{ on: 'employees', kind: '403' }])
  await page.getByLabel('Token').fill(school.token)
  await page.getByRole('button', { name: 'Link the school' }).click()

  // What is missing, where it is switched on; nobody can go on without it.
  await expect(heading(page, 'Almost linked. Something to switch on.')).toBeVisible()
  await expect(page.getByText('Sign in to your Wonde portal as the school’s administrator.')).toBeVisible()
  await expect(page.getByText('Approve “Employees”.')).toBeVisible()
  await expect(page.getByRole('button', { name: /^Go on/ })).toHaveCount(0)
  await accessible(page)
  await onSwitch([])
  await page.getByRole('button', { name: 'Test again' }).click()
  await expect(heading(page, 'Linked to SIMS.')).toBeVisible()

  // Leaving and coming back goes on at the right step.
  await page.getByRole('link', { name: 'Stop here for now' }).click()
  await expect(heading(page, 'MIS')).toBeVisible()
  await page.goto(`${page.url()}/set-up`)
  await expect(heading(page, 'Linked to SIMS.')).toBeVisible()
  await page.getByRole('button', { name: 'Go on', exact: true }).click()

  await expect(heading(page, 'This is who would come across.')).toBeVisible({ timeout: 30_000 })
  await expect(page.getByRole('row', { name: /^Pupils/ })).toBeVisible()
  await accessible(page)
  await page.reload()
  await expect(heading(page, 'This is who would come across.')).toBeVisible()
  await page.getByRole('button', { name: 'Go on to the import' }).click()
  await page.getByRole('button', { name: 'Import now' }).click()
  await expect(heading(page, 'The book is set up.')).toBeVisible({ timeout: 30_000 })
  const seconds = (performance.now() - began) / 1000
  await accessible(page)
  console.log(`set-up by the wizard: ${seconds.toFixed(1)} s of the machine’s time`)
  expect(seconds).toBeLessThan(180)

  // The same at a phone's width, and nothing sticks out.
  const wizard = page.url().split('?')[0]!
  await page.setViewportSize({ width: 390, height: 844 })
  for (const step of ['1', '2', '3', '4', '5']) {
    await page.goto(`${wizard}?step=${step}`)
    await expect(page.getByText(`Step ${step} of 5`)).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  }
  await page.goto(wizard)
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.getByRole('link', { name: 'Open Today' }).click()
  await expect(page.getByText('Nobody', { exact: false }).first()).toBeVisible()
  expect(faults).toEqual([])
})
