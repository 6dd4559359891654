/** The list of reasons as a whole: the usual ones in one click, their order, archived ones, codes on the kiosk. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Reason } from '../shared/attendance.ts'
import { createWorld, linkedSite, type World } from './world.ts'

let world: World
let site: { id: string; school: string }

beforeAll(async () => {
  world = await createWorld()
  site = await linkedSite(world, 'Oakfield')
}, 60_000)
afterAll(() => world?.close())

// oxlint-disable-next-line typescript/no-explicit-any
const api = (method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> =>
  world.api(method, `/sites/${site.id}${path}`, body)
const late = async (): Promise<Reason[]> => (await api('GET', '/reasons?type=late-arrival')).body.data
const names = (rows: Reason[]) => rows.map((row) => row.name)
const own = async (on: boolean) => {
  const { body } = await api('GET', '/attendance-settings')
  return await api('PUT', '/attendance-settings', { ...body, reasonMode: on ? 'own-reasons' : 'all-codes' })
}

test('own reasons begin with the usual ones; one click adds what is missing and brings back what was archived', async () => {
  await own(true)
  const usual = names(await late())
  expect(usual).toEqual(['Traffic or transport', 'Woke up late', 'Family', 'Appointment', 'Something else'])
  const [traffic, woke] = await late()
  await api('DELETE', `/reasons/${traffic!.id}`)
  const { id: _id, state: _state, ...body } = woke!
  await api('PUT', `/reasons/${woke!.id}`, { ...body, name: 'Slept too long' })
  expect((await api('GET', '/reasons?archived=true')).body.data).toMatchObject([
    { id: traffic!.id, state: 'archived' },
  ])
  for (let i = 0; i < 2; i++) {
    const { status, body: answer } = await api('POST', '/reasons/usual')
    expect(status).toBe(200)
    const now = answer.data.filter((row: Reason) => row.type === 'late-arrival')
    expect(names(now).toSorted()).toEqual([...usual, 'Slept too long'].toSorted())
  }
  expect((await api('GET', '/reasons?archived=true')).body.data).toEqual([])
})

test('their order is the kiosk’s; a list that is not theirs is refused and changes nothing', async () => {
  const ids = (await late()).map((row) => row.id)
  const turned = ids.toReversed()
  const { status, body } = await api('PUT', '/reasons/order', { type: 'late-arrival', ids: turned })
  expect([status, body.data.map((row: Reason) => row.id)]).toEqual([200, turned])
  expect((await late()).map((row) => row.id)).toEqual(turned)
  for (const wrong of [turned.slice(1), [...turned, turned[0]], [...turned.slice(1), 'x'], []])
    expect(await api('PUT', '/reasons/order', { type: 'late-arrival', ids: wrong })).toMatchObject({
      status: 422,
      body: { error: { fields: { ids: expect.any(String) } } },
    })
  expect((await late()).map((row) => row.id)).toEqual(turned)
})

test('all codes onto the kiosk, and each as it is preset again', async () => {
  const shown = (data: { code: string; publicScreen: boolean }[]) =>
    data.filter((code) => code.publicScreen).map((code) => code.code)
  const before = shown((await api('GET', '/attendance-codes')).body.data)
  const all = shown((await api('PUT', '/attendance-codes', { publicScreen: 'all' })).body.data)
  expect(all).toEqual(expect.arrayContaining([...before, 'I', 'O']))
  expect(all).not.toContain('/')
  const usual = shown((await api('PUT', '/attendance-codes', { publicScreen: 'usual' })).body.data)
  expect(usual.toSorted()).toEqual(['L', 'M', 'U'])
  expect((await api('PUT', '/attendance-codes', { publicScreen: true })).status).toBe(422)
})

test('who may not change settings may not change the list', async () => {
  const desk = await world.as(['attendance.read', 'movements.write'], [site.id])
  for (const [method, path] of [
    ['POST', 'reasons/usual'],
    ['PUT', 'reasons/order'],
    ['PUT', 'attendance-codes'],
  ] as const)
    expect((await desk(method, `/sites/${site.id}/${path}`, {})).status).toBe(403)
})
