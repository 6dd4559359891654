/** Each of the ten MIS: linked, imported, and either written to or plainly said that it cannot be. Two kiosks, one child. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, linkedSite, until, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
}, 60_000)
afterAll(() => world?.close())

async function late(site: string, n: number) {
  const { data } = (await world.api('GET', `/sites/${site}/students?limit=20&state=active`)).body
  const reasons = (await world.api('GET', `/sites/${site}/reasons?type=late-arrival`)).body.data
  const reason = reasons.find((one: { code: string }) => one.code === 'L').id
  const body = {
    id: randomUUID(),
    type: 'late-arrival',
    person: data[n].id,
    reason,
    happenedAt: world.clock.now().toISOString(),
  }
  return (await world.api('POST', `/sites/${site}/movements`, body)).body
}
const ends = new Set(['confirmed', 'not-required', 'refused'])

test('each of the ten schools connects, imports, and writes or says that it cannot', async () => {
  const cannot = new Set(['Engage', 'WCBS', 'RM Integris'])
  expect(world.sandbox.schools).toHaveLength(10)
  for (const school of world.sandbox.schools) {
    const site = await linkedSite(world, school.name)
    const { body: link } = await world.api('GET', `/sites/${site.id}/mis/connection`)
    expect(link).toMatchObject({ state: 'connected', mis: school.mis, capabilities: { read: 'yes' } })
    const { data } = (await world.api('GET', `/sites/${site.id}/mis/imports`)).body
    expect(data[0]).toMatchObject({ state: 'done', counts: { students: { problems: 0 } } })
    const movement = await late(site.id, 3)
    const mark = await until(
      async () => (await world.api('GET', `/sites/${site.id}/write-backs/${movement.writeBacks[0].id}`)).body,
      (row) => ends.has(row.state),
    )
    if (cannot.has(school.mis)) {
      expect(link.capabilities.sessionMark).toBe('no')
      expect(mark).toMatchObject({
        state: 'not-required',
        cause: { code: 'attendance.mis_cannot_write' },
        attempts: 0,
      })
    } else expect(`${school.mis} ${mark.state}`).toBe(`${school.mis} confirmed`)
  }
}, 120_000)

type KioskAnswer = { data: { id: string }[]; reasons: { id: string; type: string; name: string }[] }

/** A browser that holds the device's cookie. */
async function pairedKiosk(site: string) {
  const { body } = await world.api('POST', `/sites/${site}/kiosks`, { name: 'Door' })
  const json = { 'content-type': 'application/json', 'x-kiosk': '1' }
  const paired = await fetch(`${world.url}/api/v1/kiosk/pair`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ code: body.pairingCode }),
  })
  expect(paired.status).toBe(200)
  const cookie = paired.headers.get('set-cookie')!.split(';')[0]!
  return async (method: string, path: string, given?: unknown) => {
    const answer = await fetch(`${world.url}/api/v1/kiosk${path}`, {
      method,
      headers: { ...json, cookie },
      ...(given === undefined ? {} : { body: JSON.stringify(given) }),
    })
    return { status: answer.status, body: (await answer.json()) as KioskAnswer }
  }
}

test('two kiosks, one child, the same moment: one mark goes', async () => {
  const site = await linkedSite(world, 'Oakfield')
  const [one, two] = [await pairedKiosk(site.id), await pairedKiosk(site.id)]
  expect((await one('GET', '/people?q=ab')).body.data).toEqual([])
  const { body: found } = await one('GET', '/people?q=tregear')
  const { body: home } = await one('GET', '')
  const reason = home.reasons.find((row) => row.type === 'late-arrival')!.id
  const happenedAt = world.clock.now().toISOString()
  const enter = () => ({
    id: randomUUID(),
    type: 'late-arrival',
    person: found.data[0]!.id,
    reason,
    happenedAt,
  })
  const answers = await Promise.all([one('POST', '/movements', enter()), two('POST', '/movements', enter())])
  expect(answers.map((answer) => answer.status)).toEqual([201, 201])
  const rows = await until(
    async () =>
      (await world.api('GET', `/sites/${site.id}/write-backs?person=${found.data[0]!.id}`)).body.data as {
        state: string
        cause: { code: string } | null
      }[],
    (all) => all.length === 2 && all.some((row) => row.state === 'confirmed'),
  )
  expect(rows.map((row) => row.state).sort()).toEqual(['confirmed', 'not-required'])
  expect(rows.find((row) => row.state === 'not-required')!.cause!.code).toBe('attendance.already_late')
  const refused = await one('POST', '/movements', { ...enter(), person: randomUUID() })
  expect(refused.status).toBe(404)
  const problems = (await world.api('GET', `/sites/${site.id}/kiosk-problems`)).body.data
  expect(problems).toHaveLength(1)
})
