/** A school with kiosks for the journeys: a whole product, a network that can be cut, and hands that tap. */
import { createServer, connect, type Socket } from 'node:net'
import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test'
import setupPostgres from '../global-postgres.ts'
import { createWorld, imported, linkedSite, until, type World } from '../world.ts'

/** `deaf`: what is asked arrives, the answer does not. */
type Way = 'open' | 'cut' | 'deaf'

export type Net = { url: string; set(way: Way): void; close(): Promise<void> }

/** The wire between a kiosk and its server, in our hand. */
export async function createNet(target: string): Promise<Net> {
  const { port } = new URL(target)
  const live = new Set<Socket>()
  let way: Way = 'open'
  const server = createServer((near) => {
    if (way === 'cut') return void near.destroy()
    const far = connect(Number(port), '127.0.0.1')
    for (const socket of [near, far]) {
      live.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        live.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far)
    far.on('data', (chunk) => {
      if (way === 'open') near.write(chunk)
      else near.destroy()
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const cut = () => live.forEach((socket) => void socket.destroy())
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    set(next) {
      way = next
      if (next === 'cut') cut()
    },
    async close() {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type Pupil = { id: string; forename: string; surname: string; regGroup: string | null; misId: string }
type Mark = { id?: string; name: string; code: string | null; by: string | null }
export type Row = { id: string; type: string; happenedAt: string; timeUncertain: boolean; writeBacks: Back[] }
type Back = { state: string; code: string | null; cause: { code: string } | null }

export type Lobby = Awaited<ReturnType<typeof createLobby>>

/** Oakfield with reasons of its own for all that a pupil can do at the kiosk. */
export async function createLobby() {
  const stopPostgres = await setupPostgres()
  const world: World = await createWorld()
  const { id: site, school } = await linkedSite(world, 'Oakfield')
  const settings = (await world.api('GET', `/sites/${site}/attendance-settings`)).body
  await world.api('PUT', `/sites/${site}/attendance-settings`, { ...settings, reasonMode: 'own-reasons' })
  const leave = { type: 'early-leave', writeBack: true, publicScreen: true, codesByTime: null }
  for (const reason of [
    { ...leave, name: 'Appointment', code: 'M' },
    { ...leave, name: 'School sport, trip', code: null, writeBack: false },
  ]) {
    const made = await world.api('POST', `/sites/${site}/reasons`, reason)
    if (made.status !== 201) throw new Error(JSON.stringify(made.body))
  }
  const net = await createNet(world.url)
  const { data } = (await world.api('GET', `/sites/${site}/students?state=active&limit=500`)).body
  const all = data as Pupil[]
  const named = (one: Pupil) => `${one.forename} ${one.surname}`
  // Those whom letters of our keyboard find, and whose name is theirs alone.
  const pupils = all.filter(
    (one) =>
      lettersOf(one.surname).length >= 3 && all.filter((other) => named(other) === named(one)).length === 1,
  )
  return {
    ...{ world, site, school, net, pupils },
    async pairingCode(name = 'Front desk') {
      return (await world.api('POST', `/sites/${site}/kiosks`, { name })).body as {
        id: string
        pairingCode: string
      }
    },
    async movementsOf(pupil: Pupil): Promise<Row[]> {
      return (await world.api('GET', `/sites/${site}/movements?person=${pupil.id}`)).body.data
    },
    /** The marks of this pupil in the school's own register, from outside of the product. */
    async marksOf(pupil: Pupil): Promise<Mark[]> {
      const date = world.clock.now().toISOString().slice(0, 10)
      const found: Mark[] = []
      for (const session of ['AM', 'PM']) {
        const path = `/schools/${school}/register?date=${date}&session=${session}`
        const { data: marks } = (await world.control('GET', path)).body as { data: Mark[] }
        found.push(
          ...marks.filter((mark) => mark.name === `${pupil.forename} ${pupil.surname}` && mark.code !== null),
        )
      }
      return found
    },
    async close() {
      await net.close()
      await world.close()
      await stopPostgres()
    },
  }
}

/** Pairs a page that shows six empty boxes. */
export async function pairPage(page: Page, code: string): Promise<void> {
  await page.getByLabel('Pairing code').fill(code)
  await expect(door(page)).toBeVisible()
}

/** A paired kiosk with its names and its page kept, ready for a cut. */
export async function openKiosk(
  browser: Browser,
  lobby: Lobby,
  options: { url?: string; name?: string } & Parameters<Browser['newContext']>[0] = {},
): Promise<{ context: BrowserContext; page: Page; id: string }> {
  const { url = lobby.net.url, name, ...more } = options
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    hasTouch: true,
    ...more,
  })
  const page = await context.newPage()
  page.on('pageerror', (error) => {
    throw error
  })
  await page.goto(`${url}/kiosk`)
  const { id, pairingCode } = await lobby.pairingCode(name)
  await pairPage(page, pairingCode)
  await keptForOffline(page)
  return { context, page, id }
}

/** Waits until this kiosk could start and find names without a network. */
export async function keptForOffline(page: Page): Promise<void> {
  await expect
    .poll(
      () =>
        page.evaluate(async () => {
          const page = await caches.match('/kiosk')
          const active = (await navigator.serviceWorker.getRegistration('/kiosk'))?.active?.state
          const names = await new Promise<boolean>((resolve) => {
            const request = indexedDB.open('kiosk')
            request.addEventListener('success', () => {
              const facts = request.result.transaction('facts').objectStore('facts')
              const count = facts.getKey('directory')
              count.addEventListener('success', () => {
                request.result.close()
                resolve(count.result !== undefined)
              })
            })
          })
          return page !== undefined && active === 'activated' && names
        }),
      { timeout: 15_000 },
    )
    .toBe(true)
}

export const door = (page: Page) => page.getByRole('button', { name: /^Students/ })
export const keyOf = (page: Page, letter: string) =>
  page
    .getByRole('group', { name: 'Keyboard' })
    .getByRole('button', { name: letter === '-' ? '-' : letter.toUpperCase(), exact: true })

const lettersOf = (name: string) =>
  name
    .normalize('NFD')
    .replace(/[^A-Za-z]/g, '')
    .toUpperCase()

/** Types as a pupil would, the surname and then the forename, until the name is there, and taps it. */
export async function findSelf(page: Page, pupil: Pupil): Promise<void> {
  const self = page
    .getByRole('list', { name: 'Names found' })
    .getByRole('button')
    .filter({ hasText: `${pupil.forename} ${pupil.surname[0]}.` })
    .filter({ hasText: pupil.regGroup ?? '' })
  const letters = [...lettersOf(pupil.surname), '-', ...lettersOf(pupil.forename)]
  for (const [i, letter] of letters.entries()) {
    await keyOf(page, letter).tap()
    if (i < 2) continue
    await expect(page.locator('.hits[aria-busy=false]')).toBeVisible()
    if ((await self.count()) === 1) break
  }
  await self.tap({ timeout: 5000 })
}

/** Taps until the screen moves on: a tap within half a second of the last, in its place, is the end of a double tap. */
export async function tapOn(page: Page, name: string | RegExp, next: () => Promise<void>): Promise<void> {
  const button = page.getByRole('button', { name, exact: typeof name === 'string' })
  await expect(async () => {
    if (await button.isVisible()) await button.tap({ timeout: 1000 })
    await next()
  }).toPass({ timeout: 10_000, intervals: [50, 100, 300] })
}

export type Doing = 'late-arrival' | 'early-leave' | 'return'
const tiles = {
  'late-arrival': 'I’ve come in late',
  'early-leave': 'I’m leaving early',
  return: 'I’m coming back',
} as const

/** The places of a pupil's way at which something can happen. */
export const places = ['welcome', 'find', 'choose', 'questions', 'done'] as const
export type Place = (typeof places)[number]

/** One pupil's whole way through the kiosk by taps, from welcome to done and back; `at` is called at each place. */
export async function goThrough(
  page: Page,
  pupil: Pupil,
  doing: Doing,
  at: (place: Place) => Promise<void> = async () => undefined,
): Promise<void> {
  await at('welcome')
  await door(page).tap()
  await expect(page.getByRole('heading', { name: 'What’s your name?' })).toBeVisible()
  await at('find')
  await findSelf(page, pupil)
  await expect(page.getByRole('heading', { name: 'What are you doing?' })).toBeVisible()
  await at('choose')
  const done = page.getByRole('heading', { name: /^Checked (in|out)/ })
  const finished = () => expect(done).toBeVisible({ timeout: 1000 })
  if (doing === 'return') {
    await tapOn(page, tiles[doing], finished)
  } else {
    const question = doing === 'late-arrival' ? 'What made you late?' : 'Why are you leaving?'
    await tapOn(page, tiles[doing], () =>
      expect(page.getByRole('heading', { name: question })).toBeVisible({ timeout: 1000 }),
    )
    await at('questions')
    await tapOn(page, doing === 'late-arrival' ? 'Woke up late' : 'Appointment', finished)
  }
  await at('done')
  await tapOn(page, 'Next person', () => expect(door(page)).toBeVisible({ timeout: 1000 }))
}

/** Everything that waited has gone, as the kiosk itself counts it. */
export async function nothingWaits(page: Page): Promise<void> {
  await expect
    .poll(
      () =>
        page.evaluate(
          () =>
            new Promise<number>((resolve) => {
              const request = indexedDB.open('kiosk')
              request.addEventListener('success', () => {
                const count = request.result.transaction('outbox').objectStore('outbox').count()
                count.addEventListener('success', () => {
                  request.result.close()
                  resolve(count.result)
                })
              })
            }),
        ),
      { timeout: 30_000 },
    )
    .toBe(0)
}

export { imported, until }
