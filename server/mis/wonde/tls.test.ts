import type { ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import type { MarkToSend } from '../mis.ts'
import { driver, failure } from './loopback.ts'

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

const mark: MarkToSend = {
  student: 'A1100000001',
  date: '2024-09-10',
  session: 'AM',
  codeId: 'A1700000012',
  comment: null,
  minutesLate: null,
  employee: null,
}

async function startTls(
  script: (post: number, reply: ServerResponse, socket: Socket) => void,
): Promise<string> {
  let posts = 0
  const server = createServer({ cert, key }, (request, reply) => {
    request.resume().on('end', () => script(++posts, reply, request.socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => (server.closeAllConnections(), void server.close()))
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/v1.0`
}

test('a certificate that nobody vouches for: nothing went out', async () => {
  const address = await startTls((_post, reply) => reply.end('{}'))
  expect(await failure(driver(address).mis.sendSessionMark(mark))).toMatchObject({
    kind: 'unavailable',
    written: 'no',
  })
})

test.each<[string, (reply: ServerResponse, socket: Socket) => void]>([
  ['cuts', (_reply, socket) => void socket.destroy()],
  ['never answers', () => undefined],
])(
  'a kept-alive TLS connection that the other side %s: unknown, for the mark had gone out',
  async (_, second) => {
    trustLoopback()
    const sockets = new Set<Socket>()
    const address = await startTls((post, reply, socket) => {
      sockets.add(socket)
      if (post === 1) reply.end('{}')
      else second(reply, socket)
    })
    const { mis } = driver(address, { limits: { postMs: 2_000 } })
    expect(await mis.sendSessionMark(mark)).toEqual({ receipt: null })
    expect(await failure(mis.sendSessionMark(mark))).toMatchObject({
      kind: 'unavailable',
      written: 'unknown',
    })
    expect(sockets.size).toBe(1)
  },
)

function trustLoopback(): void {
  setDefaultCACertificates([...getCACertificates(), cert])
}
