/** The lobby at nine: thirty late pupils by real taps, somebody who fishes for names, two kiosks, other languages. */
import { expect, test } from '@playwright/test'
import {
  createLobby,
  createNet,
  door,
  goThrough,
  type Lobby,
  nothingWaits,
  openKiosk,
  tapOn,
  until,
} from './lobby.ts'
import { accessible } from './started.ts'

let lobby: Lobby
test.beforeAll(async () => {
  lobby = await createLobby()
})
test.afterAll(() => lobby?.close())

test('thirty late pupils by hand, and every one a mark', async ({ browser }) => {
  test.setTimeout(180_000)
  const { context, page } = await openKiosk(browser, lobby)
  const pupils = lobby.pupils.slice(0, 30)
  const began = performance.now()
  for (const pupil of pupils) await goThrough(page, pupil, 'late-arrival')
  const seconds = (performance.now() - began) / 1000
  console.log(`30 late pupils by taps: ${(seconds / pupils.length).toFixed(2)} seconds per pupil`)
  for (const pupil of pupils)
    await until(
      () => lobby.marksOf(pupil),
      (marks) => marks.length === 1 && marks[0]!.code === 'L' && marks[0]!.by === 'outside',
    )
  await context.close()
})

test('no letters and taps list a class: five at most, and a pause that going back does not lift', async ({
  browser,
}) => {
  const { context, page } = await openKiosk(browser, lobby)
  await door(page).tap()
  const field = page.getByRole('textbox', { name: 'Your name' })
  const hits = page.getByRole('list', { name: 'Names found' }).getByRole('button')
  const paused = page.getByText('Too many names were looked for.')
  const seen = new Set<string>()
  let texts = 0
  // Two letters kept and the third changed, a choice now and then and back again: the ways round a count.
  for (const pupil of lobby.pupils) {
    await field.fill(pupil.surname.slice(0, 3))
    texts += 1
    await expect(page.locator('.hits[aria-busy=false]')).toBeVisible()
    if (await paused.isVisible()) break
    const names = await hits.allTextContents()
    expect(names.length).toBeLessThanOrEqual(5)
    for (const name of names) seen.add(name)
    if (names.length > 0) {
      await hits.first().tap()
      await page.getByRole('button', { name: 'Back', exact: true }).tap()
      await expect(field).toBeVisible()
    }
  }
  await expect(paused).toBeVisible()
  await expect(hits).toHaveCount(0)
  expect(seen.size).toBeLessThanOrEqual(25)
  expect(texts).toBeLessThan(lobby.pupils.length)
  await accessible(page)
  await page.getByRole('button', { name: 'Back', exact: true }).tap()
  await door(page).tap()
  await field.fill(lobby.pupils[0]!.surname)
  await expect(paused).toBeVisible()
  await expect(hits).toHaveCount(0)
  await context.close()
})

test('two kiosks without a network enter the same child: one mark, the earlier time', async ({ browser }) => {
  const other = await createNet(lobby.world.url)
  const pupil = lobby.pupils[40]!
  const one = await openKiosk(browser, lobby, { name: 'Front desk' })
  const two = await openKiosk(browser, lobby, { name: 'Side door', url: other.url })
  lobby.net.set('cut')
  other.set('cut')
  await goThrough(one.page, pupil, 'late-arrival')
  const between = Date.now()
  await goThrough(two.page, pupil, 'late-arrival')
  // The later one is heard first.
  other.set('open')
  await nothingWaits(two.page)
  lobby.net.set('open')
  await nothingWaits(one.page)
  const rows = await until(
    () => lobby.movementsOf(pupil),
    (found) => found.length === 2 && found.some((row) => row.writeBacks[0]!.state === 'confirmed'),
  )
  const times = rows.map((row) => Date.parse(row.happenedAt)).sort((a, b) => a - b)
  expect(times[0]).toBeLessThan(between)
  expect(times[1]).toBeGreaterThan(between - 1000)
  expect(await lobby.marksOf(pupil)).toHaveLength(1)
  await one.context.close()
  await two.context.close()
  await other.close()
})

test('a refused command does not hold up those behind it, and the office sees it', async ({ browser }) => {
  const { context, page } = await openKiosk(browser, lobby)
  const [gone, next] = [lobby.pupils[50]!, lobby.pupils[51]!]
  lobby.net.set('cut')
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const request = indexedDB.open('kiosk')
        request.addEventListener('success', () => {
          const tx = request.result.transaction('outbox', 'readwrite')
          tx.objectStore('outbox').add({
            id: crypto.randomUUID(),
            type: 'late-arrival',
            person: crypto.randomUUID(),
            happenedAt: new Date().toISOString(),
          })
          tx.addEventListener('complete', () => {
            request.result.close()
            resolve()
          })
        })
      }),
  )
  await goThrough(page, next, 'late-arrival')
  lobby.net.set('open')
  await nothingWaits(page)
  await until(
    () => lobby.marksOf(next),
    (marks) => marks.length === 1,
  )
  expect(await lobby.marksOf(gone)).toEqual([])
  const problems = (await lobby.world.api('GET', `/sites/${lobby.site}/kiosk-problems`)).body.data
  expect(problems).toMatchObject([{ code: 'attendance.unknown_person' }])
  await context.close()
})

test('Welsh from the first tap to the last, Arabic from right to left, English for the next', async ({
  browser,
}) => {
  const { context, page } = await openKiosk(browser, lobby)
  await page.getByRole('button', { name: 'Language: English' }).tap()
  await accessible(page)
  await page.getByRole('button', { name: 'Cymraeg' }).tap()
  await expect(page.locator('html')).toHaveAttribute('lang', 'cy')
  await accessible(page)
  await tapOn(page, /^Disgyblion/, () =>
    expect(page.getByRole('heading', { name: 'Beth yw dy enw?' })).toBeVisible({ timeout: 1000 }),
  )
  await page.getByRole('button', { name: 'Yn ôl' }).tap()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en-GB')

  await tapOn(page, 'Language: English', () =>
    expect(page.getByRole('button', { name: 'العربية' })).toBeVisible({ timeout: 1000 }),
  )
  await page.getByRole('button', { name: 'العربية' }).tap()
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
  await accessible(page)
  await tapOn(page, /^الطلاب/, () =>
    expect(page.getByRole('heading', { name: 'ما اسمك؟' })).toBeVisible({ timeout: 1000 }),
  )
  // Mirrored: Back on the right, the clock on the left, and the keyboard as it always is.
  const middle = 640
  expect((await page.getByRole('button', { name: 'رجوع' }).boundingBox())!.x).toBeGreaterThan(middle)
  expect((await page.locator('.clock').boundingBox())!.x).toBeLessThan(middle)
  const [q, p] = [
    page.getByRole('button', { name: 'Q' }),
    page.getByRole('button', { name: 'P', exact: true }),
  ]
  expect((await q.boundingBox())!.x).toBeLessThan((await p.boundingBox())!.x)
  await accessible(page)
  await context.close()
})

test('a clock an hour wrong makes nobody late by an hour', async ({ browser }) => {
  // The server's is moved; to the kiosk it is its own that is wrong.
  lobby.world.clock.forward(3_600_000)
  const { context, page } = await openKiosk(browser, lobby)
  lobby.net.set('cut')
  const pupil = lobby.pupils[60]!
  const from = lobby.world.clock.now().getTime()
  await goThrough(page, pupil, 'late-arrival')
  const to = lobby.world.clock.now().getTime()
  await page.reload()
  await expect(door(page)).toBeVisible()
  lobby.net.set('open')
  await nothingWaits(page)
  const [row] = await until(
    () => lobby.movementsOf(pupil),
    (rows) => rows.length === 1,
  )
  expect(Date.parse(row!.happenedAt)).toBeGreaterThan(from - 2000)
  expect(Date.parse(row!.happenedAt)).toBeLessThan(to + 2000)
  expect(row!.timeUncertain).toBe(false)
  await context.close()
})
