/** MIS integration from the order to the lapse and on, by the API and as people who are logged in. */
import { inflateSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createAccount, createApiToken } from '../server/accounts/accounts.ts'
import { remindOfEnds } from '../server/licences/reminders.ts'
import { permission, type Role } from '../shared/accounts.ts'
import { type Api, caller, createWorld, until, type World } from './world.ts'

let world: World
/** as an operator; made anew when the clock has moved */
let api: Api
let site: string
let n = 0

beforeAll(async () => {
  world = await createWorld()
}, 60_000)
afterAll(() => world?.close())
beforeEach(async () => {
  world.clock.set('2026-11-26T09:00:00Z')
  api = await world.as(permission.options, null)
  site = await newSite()
})

async function newSite(more: object = {}): Promise<string> {
  const { body } = await api('POST', '/sites', { name: `School ${++n}`, phase: 'primary', ...more })
  return body.id
}
const wanted = {
  name: 'Zoë Łukasz',
  email: 'office@school.example',
  purchaseOrder: 'PO 17',
  invoiceAddress: 'Oakfield School\nFinance\nHU1 1AA',
}
const orders = (id = site) => `/sites/${id}/orders`
const place = async (more: object = {}, id = site) => await api('POST', orders(id), { ...wanted, ...more })
const licence = async (id = site) => (await api('GET', `/sites/${id}/licence`)).body.misIntegration
const messages = async (id = site) => (await api('GET', `/sites/${id}/messages?limit=500`)).body.data
const at = async (instant: string) => {
  world.clock.set(instant)
  api = await world.as(permission.options, null)
}

/** Logged in as somebody of this role; `siteIds` null: of the whole installation. */
async function loggedIn(role: Role, siteIds: string[] | null): Promise<Api> {
  const email = `${role}-${++n}@school.example`
  const { app } = world.running
  await app.db.system((tx) =>
    createAccount(app, tx, { email, name: 'A person', role, password: 'a long password', siteIds }),
  )
  const reply = await fetch(`${world.url}/api/v1/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: 'a long password' }),
  })
  const me = (await reply.json()) as { csrfToken: string; operator: boolean }
  expect(me.operator).toBe(role === 'admin' && siteIds === null)
  const cookie = reply.headers.getSetCookie()[0]!.split(';')[0]!
  return caller(`${world.url}/api/v1`, { cookie, 'x-csrf-token': me.csrfToken })
}

test('who may: nobody unknown, no reception, the school’s administrators order, and the operator confirms', async () => {
  expect((await caller(`${world.url}/api/v1`, {})('GET', orders())).status).toBe(401)
  const reception = await loggedIn('reception', [site])
  expect((await reception('GET', orders())).status).toBe(403)
  expect((await reception('POST', orders(), wanted)).status).toBe(403)
  // What it is and what it costs is for everybody to read.
  expect((await reception('GET', `/sites/${site}/licence/offer`)).body.price.total).toBe('144.00')
  const help = (await caller(`${world.url}/api/v1`, {})('GET', '/help/mis')).body
  expect(help.data).toHaveLength(10)
  expect(help.prices).toEqual(
    [
      ['primary', '120.00'],
      ['secondary', '180.00'],
      ['all-through', '180.00'],
    ].map(([phase, amount]) => ({ phase, amount, currency: 'GBP' })),
  )

  const admin = await loggedIn('admin', [site])
  const { status, body: order } = await admin('POST', orders(), wanted)
  expect(status).toBe(201)
  expect((await admin('POST', `${orders()}/${order.id}/confirm`)).status).toBe(403)
  expect((await licence()).state).toBe('ordered')
  const installation = await loggedIn('admin', null)
  expect((await installation('POST', `${orders()}/${order.id}/confirm`)).body).toMatchObject({
    state: 'confirmed',
    settledBy: 'A person',
  })
  expect((await licence()).state).toBe('active')
  // The licence itself is set by the operator's token only.
  const put = { edition: 'education', misIntegration: null }
  expect((await installation('PUT', `/sites/${site}/licence`, put)).status).toBe(403)
})

test.each<[string, object, string]>([
  ['no name', { name: ' ' }, 'name'],
  ['no address of e-mail', { email: 'office' }, 'email'],
  ['no invoice address', { invoiceAddress: ' \n ' }, 'invoiceAddress'],
  ['too many lines', { invoiceAddress: 'a\n'.repeat(9) }, 'invoiceAddress'],
  ['a day that is past', { startsOn: '2026-11-25' }, 'startsOn'],
  ['a day too far off', { startsOn: '2027-11-27' }, 'startsOn'],
  ['no such day', { startsOn: '2027-02-29' }, 'startsOn'],
  ['a word that is not known', { price: '1.00' }, 'price'],
])('refused with the field named, and nothing is kept: %s', async (_, more, field) => {
  const { status, body } = await place(more)
  expect(status).toBe(422)
  expect(Object.keys(body.error.fields)).toEqual([field])
  expect((await api('GET', orders())).body.data).toEqual([])
  expect((await licence()).state).toBe('none')
})

test('an order: its price is shown before, it waits, is confirmed, and each twice is as once', async () => {
  const offer = (await api('GET', `/sites/${site}/licence/offer?startsOn=2026-12-01`)).body
  expect(offer).toMatchObject({
    ...{
      refusal: null,
      renewal: false,
      earliestOn: '2026-11-26',
      startsOn: '2026-12-01',
      endsOn: '2027-11-30',
    },
    price: { net: '120.00', vatPercent: 20, vatSince: '2011-01-04', vat: '24.00', total: '144.00' },
  })
  const key = { 'idempotency-key': 'order-1' }
  const first = await api('POST', orders(), { ...wanted, startsOn: '2026-12-01' }, key)
  const again = await api('POST', orders(), { ...wanted, startsOn: '2026-12-01' }, key)
  expect([first.status, again.status]).toEqual([201, 200])
  expect(again.body).toEqual(first.body)
  expect(first.body).toMatchObject({
    ...wanted,
    state: 'ordered',
    startsOn: '2026-12-01',
    price: { total: '144.00' },
  })
  expect(await place()).toMatchObject({ status: 409, body: { error: { code: 'licence.order_open' } } })
  expect(await licence()).toMatchObject({ state: 'ordered', startsOn: '2026-12-01', endsOn: '2027-11-30' })

  const confirm = () => api('POST', `${orders()}/${first.body.id}/confirm`)
  const [one, two] = await Promise.all([confirm(), confirm()])
  expect([one.status, two.status]).toEqual([200, 200])
  expect(two.body).toEqual(one.body)
  expect(await api('POST', `${orders()}/${first.body.id}/cancel`)).toMatchObject({ status: 409 })
  expect((await licence()).state).toBe('ordered')
  const said = (await messages()).map(({ subject }: { subject: string }) => subject.split(':')[0])
  expect(said.sort()).toEqual(['Confirmed', expect.stringMatching(/^Your order ERB-2026-/)])
  await at('2026-12-01T00:00:00Z')
  expect((await licence()).state).toBe('active')
})

test('a cancelled order leaves nothing behind, and another can be placed', async () => {
  const { body: order } = await place()
  for (let i = 0; i < 2; i++)
    expect((await api('POST', `${orders()}/${order.id}/cancel`)).body.state).toBe('cancelled')
  expect((await licence()).state).toBe('none')
  expect((await api('POST', `${orders()}/${order.id}/confirm`)).body.error.code).toBe(
    'licence.order_cancelled',
  )
  expect((await api('GET', `${orders()}/${order.id}/confirmation.pdf`)).status).toBe(409)
  expect((await place()).status).toBe(201)
  expect((await api('GET', `${orders()}?limit=1`)).body).toMatchObject({
    data: [{ state: 'ordered' }],
    meta: { next: expect.any(String) },
  })
})

test('two presses at the same moment: one order', async () => {
  const answers = await Promise.all([place(), place(), place()])
  expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409, 409])
})

test('another edition than education can order nothing', async () => {
  const care = await newSite({ edition: 'care' })
  expect(await place({}, care)).toMatchObject({
    status: 422,
    body: { error: { code: 'licence.wrong_edition' } },
  })
  expect((await api('GET', `/sites/${care}/licence/offer`)).body.refusal.code).toBe('licence.wrong_edition')
})

test('confirmed after its day, the twelve months begin with the confirmation', async () => {
  const { body: order } = await place({ startsOn: '2026-12-01' })
  await at('2026-12-10T12:00:00Z')
  expect((await api('POST', `${orders()}/${order.id}/confirm`)).body).toMatchObject({
    startsOn: '2026-12-10',
    endsOn: '2027-12-09',
  })
})

test('a renewal begins the day after, and there is no day between', async () => {
  await api('POST', `${orders()}/${(await place()).body.id}/confirm`)
  expect(await place({ startsOn: '2027-12-24' })).toMatchObject({
    status: 422,
    body: { error: { fields: { startsOn: expect.stringContaining('2027-11-26') } } },
  })
  const { body: renewal } = await place()
  expect(renewal).toMatchObject({ renewal: true, startsOn: '2027-11-26', endsOn: '2028-11-25' })
  expect(await licence()).toMatchObject({ state: 'active', endsOn: '2027-11-25' })
  await api('POST', `${orders()}/${renewal.id}/confirm`)
  expect((await place()).body.error.code).toBe('licence.bought_ahead')
  for (const [instant, startsOn] of [
    ['2027-11-25T23:59:59Z', '2026-11-26'],
    ['2027-11-26T00:00:00Z', '2027-11-26'],
  ] as const) {
    await at(instant)
    expect(await licence()).toMatchObject({ state: 'active', startsOn })
  }
  // What was read and is put back changes nothing that was bought.
  await at('2027-06-01T00:00:00Z')
  const put = { edition: 'education', misIntegration: { startsOn: '2026-11-26' } }
  await api('PUT', `/sites/${site}/licence`, put)
  await at('2027-12-01T00:00:00Z')
  expect((await licence()).state).toBe('active')
})

test('the operator sets a licence to the letter of the contract', async () => {
  const put = (startsOn: string | null) =>
    api('PUT', `/sites/${site}/licence`, {
      edition: 'education',
      misIntegration: startsOn === null ? null : { startsOn },
    })
  const price = { amount: '120.00', currency: 'GBP', vat: 'excluded', months: 12 }
  for (const [startsOn, state, endsOn] of [
    ['2026-11-26', 'active', '2027-11-25'],
    ['2026-11-27', 'ordered', '2027-11-26'],
    ['2025-11-27', 'active', '2026-11-26'],
    ['2025-11-26', 'lapsed', '2026-11-25'],
    ['2024-02-29', 'lapsed', '2025-02-27'],
    ['2999-12-31', 'ordered', '3000-12-30'],
  ] as const)
    expect((await put(startsOn)).body).toEqual({
      edition: 'education',
      misIntegration: { state, startsOn, endsOn, price },
    })
  expect((await put(null)).body.misIntegration).toMatchObject({ state: 'none', startsOn: null, endsOn: null })
})

/** The texts that the page draws, a line each, found through the font's own map back to characters. */
function textOf(pdf: Buffer): string {
  const streams = [...pdf.toString('latin1').matchAll(/stream\n([\s\S]*?)\nendstream/g)].map(([, packed]) =>
    inflateSync(Buffer.from(packed!, 'latin1')).toString(),
  )
  const lists = streams.at(-1)!.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[(.*?)\]/g)
  const glyphs = [...lists].flatMap(([, first, list]) =>
    [...list!.matchAll(/<([0-9a-f ]*)>/g)].map(
      ([, text], i) =>
        [
          Number.parseInt(first!, 16) + i,
          Buffer.from(text!.replaceAll(' ', ''), 'hex').swap16().toString('utf16le'),
        ] as const,
    ),
  )
  const characters = new Map(glyphs)
  const shown = ([, pieces]: RegExpMatchArray) =>
    [...pieces!.matchAll(/<([0-9a-f]*)>/g)]
      .flatMap(([, piece]) => piece!.match(/.{4}/g) ?? [])
      .map((glyph) => characters.get(Number.parseInt(glyph, 16)))
      .join('')
  return [...streams[0]!.matchAll(/\[(.*?)\] TJ/g)].map(shown).join('\n')
}

test('the confirmation to print holds every name and the address as they were written', async () => {
  const invoiceAddress = `Szkoła Podstawowa „Żółw”\nŠkola čeština ${'long '.repeat(30)}\nΑθήνα\nМосква`
  const { body: order } = await place({ name: 'Łukasz Ștefănescu-Ødegård', invoiceAddress })
  const get = async () => {
    const { app } = world.running
    const { token } = await app.db.system((tx) =>
      createApiToken(app, tx, { name: 'pdf', siteIds: null, permissions: permission.options, days: 1 }),
    )
    return await fetch(`${world.url}/api/v1${orders()}/${order.id}/confirmation.pdf`, {
      headers: { authorization: `Bearer ${token}` },
    })
  }
  const waits = await get()
  expect(waits.headers.get('content-type')).toBe('application/pdf')
  expect(textOf(Buffer.from(await waits.arrayBuffer()))).toContain('Order received, not yet confirmed')
  await api('POST', `${orders()}/${order.id}/confirm`)
  const pdf = Buffer.from(await (await get()).arrayBuffer())
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
  expect(pdf.length).toBeLessThan(60_000)
  const text = textOf(pdf)
  for (const part of [
    ...['Order confirmation', order.number, 'Łukasz Ștefănescu-Ødegård', 'office@school.example', 'PO 17'],
    ...['Szkoła Podstawowa „Żółw”', 'Αθήνα', 'Москва', '£120.00', 'VAT at 20 %', '£24.00', '£144.00'],
  ])
    expect(text).toContain(part)
  expect(text.match(/long/g)).toHaveLength(30)
})

test('the school is reminded at 60, 30 and 7 days and when it has ended, each once', async () => {
  const zone = await newSite({ timeZone: 'Pacific/Auckland' })
  await api('PUT', `/sites/${zone}/licence`, {
    edition: 'education',
    misIntegration: { startsOn: '2026-11-26' },
  })
  await loggedIn('admin', [zone])
  await loggedIn('reception', [zone])
  const ends = async () =>
    (await messages(zone)).filter(({ subject }: { subject: string }) => /end/.test(subject))
  // The last day is 25 November 2027 there: 13 hours ahead of UTC, 12 before the clocks change on 26 September.
  for (const [instant, so, word] of [
    ['2027-09-25T11:59:00Z', 0, ''],
    ['2027-09-25T12:01:00Z', 1, 'ends on 25 November 2027'],
    ['2027-10-25T10:59:00Z', 1, 'ends on 25 November 2027'],
    ['2027-10-25T11:01:00Z', 2, 'ends on 25 November 2027'],
    ['2027-11-17T10:59:00Z', 2, 'ends on 25 November 2027'],
    ['2027-11-17T11:01:00Z', 3, 'ends on 25 November 2027'],
    ['2027-11-25T10:59:00Z', 3, 'ends on 25 November 2027'],
    ['2027-11-25T11:01:00Z', 4, 'has ended'],
    ['2027-11-28T11:01:00Z', 4, 'has ended'],
  ] as const) {
    await at(instant)
    await remindOfEnds(world.running.app)
    await remindOfEnds(world.running.app)
    const rows = await ends()
    const each = Map.groupBy(rows, ({ to }: { to: string }) => to)
    expect(new Set([...each.values()].map((own) => own.length))).toEqual(new Set(so === 0 ? [] : [so]))
    if (so > 0) expect(rows[0].subject).toContain(word)
    expect(rows.some(({ to }: { to: string }) => to.startsWith('reception'))).toBe(false)
  }
  await until(
    async () => (await api('GET', `/sites/${zone}/licence`)).body.misIntegration.state,
    (state) => state === 'lapsed',
  )
})
