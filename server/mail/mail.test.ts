import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createWorld, until, type World } from '../../test/world.ts'
import { senderOf } from './deliver.ts'
import { type MailServer, startMailServer } from './loopback.ts'
import { post } from './mail.ts'

let world: World
let server: MailServer
let site: string
let n = 0

beforeAll(async () => {
  world = await createWorld()
  server = await startMailServer()
  site = (await world.api('POST', '/sites', { name: 'Hill', phase: 'primary' })).body.id
}, 60_000)
afterAll(async () => {
  await world?.close()
  await server?.close()
})
beforeEach(() => {
  server.taken.splice(0)
  Object.assign(server.answer, { rcpt: '250 fine', cut: false })
  world.running.app.settings.smtpUrl = server.url
})

const key = () => `test:${++n}`
const posted = (reason: string, to: string | string[] = 'head@school.example') =>
  world.running.app.db.write(site, (tx) =>
    post(tx, { to, subject: 'A\nmatter', text: 'Dear all', key: reason, at: world.clock.now() }),
  )
const outbox = async (query = '') => (await world.api('GET', `/sites/${site}/messages${query}`)).body.data
const newest = (state: string) =>
  until(
    () => outbox('?limit=1'),
    ([row]) => row?.state === state,
  ).then(([row]) => row)

test('the outbox is for administrators of the site', async () => {
  const path = `/sites/${site}/messages`
  expect((await (await world.as(['people.read'], [site]))('GET', path)).status).toBe(403)
  expect((await world.api('GET', `${path}?state=odd`)).status).toBe(422)
  expect((await world.api('POST', `${path}/nothing/resend`)).status).toBe(404)
})

test('the same reason goes once to each address, however often it is posted', async () => {
  const reason = key()
  await posted(reason, ['one@school.example', 'ONE@school.example ', 'two@school.example'])
  await posted(reason, ['two@school.example', 'three@school.example'])
  await until(
    outbox,
    (rows) => rows.length === 3 && rows.every((row: { state: string }) => row.state === 'sent'),
  )
  expect(server.taken.map(({ to }) => to).sort()).toEqual([
    'one@school.example',
    'three@school.example',
    'two@school.example',
  ])
  expect(server.taken[0]).toMatchObject({
    headers: expect.stringContaining('Subject: A matter'),
    text: 'Dear all',
  })
})

test('a transaction that fails posts nothing', async () => {
  const reason = key()
  const failing = world.running.app.db.write(site, async (tx) => {
    await post(tx, { to: 'a@b.example', subject: 's', text: 't', key: reason, at: world.clock.now() })
    throw new Error('on purpose')
  })
  await expect(failing).rejects.toThrow('on purpose')
  expect((await outbox()).filter(({ to }: { to: string }) => to === 'a@b.example')).toEqual([])
})

test('without a mail server messages are kept and shown, and go once there is one', async () => {
  world.running.app.settings.smtpUrl = null
  await posted(key())
  expect(await newest('kept')).toMatchObject({ to: 'head@school.example', text: 'Dear all', attempts: 0 })
  world.running.app.settings.smtpUrl = server.url
  expect(await newest('sent')).toMatchObject({ attempts: 1, fault: null })
})

test('a busy mailbox is tried again later; one that does not exist is shown, and a person sends again', async () => {
  server.answer.rcpt = '451 busy'
  await posted(key())
  expect(
    await until(
      () => outbox('?limit=1'),
      ([row]) => row.attempts === 1 && row.state === 'waiting',
    ),
  ).toMatchObject([{ fault: expect.stringContaining('451 busy') }])
  server.answer.rcpt = '550 nobody'
  world.clock.forward(61_000)
  const failed = await newest('failed')
  expect(failed).toMatchObject({ attempts: 2, fault: expect.stringContaining('550 nobody') })
  server.answer.rcpt = '250 fine'
  expect((await world.api('POST', `/sites/${site}/messages/${failed.id}/resend`)).status).toBe(200)
  await newest('sent')
  expect(await world.api('POST', `/sites/${site}/messages/${failed.id}/resend`)).toMatchObject({
    status: 409,
    body: { error: { code: 'mail.sent' } },
  })
})

test('an answer that was lost is not sent a second time by itself', async () => {
  server.answer.cut = true
  await posted(key())
  expect((await newest('failed')).fault).toContain('may have arrived')
  world.clock.forward(3 * 3_600_000)
  await posted(key())
  await until(
    () => outbox('?limit=1'),
    ([row]) => row.state === 'failed',
  )
  expect(server.taken).toHaveLength(2)
})

test('who it comes from: SMTP_URL says, else its user, else support, else this host', () => {
  const settings = { ...world.running.app.settings, publicUrl: 'https://book.school.example' }
  const from = (smtpUrl: string, supportEmail: string | null = null) =>
    senderOf({ ...settings, smtpUrl, supportEmail })
  expect(from('smtp://mail.example?from=office@school.example')).toBe('office@school.example')
  expect(from('smtp://me%40school.example:pw@mail.example')).toBe('me@school.example')
  expect(from('smtp://me:pw@mail.example', 'help@school.example')).toBe('help@school.example')
  expect(from('smtp://mail.example')).toBe('no-reply@book.school.example')
})
