import type { ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { cert, key } from '../../../test/loopback-certificate.ts'
import type { MarkToSend } from '../mis.ts'
import { driver, failure } from './loopback.ts'

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
