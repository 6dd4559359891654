import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { type MailServer, startMailServer } from './loopback.ts'
import { asMail, headerText, type Letter, MailFault, sendMail } from './smtp.ts'

// Made for this test, trusted by nobody, good for 127.0.0.1 until 2126.
const cert = `-----BEGIN CERTIFICATE-----
MIIBmDCCAT6gAwIBAgIUWvU9LbLsUy3B5x9qA2lQQFqsw6owCgYIKoZIzj0EAwIw
GDEWMBQGA1UEAwwNbG9vcGJhY2sgdGVzdDAgFw0yNjExMjUyMTIyMDFaGA8yMTI2
MTEwMTIxMjIwMVowGDEWMBQGA1UEAwwNbG9vcGJhY2sgdGVzdDBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABCBjJvcWE/kG38b5F+Tt1ZbJsbHr88Njuvns7UrwRLyi
BzfmhgKIp/pHP9xU897BUA1x9Y1xOp1IBXB2AijRUKCjZDBiMB0GA1UdDgQWBBRp
HiyX6HiSpiLKZzqKqZw3WaWp3TAfBgNVHSMEGDAWgBRpHiyX6HiSpiLKZzqKqZw3
WaWp3TAPBgNVHRMBAf8EBTADAQH/MA8GA1UdEQQIMAaHBH8AAAEwCgYIKoZIzj0E
AwIDSAAwRQIgEt3xVkFH/1xMlb7u+PcIg12ESUa9BXt17e17nuQ4wOoCIQDo8Ef6
KRIoudzeiAIFER2vvfxG23WwH9ueUVmArUwQrQ==
-----END CERTIFICATE-----`
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgH0weqDyrX71dKOcZ
use/fg17I5vLa14+Hm8plYAYYg+hRANCAAQgYyb3FhP5Bt/G+Rfk7dWWybGx6/PD
Y7r57O1K8ES8ogc35oYCiKf6Rz/cVPPewVANcfWNcTqdSAVwdgIo0VCg
-----END PRIVATE KEY-----`

const letter: Letter = {
  id: 'an-id',
  from: 'office@school.example',
  to: 'head@school.example',
  subject: 'Bestätigung für Łukasz: renew by 31 August',
  text: 'Dear Zoë,\n.\nA line that is a dot, and – a dash.\n',
  at: new Date('2026-11-26T09:00:00Z'),
}

async function server(tls?: { key: string; cert: string }): Promise<MailServer> {
  const made = await startMailServer(tls)
  onTestFinished(() => made.close())
  return made
}

async function fault(sending: Promise<void>): Promise<MailFault> {
  const error = await sending.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(MailFault)
  return error as MailFault
}

test('a message arrives as it was written, under the same id at every try', async () => {
  const { url, taken } = await server()
  await sendMail(url, letter)
  await sendMail(url, letter)
  expect(taken).toHaveLength(2)
  expect(taken[0]).toMatchObject({ to: letter.to, text: letter.text.replaceAll('\n', '\r\n') })
  const ids = taken.map(({ headers }) => /^Message-ID: (.*)$/m.exec(headers)?.[1])
  expect(ids).toEqual(['<an-id@school.example>', '<an-id@school.example>'])
})

test('headers are ASCII, no longer than a line may be, and lose no character', () => {
  const subject = `${'Łódź żółć '.repeat(12)}🦊`
  const encoded = headerText(subject)
  expect(encoded).toMatch(/^[\x20-\x7e\r\n]+$/)
  expect(Math.max(...encoded.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(76)
  const decoded = encoded
    .split('\r\n ')
    .map((piece) => Buffer.from(/^=\?utf-8\?B\?(.*)\?=$/.exec(piece)![1]!, 'base64').toString())
  expect(decoded.join('')).toBe(subject)
  expect(headerText('Plain')).toBe('Plain')
  expect(asMail(letter)).toContain('Date: Thu, 26 Nov 2026 09:00:00 +0000')
})

test.each<[string, string, MailFault['kind']]>([
  ['an address that does not exist', '550 no such mailbox', 'permanent'],
  ['a mailbox that is busy', '451 try again later', 'temporary'],
])('%s', async (_, rcpt, kind) => {
  const { url, answer, taken } = await server()
  answer.rcpt = rcpt
  expect(await fault(sendMail(url, letter))).toMatchObject({ kind, message: expect.stringContaining(rcpt) })
  expect(taken).toEqual([])
})

test('a line that is cut after the text: nobody knows, so it is not safe to send again', async () => {
  const { url, answer } = await server()
  answer.cut = true
  expect((await fault(sendMail(url, letter))).kind).toBe('unknown')
})

test('nobody listens; a wrong password; an address with a line break: each is told apart', async () => {
  const { url, close } = await server()
  expect((await fault(sendMail(url.replace('smtp://', 'smtp://me:wrong@'), letter))).kind).toBe('server')
  const two = { ...letter, to: 'a@b.example>\r\nRCPT TO:<c@d.example' }
  expect((await fault(sendMail(url, two))).kind).toBe('permanent')
  await close()
  expect((await fault(sendMail(url, letter))).kind).toBe('server')
})

test('encrypts where the server can, and trusts no certificate that nobody vouches for', async () => {
  const { url, taken } = await server({ key, cert })
  const withLogin = url.replace('smtp://', 'smtp://me%40school.example:s%C3%A9cret@')
  expect((await fault(sendMail(withLogin, letter))).kind).toBe('server')
  expect(taken).toEqual([])
  setDefaultCACertificates([...getCACertificates(), cert])
  await sendMail(withLogin, letter)
  expect(taken).toMatchObject([{ encrypted: true, login: 'me@school.example:sécret' }])
})
