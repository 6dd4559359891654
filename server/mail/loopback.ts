/** A mail server for tests: speaks as much SMTP as a sender needs, and can refuse, be busy, or hang up. */
import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { TLSSocket } from 'node:tls'

export type MailServer = {
  url: string
  /** Messages taken, oldest first, each with who it is for and its text. */
  taken: { to: string; headers: string; text: string; encrypted: boolean; login: string | null }[]
  /** What is answered to RCPT from now on; `cut`: the message is taken and the line cut instead of an answer. */
  answer: { rcpt: string; cut: boolean }
  close(): Promise<void>
}

export async function startMailServer(tls?: { key: string; cert: string }): Promise<MailServer> {
  const sockets = new Set<Socket>()
  const taken: MailServer['taken'] = []
  const answer = { rcpt: '250 fine', cut: false }

  function serve(socket: Socket, encrypted: boolean): void {
    let to = ''
    let login: string | null = null
    let data: string[] | null = null
    const say = (line: string) => socket.write(`${line}\r\n`)
    socket.on('error', () => {})
    const lines = createInterface({ input: socket })
    function finish(message: string[]): void {
      const end = message.indexOf('')
      const headers = message.slice(0, end).join('\n')
      const lines = message.slice(end + 1)
      const text = /^Content-Transfer-Encoding: base64$/im.test(headers)
        ? Buffer.from(lines.join(''), 'base64').toString()
        : lines.map((line) => line.replace(/^\./, '')).join('\r\n')
      taken.push({ to, headers, text, encrypted, login })
      if (answer.cut) socket.destroy()
      else say('250 taken')
    }
    lines.on('line', (line) => {
      if (data !== null) {
        if (line !== '.') return void data.push(line)
        const message = data
        data = null
        return finish(message)
      }
      if (line.startsWith('EHLO'))
        say(`250-here\r\n${tls && !encrypted ? '250-STARTTLS\r\n' : ''}250 AUTH PLAIN`)
      else if (line === 'STARTTLS') {
        say('220 go on')
        lines.close()
        socket.removeAllListeners('data')
        serve(new TLSSocket(socket, { isServer: true, ...tls }), true)
      } else if (line.startsWith('AUTH PLAIN ')) {
        login = Buffer.from(line.slice(11), 'base64').toString().slice(1).replace('\u0000', ':')
        say(login.endsWith(':wrong') ? '535 who are you' : '235 welcome')
      } else if (line.startsWith('RCPT')) {
        to = /<(.*)>/.exec(line)?.[1] ?? ''
        say(answer.rcpt)
      } else if (line === 'DATA') {
        data = []
        say('354 go on')
      } else if (line === 'QUIT') socket.end('221 bye\r\n')
      else say('250 fine')
    })
  }

  const server = createServer((socket) => {
    sockets.add(socket)
    socket.write('220 here\r\n')
    serve(socket, false)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    answer,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
