/** A kiosk from its code to its removal, over HTTP (contract §3.6). */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Api, caller, createWorld, dayAround, type World } from '../../test/world.ts'
import { createKiosk, renewPairing } from './kiosks.ts'

let world: World
let site: string
const nobody = () => caller(`${world.url}/api/v1`, {})

beforeAll(async () => {
  world = await createWorld()
  const made = await world.api('POST', '/sites', { name: 'Hillcrest', phase: 'primary', timeZone: 'UTC' })
  site = made.body.id
  await world.api('PUT', `/sites/${site}/school-day`, dayAround(world.clock.now()))
}, 60_000)
afterAll(() => world?.close())
// Wrong tries are counted by address, and here all come from one.
beforeEach(() => void (lastAddress += 1))

let lastAddress = 0
const fromElsewhere = () => ({ 'x-forwarded-for': `203.0.113.${lastAddress}` })

async function newKiosk(
  name = 'Front desk',
): Promise<{ id: string; pairingCode: string; expiresAt: string }> {
  const { status, body } = await world.api('POST', `/sites/${site}/kiosks`, { name })
  expect(status).toBe(201)
  return body
}

const pair = (code: string) => nobody()('POST', '/kiosk/pair', { code }, fromElsewhere())

async function device(code: string): Promise<Api> {
  const { status, headers } = await pair(code)
  expect(status).toBe(200)
  const [cookie = ''] = headers.getSetCookie()
  return caller(`${world.url}/api/v1`, { cookie: cookie.split(';')[0]!, 'x-kiosk': '1' })
}

const pairedDevice = async () => await device((await newKiosk()).pairingCode)

async function student(forename: string, surname: string, more: object = {}): Promise<string> {
  const made = await world.api('POST', `/sites/${site}/students`, { forename, surname, ...more })
  expect(made.status).toBe(201)
  return made.body.id
}

describe('pairing', () => {
  test('the office needs the permission, and a name', async () => {
    expect((await nobody()('POST', `/sites/${site}/kiosks`, { name: 'x' })).status).toBe(401)
    const reader = await world.as(['people.read'], null)
    expect((await reader('POST', `/sites/${site}/kiosks`, { name: 'x' })).status).toBe(403)
    expect((await world.api('POST', `/sites/${site}/kiosks`, { name: ' ' })).status).toBe(422)
  })

  test('six digits pair one device, once', async () => {
    const kiosk = await newKiosk()
    expect(kiosk.pairingCode).toMatch(/^\d{6}$/)
    const { status, body, headers } = await pair(kiosk.pairingCode)
    expect(status).toBe(200)
    expect(body).toMatchObject({ kiosk: { id: kiosk.id, name: 'Front desk' }, site: { name: 'Hillcrest' } })
    expect(headers.getSetCookie().join()).toMatch(/^erb_kiosk=.*HttpOnly.*SameSite=Strict/)
    expect((await pair(kiosk.pairingCode)).status).toBe(422)
    const { data } = (await world.api('GET', `/sites/${site}/kiosks`)).body
    expect(data[0]).toMatchObject({ id: kiosk.id, state: 'paired' })
  })

  test('a code runs out after 15 minutes; the demo’s does not', async () => {
    const { app } = world.running
    const office = await newKiosk()
    const demo = await createKiosk(app, site, { id: randomUUID(), name: 'Demo', expires: false })
    expect(demo.expiresAt).toBeNull()
    world.clock.forward(15 * 60_000 + 1000)
    expect((await pair(office.pairingCode)).status).toBe(422)
    expect((await pair(demo.pairingCode)).status).toBe(200)
  })

  test('a fresh code leaves the device until another is paired with it', async () => {
    const kiosk = await newKiosk()
    const first = await device(kiosk.pairingCode)
    const fresh = await renewPairing(world.running.app, site, { id: kiosk.id, expires: true })
    expect((await first('GET', '/kiosk')).status).toBe(200)
    const second = await device(fresh.pairingCode)
    expect((await second('GET', '/kiosk')).status).toBe(200)
    expect((await first('GET', '/kiosk')).status).toBe(401)
  })

  test('the sixth wrong try of a minute from one address waits, though many come at once', async () => {
    const { pairingCode } = await newKiosk()
    const wrong = pairingCode === '000000' ? '111111' : '000000'
    const answers = await Promise.all(Array.from({ length: 8 }, () => pair(wrong)))
    const said = (status: number) => answers.filter((one) => one.status === status).length
    expect([said(422), said(429)]).toEqual([5, 3])
    const right = await pair(pairingCode)
    expect(right.status).toBe(429)
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0)
    lastAddress += 1
    expect((await pair(pairingCode)).status).toBe(200)
  })

  test('the same Idempotency-Key makes one kiosk', async () => {
    const key = { 'idempotency-key': randomUUID() }
    const first = await world.api('POST', `/sites/${site}/kiosks`, { name: 'Side door' }, key)
    const again = await world.api('POST', `/sites/${site}/kiosks`, { name: 'Side door' }, key)
    expect([first.status, again.status]).toEqual([201, 200])
    expect(again.body).toEqual(first.body)
  })
})

describe('a paired device', () => {
  test('may do nothing but what a kiosk does, and nobody else may do that', async () => {
    const kiosk = await pairedDevice()
    for (const path of [
      '/sites',
      `/sites/${site}/students`,
      `/sites/${site}/kiosks`,
      `/sites/${site}/movements`,
    ])
      expect.soft((await kiosk('GET', path)).status).toBe(401)
    expect((await world.api('GET', '/kiosk')).status).toBe(403)
    expect((await nobody()('GET', '/kiosk/directory')).status).toBe(401)
  })

  test('a command without the header of a kiosk is refused', async () => {
    const { headers } = await pair((await newKiosk()).pairingCode)
    const cookie = headers.getSetCookie()[0]!.split(';')[0]!
    const other = caller(`${world.url}/api/v1`, { cookie })
    expect((await other('POST', '/kiosk/movements', {})).status).toBe(403)
  })

  test('says what waits on it and which page it shows, and the office sees it', async () => {
    const { id, pairingCode } = await newKiosk('Side door')
    const kiosk = await device(pairingCode)
    const seen = async () =>
      (await world.api('GET', `/sites/${site}/kiosks`)).body.data.find((one: { id: string }) => one.id === id)
    expect(await seen()).toMatchObject({ waiting: 0, page: null, pageIsNewest: null })
    expect((await kiosk('GET', '/kiosk?waiting=3&page=kiosk-old')).status).toBe(200)
    expect(await seen()).toMatchObject({ waiting: 3, page: 'kiosk-old' })
    // A page of before says nothing of itself, and takes nothing back.
    expect((await kiosk('GET', '/kiosk')).status).toBe(200)
    expect(await seen()).toMatchObject({ waiting: 3, page: 'kiosk-old' })
    expect((await kiosk('GET', '/kiosk?waiting=many')).status).toBe(422)
  })

  test('a replaced device is paired with a fresh code; the old one goes on until then', async () => {
    const { id, pairingCode } = await newKiosk('Hall')
    const old = await device(pairingCode)
    const made = await world.api('POST', `/sites/${site}/kiosks/${id}/pairing-code`)
    expect(made).toMatchObject({ status: 201, body: { id, pairingCode: expect.stringMatching(/^\d{6}$/) } })
    expect((await old('GET', '/kiosk')).status).toBe(200)
    const fresh = await device(made.body.pairingCode)
    expect((await fresh('GET', '/kiosk')).body.kiosk.name).toBe('Hall')
    expect((await old('GET', '/kiosk')).status).toBe(401)
    expect((await world.api('POST', `/sites/${site}/kiosks/${randomUUID()}/pairing-code`)).status).toBe(404)
  })

  test('its last contact is written once a minute', async () => {
    const made = await newKiosk('Touched')
    const kiosk = await device(made.pairingCode)
    const seen = async () => {
      const { data } = (await world.api('GET', `/sites/${site}/kiosks`)).body
      return data.find((one: { id: string }) => one.id === made.id).lastSeenAt
    }
    const before = await seen()
    await kiosk('GET', '/kiosk')
    expect(await seen()).toBe(before)
    world.clock.forward(61_000)
    await kiosk('GET', '/kiosk')
    expect(Date.parse(await seen()) - Date.parse(before)).toBeGreaterThan(60_000)
  })

  test('removed, it is told so once and forgets its cookie', async () => {
    const made = await newKiosk()
    const kiosk = await device(made.pairingCode)
    const removed = await world.api('DELETE', `/sites/${site}/kiosks/${made.id}`)
    expect(removed.status).toBe(200)
    expect(removed.body).toMatchObject({ id: made.id, state: 'paired' })
    const refused = await kiosk('GET', '/kiosk/people?q=abc')
    expect(refused.status).toBe(401)
    expect(refused.body.error.code).toBe('unauthenticated')
    expect(refused.headers.getSetCookie().join()).toMatch(
      /^erb_kiosk=;.*(Max-Age=0|Expires=Thu, 01 Jan 1970)/,
    )
    expect((await world.api('DELETE', `/sites/${site}/kiosks/${made.id}`)).status).toBe(404)
    const { data } = (await world.api('GET', `/sites/${site}/kiosks`)).body
    expect(data.map((one: { id: string }) => one.id)).not.toContain(made.id)
  })
})

describe('finding oneself', () => {
  let kiosk: Api
  const found = async (q: string) => (await kiosk('GET', `/kiosk/people?q=${encodeURIComponent(q)}`)).body
  const names = async (q: string) => (await found(q)).data.map((one: { name: string }) => one.name)

  beforeAll(async () => {
    kiosk = await pairedDevice()
    await student('Zoë', 'O’Neill', { regGroup: '9B' })
    await student('Mary-Jane', 'Smith')
    await student('Łukasz', 'Ørsted')
    await student('Prince', '')
    const left = await student('Zoltan', 'Gone')
    await world.api('POST', `/sites/${site}/students/${left}/archive`)
    for (const surname of ['Ash', 'Birch', 'Cedar', 'Dean', 'Elm']) await student('Quentin', surname)
  })

  test('nobody before three letters, however they are typed', async () => {
    for (const q of ['', 'z', 'zo', 'z o', '  z-o’ ', '.*.', '%%%']) {
      expect.soft(await found(q)).toEqual({ data: [], more: false })
    }
  })

  test('any word of the name, without its accents, apostrophes and hyphens; archived people never', async () => {
    expect(await found('zoe')).toEqual({
      data: [{ id: expect.any(String), name: 'Zoë O.', group: '9B' }],
      more: false,
    })
    expect(await names('ONEI')).toEqual(['Zoë O.'])
    expect(await names('o nei')).toEqual(['Zoë O.'])
    expect(await names("o'neill zoe")).toEqual(['Zoë O.'])
    expect(await names('jane')).toEqual(['Mary-Jane S.'])
    expect(await names('maryja')).toEqual(['Mary-Jane S.'])
    expect(await names('smith-maryjane')).toEqual(['Mary-Jane S.'])
    expect(await names('ørs')).toEqual(['Łukasz Ø.'])
    expect(await names('luk')).toEqual(['Łukasz Ø.'])
    expect(await names('pri')).toEqual(['Prince'])
    expect(await names('eill')).toEqual([])
    expect(await names('zol')).toEqual([])
  })

  test('five are shown; of six none, and the kiosk says to keep typing', async () => {
    expect((await found('quentin')).data).toHaveLength(5)
    await student('Quentin', 'Fir')
    expect(await found('quentin')).toEqual({ data: [], more: true })
    expect(await names('quentin fi')).toEqual(['Quentin F.'])
  })

  test('the directory for no network holds what finding needs, and is sent once', async () => {
    const first = await kiosk('GET', '/kiosk/directory')
    expect(first.status).toBe(200)
    const zoe = first.body.data.find((one: { name: string }) => one.name === 'Zoë O.')
    expect(zoe).toEqual({ id: expect.any(String), name: 'Zoë O.', group: '9B', find: 'zoe oneill' })
    expect(first.body.data.map((one: { find: string }) => one.find)).not.toContain('zoltan gone')
    const known = { 'if-none-match': first.headers.get('etag')! }
    expect((await kiosk('GET', '/kiosk/directory', undefined, known)).status).toBe(304)
    await student('Newly', 'Come')
    expect((await kiosk('GET', '/kiosk/directory', undefined, known)).status).toBe(200)
  })
})

describe('commands', () => {
  test('one that is refused goes to the office once, and the queue moves on', async () => {
    const kiosk = await pairedDevice()
    const happenedAt = world.clock.now().toISOString()
    const command = {
      id: randomUUID(),
      type: 'late-arrival',
      person: randomUUID(),
      reason: 'none',
      happenedAt,
    }
    const refused = await kiosk('POST', '/kiosk/movements', command)
    expect(refused.status).toBeGreaterThanOrEqual(400)
    expect(refused.status).toBeLessThan(500)
    await kiosk('POST', '/kiosk/movements', command)
    const outdated = { id: randomUUID(), kind: 'late', pupil: 'x' }
    expect((await kiosk('POST', '/kiosk/movements', outdated)).status).toBe(422)
    const { data } = (await world.api('GET', `/sites/${site}/kiosk-problems`)).body
    expect(data.map((one: { id: string }) => one.id)).toEqual([outdated.id, command.id])
    expect(data[0]).toMatchObject({
      kiosk: { name: 'Front desk' },
      command: outdated,
      code: 'request.invalid',
    })
    expect(data[1]).toMatchObject({ command, code: refused.body.error.code, settledAt: null })
    const settle = () => world.api('POST', `/sites/${site}/kiosk-problems/${command.id}/settle`)
    const settled = (await settle()).body
    expect(settled).toMatchObject({
      id: command.id,
      settledAt: expect.any(String),
      settledBy: expect.any(String),
    })
    world.clock.set(new Date(world.clock.now().getTime() + 60_000))
    expect((await settle()).body).toEqual(settled)
    const idsIn = async (state: string) =>
      (await world.api('GET', `/sites/${site}/kiosk-problems?state=${state}`)).body.data.map(
        (one: { id: string }) => one.id,
      )
    expect([await idsIn('open'), await idsIn('settled')]).toEqual([[outdated.id], [command.id]])
    expect((await world.api('POST', `/sites/${site}/kiosk-problems/${randomUUID()}/settle`)).status).toBe(404)
  })

  test('one of a wrong clock is kept; the answer says the time, and the same again is the same', async () => {
    const kiosk = await pairedDevice()
    const person = await student('Ada', 'Late')
    const happenedAt = new Date(world.clock.now().getTime() + 3 * 3_600_000).toISOString()
    const command = { id: randomUUID(), type: 'return', person, happenedAt }
    const first = await kiosk('POST', '/kiosk/movements', command)
    expect(first.status).toBe(201)
    const at = new Date(first.body.happenedAt)
    const hour = at.getUTCHours() % 12 || 12
    expect(first.body.time).toBe(`${hour}.${String(at.getUTCMinutes()).padStart(2, '0')}`)
    const again = await kiosk('POST', '/kiosk/movements', command)
    expect([again.status, again.body]).toEqual([200, first.body])
    const { data } = (await world.api('GET', `/sites/${site}/movements?person=${person}`)).body
    expect(data).toHaveLength(1)
    expect(data[0]).toMatchObject({ id: command.id, timeUncertain: true })
  })
})
