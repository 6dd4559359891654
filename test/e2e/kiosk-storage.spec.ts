/** What a kiosk keeps: sealed, there after a power cut, gone when it is removed, and never lost in silence. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, expect, type Page, test } from '@playwright/test'
import { browserFlags, findBrowser } from '../../scripts/browser.ts'
import {
  createLobby,
  door,
  findSelf,
  goThrough,
  keptForOffline,
  type Lobby,
  nothingWaits,
  openKiosk,
  pairPage,
  type Pupil,
  tapOn,
  until,
} from './lobby.ts'
import { accessible } from './started.ts'

let lobby: Lobby
test.beforeAll(async () => {
  lobby = await createLobby()
})
test.afterAll(() => lobby?.close())

/** A browser whose disk outlives it. */
async function browserOn(folder: string) {
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: findBrowser() ?? '/usr/bin/chromium',
    args: browserFlags,
    viewport: { width: 1280, height: 800 },
    hasTouch: true,
  })
  return { context, page: context.pages()[0] ?? (await context.newPage()) }
}

/** As if somebody had pulled the plug: nothing is closed, nothing is written that was not. */
async function pullPlug(page: Page): Promise<void> {
  const gone = new Promise((resolve) => page.context().once('close', resolve))
  const session = await page.context().browser()?.newBrowserCDPSession()
  const { processInfo } = (await session!.send('SystemInfo.getProcessInfo')) as {
    processInfo: { type: string; id: number }[]
  }
  process.kill(processInfo.find((one) => one.type === 'browser')!.id, 'SIGKILL')
  await gone
}

function bytesUnder(folder: string): Buffer {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  return Buffer.concat(files.map((one) => readFileSync(join(one.parentPath, one.name))))
}

test('the power goes after the tap, without a network: the movement is there, and no name lies open on the disk', async () => {
  test.setTimeout(120_000)
  const folder = mkdtempSync(join(tmpdir(), 'erb-kiosk-'))
  const pupil = lobby.pupils[0]!
  try {
    const first = await browserOn(folder)
    await first.page.goto(`${lobby.net.url}/kiosk`)
    await pairPage(first.page, (await lobby.pairingCode()).pairingCode)
    await keptForOffline(first.page)
    lobby.net.set('cut')
    const from = Date.now()
    await goThrough(first.page, pupil, 'late-arrival')
    const to = Date.now()
    // The browser writes its cookies down half a minute later; by now a kiosk of yesterday has them on the disk.
    const cookies = await first.context.cookies()
    await pullPlug(first.page)
    const disk = bytesUnder(join(folder, 'Default/IndexedDB'))
    for (const text of [pupil.id, pupil.surname.toLowerCase(), 'late-arrival']) {
      expect(disk.includes(Buffer.from(text)), text).toBe(false)
      expect(disk.includes(Buffer.from(text, 'utf16le')), text).toBe(false)
    }
    const second = await browserOn(folder)
    await second.context.addCookies(cookies)
    await second.page.goto(`${lobby.net.url}/kiosk`)
    await expect(door(second.page)).toBeVisible()
    await expect(second.page.getByText('No network: everything still works. 1 waiting.')).toBeVisible()
    lobby.net.set('open')
    await nothingWaits(second.page)
    const rows = await until(
      () => lobby.movementsOf(pupil),
      (found) => found.length > 0,
    )
    expect(rows).toHaveLength(1)
    expect(Date.parse(rows[0]!.happenedAt)).toBeGreaterThan(from - 2000)
    expect(Date.parse(rows[0]!.happenedAt)).toBeLessThan(to + 2000)
    await second.context.close()
  } finally {
    lobby.net.set('open')
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a kiosk that has lost its pairing keeps what it took, and sends it once it is paired again', async ({
  browser,
}) => {
  const { context, page, id } = await openKiosk(browser, lobby)
  const pupil = lobby.pupils[5]!
  lobby.net.set('cut')
  await goThrough(page, pupil, 'late-arrival')
  await context.clearCookies()
  lobby.net.set('open')
  await expect(page.getByRole('heading', { name: 'Pair this kiosk' })).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText('1 entry is kept on this device')).toBeVisible()
  await accessible(page)
  const path = `/sites/${lobby.site}/kiosks/${id}/pairing-code`
  await pairPage(page, (await lobby.world.api('POST', path)).body.pairingCode)
  await nothingWaits(page)
  const rows = await until(
    () => lobby.movementsOf(pupil),
    (found) => found.length > 0,
  )
  expect(rows).toHaveLength(1)
  await context.close()
})

test('a reload at any step enters nothing by itself and loses nothing', async ({ browser }) => {
  test.setTimeout(120_000)
  const { context, page } = await openKiosk(browser, lobby)
  lobby.net.set('cut')
  const pupil = lobby.pupils[1]!
  for (const place of ['find', 'choose', 'questions'] as const) {
    const stop = new Error('reloaded')
    const way = goThrough(page, pupil, 'late-arrival', async (here) => {
      if (here !== place) return
      await page.reload()
      throw stop
    })
    await expect(way).rejects.toBe(stop)
    await expect(door(page)).toBeVisible()
  }
  await goThrough(page, pupil, 'late-arrival', async (here) => {
    if (here !== 'done') return
    await page.reload()
    throw new Error('reloaded')
  }).catch(() => undefined)
  await expect(page.getByText('1 waiting.')).toBeVisible()
  lobby.net.set('open')
  await nothingWaits(page)
  expect(
    await until(
      () => lobby.movementsOf(pupil),
      (rows) => rows.length > 0,
    ),
  ).toHaveLength(1)
  await context.close()
})

/** As a full disk answers: the next so many movements that a page would keep are refused. */
async function fillDisk(page: Page, refusals: number): Promise<void> {
  await page.evaluate((count) => {
    const own = IDBObjectStore.prototype.add
    let left = count
    IDBObjectStore.prototype.add = function (...given) {
      if (this.name === 'outbox' && left-- > 0)
        throw new DOMException('The disk is full.', 'QuotaExceededError')
      return own.apply(this, given)
    }
  }, refusals)
}

test('a full disk: room is made, with a network the tap arrives anyway, and without either the pupil is told', async ({
  browser,
}) => {
  test.setTimeout(120_000)
  const { context, page } = await openKiosk(browser, lobby)
  const [kept, heard, told] = [lobby.pupils[2]!, lobby.pupils[3]!, lobby.pupils[4]!]
  const arrived = (pupil: Pupil) =>
    until(
      () => lobby.movementsOf(pupil),
      (rows) => rows.length > 0,
    )
  lobby.net.set('cut')
  await fillDisk(page, 1)
  await goThrough(page, kept, 'late-arrival')
  await expect(page.getByText('1 waiting.')).toBeVisible()
  lobby.net.set('open')
  await nothingWaits(page)
  expect(await arrived(kept)).toHaveLength(1)
  // Two refusals: the names had to go, and come back with the network.
  lobby.net.set('cut')
  await fillDisk(page, 2)
  await goThrough(page, lobby.pupils[6]!, 'late-arrival')
  lobby.net.set('open')
  expect(await arrived(lobby.pupils[6]!)).toHaveLength(1)
  await page.evaluate(() => dispatchEvent(new Event('online')))
  await keptForOffline(page)
  await fillDisk(page, 1000)
  await goThrough(page, heard, 'late-arrival')
  expect(await arrived(heard)).toHaveLength(1)
  lobby.net.set('cut')
  await door(page).tap()
  await findSelf(page, told)
  await tapOn(page, 'I’ve come in late', () =>
    expect(page.getByRole('heading', { name: 'What made you late?' })).toBeVisible({ timeout: 1000 }),
  )
  await tapOn(page, 'Woke up late', () =>
    expect(page.getByRole('heading', { name: 'We couldn’t write that down' })).toBeVisible({ timeout: 1000 }),
  )
  await accessible(page)
  // Giving up the names would not have helped, so they are still there.
  await page.reload()
  await door(page).tap()
  await findSelf(page, told)
  lobby.net.set('open')
  await context.close()
})

test('a kiosk that is removed forgets everything at its next contact', async ({ browser }) => {
  const { context, page, id } = await openKiosk(browser, lobby)
  await lobby.world.api('DELETE', `/sites/${lobby.site}/kiosks/${id}`)
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Pair this kiosk' })).toBeVisible()
  await expect
    .poll(() =>
      page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            const request = indexedDB.open('kiosk')
            request.addEventListener('success', () => {
              const tx = request.result.transaction(['facts', 'outbox', 'refused'])
              let left = 0
              for (const name of ['facts', 'outbox', 'refused']) {
                const count = tx.objectStore(name).count()
                count.addEventListener('success', () => void (left += count.result))
              }
              tx.addEventListener('complete', () => {
                request.result.close()
                resolve(left)
              })
            })
          }),
      ),
    )
    .toBe(0)
  expect((await context.cookies()).filter((one) => one.name === 'erb_kiosk')).toEqual([])
  await context.close()
})
