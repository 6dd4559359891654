/** The network cut at every step and back: nothing lost, nothing doubled, true times kept (design.md §2 promise 5). */
import { expect, type Page, test } from '@playwright/test'
import {
  createLobby,
  type Doing,
  goThrough,
  type Lobby,
  nothingWaits,
  openKiosk,
  places,
  type Pupil,
  until,
} from './lobby.ts'

let lobby: Lobby
test.beforeAll(async () => {
  lobby = await createLobby()
})
test.afterAll(() => lobby?.close())

let used = 0
/** Nobody comes twice. */
const nextPupil = (): Pupil => lobby.pupils[used++]!

const cases = (['late-arrival', 'early-leave', 'return'] as Doing[]).flatMap((doing) =>
  places
    .filter((place) => doing !== 'return' || place !== 'questions')
    .flatMap((place) => (['cut', 'deaf'] as const).map((way) => ({ doing, place, way }))),
)

/** What must be true in the end, wherever the network went. */
async function sameEnd(pupil: Pupil, doing: Doing, from: number, to: number): Promise<void> {
  const rows = await until(
    () => lobby.movementsOf(pupil),
    (found) =>
      found.length > 0 &&
      found.every((row) =>
        row.writeBacks.every((back) => !['waiting', 'sending', 'sent'].includes(back.state)),
      ),
  )
  expect(rows.map((row) => row.type)).toEqual([doing])
  const [row] = rows
  expect(row!.timeUncertain).toBe(false)
  const happened = Date.parse(row!.happenedAt)
  expect(happened).toBeGreaterThanOrEqual(from)
  expect(happened).toBeLessThanOrEqual(to)
  const marks = await lobby.marksOf(pupil)
  const states = row!.writeBacks.map((back) => `${back.state} ${back.code}`)
  if (doing === 'late-arrival') {
    expect(states).toEqual(['confirmed L'])
    expect(marks).toMatchObject([{ code: 'L', by: 'outside' }])
  } else if (doing === 'early-leave') {
    expect(states.filter((state) => state === 'confirmed M').length).toBe(marks.length)
    expect(marks.length).toBeGreaterThan(0)
    for (const mark of marks) expect(mark).toMatchObject({ code: 'M', by: 'outside' })
  } else expect(marks).toEqual([])
}

async function oneCase(page: Page, { doing, place, way }: (typeof cases)[number]): Promise<void> {
  const pupil = nextPupil()
  let from = 0
  await goThrough(page, pupil, doing, async (here) => {
    if (here === place) lobby.net.set(way)
    if (here === (doing === 'return' ? 'choose' : 'questions')) from = Date.now()
  })
  const to = Date.now()
  lobby.net.set('open')
  await nothingWaits(page)
  await sameEnd(pupil, doing, from - 1000, to)
}

for (const doing of ['late-arrival', 'early-leave', 'return'] as Doing[])
  test(`a cut or an unheard answer at any step of a ${doing} changes nothing in the end`, async ({
    browser,
  }) => {
    test.setTimeout(90_000)
    const { context, page } = await openKiosk(browser, lobby)
    for (const one of cases.filter((given) => given.doing === doing))
      await test.step(`${one.way} at ${one.place}`, () => oneCase(page, one))
    await context.close()
  })
