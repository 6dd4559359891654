/** The answers of /help/mis, done as they say: each journey follows one answer and looks whether it came true. */
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { createAccount } from '../../server/accounts/accounts.ts'
import setupPostgres from '../global-postgres.ts'
import { createWorld, imported, linkedSite, until, type World } from '../world.ts'

type Person = { id: string; misId: string | null; name: string; state: string }
type Kind = 'students' | 'employees'

let stopPostgres: () => Promise<void>
let world: World
let site: string
let school: string

test.beforeAll(async () => {
  stopPostgres = await setupPostgres()
  world = await createWorld()
  ;({ id: site, school } = await linkedSite(world, 'Oakfield'))
  const { app } = world.running
  await app.db.system((tx) =>
    createAccount(app, tx, {
      ...{ email: 'jo@oakfield.example', name: 'Jo Halloran', role: 'admin' },
      ...{ password: 'a long password', siteIds: [site] },
    }),
  )
})
test.afterAll(async () => {
  await world?.close()
  await stopPostgres?.()
})
test.beforeEach(({ context }) => logIn(context))

async function logIn(context: BrowserContext): Promise<void> {
  const data = { email: 'jo@oakfield.example', password: 'a long password' }
  expect((await context.request.post(`${world.url}/api/v1/login`, { data })).ok()).toBe(true)
}

const open = (page: Page, path: string) => page.goto(`${world.url}/sites/${site}${path}`)
const active = async (kind: Kind): Promise<Person[]> =>
  (await world.api('GET', `/sites/${site}/${kind}?state=active&limit=500`)).body.data
const stateOf = async (kind: Kind, id: string): Promise<string> =>
  (await world.api('GET', `/sites/${site}/${kind}/${id}`)).body.state

/** The line of a list: the name that opens the record. */
const record = (page: Page, { name }: Person) =>
  page
    .getByRole('main')
    .getByRole('link')
    .and(page.getByTitle(name, { exact: true }))

/** Somebody whose name is theirs alone. */
async function somebody(kind: Kind, nth: number): Promise<Person & { misId: string }> {
  const all = (await active(kind)).filter((one) => one.misId !== null)
  const alone = all.filter((one) => all.filter(({ name }) => name === one.name).length === 1)
  return alone[nth] as Person & { misId: string }
}

async function importNow(page: Page): Promise<void> {
  const runs = async () =>
    (await world.api('GET', `/sites/${site}/mis/imports`)).body.data as { id: string; state: string }[]
  const before = (await runs())[0]!.id
  await open(page, '/mis')
  await page.getByRole('button', { name: 'Import now' }).click()
  const [last] = await until(
    runs,
    ([run]) => run!.id !== before && !['queued', 'running'].includes(run!.state),
  )
  expect(last!.state).toBe('done')
}

type Leaving = { kind: Kind; list: string; who: string; answer: string; roll(id: string): object }
const leavings: Leaving[] = [
  {
    ...{ kind: 'students' as const, list: 'students', who: 'A pupil', answer: 'pupils-left' },
    roll: (id) => ({ leave: [id] }),
  },
  {
    ...{ kind: 'employees' as const, list: 'staff', who: 'A member of staff', answer: 'staff-left' },
    roll: (id) => ({ employeesEnd: [id] }),
  },
]
for (const { kind, list, who, answer, roll } of leavings) {
  test(`${who} has left: an end in the MIS and Import now take them off the list`, async ({ page }) => {
    const person = await somebody(kind, 0)
    await open(page, `/${list}?q=${encodeURIComponent(person.name)}`)
    await expect(record(page, person)).toBeVisible()
    await world.control('POST', `/schools/${school}/roll`, roll(person.misId))
    await importNow(page)
    await open(page, `/${list}?q=${encodeURIComponent(person.name)}`)
    await expect(page.getByRole('heading', { name: 'Nobody like that' })).toBeVisible()
    await expect(record(page, person)).toHaveCount(0)
    // Archived and not lost, and the answer has its address.
    expect(await stateOf(kind, person.id)).toBe('archived')
    await open(page, `/${list}?state=archived&q=${encodeURIComponent(person.name)}`)
    await expect(record(page, person)).toBeVisible()
    await open(page, `/mis/people?kind=${kind === 'students' ? 'student' : 'employee'}`)
    await page.getByRole('link', { name: /has left and is still here/ }).click()
    await expect(page).toHaveURL(new RegExp(`/help/mis#${answer}$`))
  })

  test(`${who} kept out stays out of every import, and comes back as the same record`, async ({ page }) => {
    const person = await somebody(kind, 1)
    const of = kind === 'students' ? 'student' : 'employee'
    await open(page, `/mis/people?kind=${of}&q=${encodeURIComponent(person.name)}`)
    const imports = page.getByRole('switch', { name: `Import ${person.name}`, exact: true })
    await imports.click()
    await expect(imports).not.toBeChecked()
    await until(
      () => stateOf(kind, person.id),
      (state) => state === 'archived',
    )
    await importNow(page)
    expect(await stateOf(kind, person.id)).toBe('archived')
    await open(page, `/mis/people?kind=${of}&q=${encodeURIComponent(person.name)}`)
    await expect(imports).not.toBeChecked()
    await imports.click()
    await expect(imports).toBeChecked()
    await until(
      () => stateOf(kind, person.id),
      (state) => state === 'active',
    )
  })
}

test('A whole group kept out at once, and brought back by Undo', async ({ page }) => {
  await open(page, '/mis/people?kind=student')
  await page.getByRole('combobox', { name: 'Group' }).click()
  await page.getByRole('option').first().click()
  const none = page.getByRole('button', { name: /^None of these \d+$/ })
  const count = Number((await none.textContent())!.replace(/\D/g, ''))
  expect(count).toBeGreaterThan(1)
  const on = page.getByRole('switch', { checked: true })
  const before = await on.count()
  await none.click()
  await expect(page.getByRole('dialog', { name: `Keep out ${count} students?` })).toBeVisible()
  await page.getByRole('button', { name: 'Keep them out' }).click()
  await expect(on).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(on).toHaveCount(before)
})

test('How often: the nightly time set on the page is when it runs', async ({ page }) => {
  test.setTimeout(150_000)
  const before = (await active('students')).length
  await world.control('POST', `/schools/${school}/roll`, { join: 1 })
  await open(page, '/mis/settings')
  const at = new Date(world.clock.now().getTime() + 60_000).toISOString().slice(11, 16)
  await page.getByLabel('Import after').fill(at)
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved.')).toBeVisible()
  world.clock.forward(60_000)
  const [run] = await until(
    async () => (await world.api('GET', `/sites/${site}/mis/imports`)).body.data,
    ([newest]) => newest.trigger === 'nightly' && newest.state === 'done',
    120_000,
  )
  expect(run.counts.students.joiners).toBe(1)
  expect(await active('students')).toHaveLength(before + 1)
})

test('My own list of staff: the imported ones go for good, and the list stays', async ({ page }) => {
  const number = (await active('employees')).length
  await open(page, '/staff')
  await page.getByRole('link', { name: 'Upload a list' }).click()
  await page.getByRole('button', { name: /^Remove all imported staff/ }).click()
  await page.getByLabel(`Type ${number} to go on`).fill(String(number))
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Remove \d+ members of staff/ })
    .click()
  await until(
    () => active('employees'),
    (left) => left.length === 0,
  )

  await open(page, '/staff/list')
  const choosing = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose a file' }).click()
  const csv = 'forename,surname,email\nSiân,O’Dowd,sian@oakfield.example\nTom,Reed,tom@oakfield.example\n'
  await (await choosing).setFiles({ name: 'staff.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await page.getByRole('button', { name: /^Save/ }).click()
  await expect(page.getByText('Saved: 2 added.')).toBeVisible()
  const own = ['Siân O’Dowd', 'Tom Reed']
  const names = async () => (await active('employees')).map(({ name }) => name).sort()
  expect(await names()).toEqual(own)
  await imported(world, site)
  expect(await names()).toEqual(own)
})
