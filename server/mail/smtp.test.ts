import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { cert, key } from '../../test/loopback-certificate.ts'
import { type MailServer, startMailServer } from './loopback.ts'
import { type Letter, MailFault, sendMail } from './smtp.ts'

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

/** RFC 2047, both of its encodings, after unfolding. */
function decoded(header: string): string {
  return header
    .replaceAll(/\r?\n[ \t]/g, ' ')
    .replaceAll(/\?= +=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([bq])\?(.*?)\?=/gi, (_, kind: string, text: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64').toString('latin1')
        : text
            .replaceAll('_', ' ')
            .replaceAll(/=([0-9a-f]{2})/gi, (_all, hex: string) =>
              String.fromCharCode(Number.parseInt(hex, 16)),
            ),
    )
}

test('headers are ASCII, no longer than a line may be, and lose no character', async () => {
  const { url, taken } = await server()
  const subject = `${'Łódź żółć '.repeat(12)}🦊`
  await sendMail(url, { ...letter, subject })
  const { headers } = taken[0]!
  expect(headers).toMatch(/^[\x20-\x7e\n]+$/)
  expect(Math.max(...headers.split('\n').map((line) => line.length))).toBeLessThanOrEqual(78)
  const written = Buffer.from(decoded(/^Subject: ([^\n]*(?:\n[ \t][^\n]*)*)/m.exec(headers)![1]!), 'latin1')
  expect(written.toString()).toBe(subject)
  expect(headers).toContain('Date: Thu, 26 Nov 2026 09:00:00 +0000')
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
