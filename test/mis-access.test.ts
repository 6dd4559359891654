/** Asking Wonde for access: pending, declined, approved; linked by itself, and nothing imported by that. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, until, type World } from './world.ts'

let world: World
let site: string
let school: { id: string; name: string }
let token: string

beforeAll(async () => {
  world = await createWorld()
  school = world.sandbox.schools.find(({ mis }) => mis === 'SIMS')!
  token = world.sandbox.applicationToken
  const { body } = await world.api('POST', '/sites', { name: 'Asking', phase: 'primary', timeZone: 'UTC' })
  site = body.id
}, 60_000)
afterAll(() => world?.close())

const answers = (state: string) => world.control('PUT', `/schools/${school.id}/access`, { state })
const path = () => `/sites/${site}/mis/access`
const ask = (more: object = {}) =>
  world.api('POST', path(), { provider: 'sandbox', schoolId: school.id, token, ...more })

test('without the option nothing is asked', async () => {
  expect((await ask()).status).toBe(402)
  const startsOn = world.clock.now().toISOString().slice(0, 10)
  await world.api('PUT', `/sites/${site}/licence`, { edition: 'education', misIntegration: { startsOn } })
})

test('a wrong token is refused and nothing is kept', async () => {
  expect((await ask({ token: '0'.repeat(40) })).body.error.code).toBe('mis.unauthorised')
  expect((await world.api('GET', path())).body).toEqual({ access: null })
})

test('pending, declined, asked again, and approved: linked by the worker alone, nobody imported', async () => {
  await answers('revoked')
  const contact = { forename: 'Sam', surname: 'Okoro', email: 'office@school.example' }
  expect((await ask({ contact })).body.access).toMatchObject({ state: 'pending', schoolId: school.id })
  expect(JSON.stringify((await world.api('GET', path())).body)).not.toContain(token)
  await answers('declined')
  expect((await world.api('POST', `${path()}/check`)).body.access.state).toBe('declined')
  expect((await ask()).body.access.state).toBe('pending')
  expect((await world.api('GET', `/sites/${site}/mis/connection`)).status).toBe(404)

  await answers('approved')
  world.clock.forward(61_000)
  const linked = await until(
    () => world.api('GET', `/sites/${site}/mis/connection`),
    ({ status }) => status === 200,
    30_000,
  )
  expect(linked.body).toMatchObject({ state: 'connected', schoolId: school.id })
  await until(
    async () => (await world.api('GET', path())).body.access,
    (access) => access === null,
  )
  expect((await world.api('GET', `/sites/${site}/mis/imports`)).body.data).toEqual([])
  expect((await ask()).status).toBe(409)
}, 60_000)

test('what is watched can be dropped', async () => {
  await world.api('DELETE', `/sites/${site}/mis/connection`)
  await answers('revoked')
  expect((await ask()).body.access.state).toBe('pending')
  expect((await world.api('DELETE', path())).status).toBe(200)
  expect((await world.api('DELETE', path())).status).toBe(404)
}, 20_000)
