/** Callers of the API, forked by marks.ts: checks people in as fast as they are answered. */
import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { rate } from './rate.ts'

export type CheckIns = { address: string; token: string; site: string; people: string[]; seconds: number }

const agent = new Agent({ keepAlive: true })

function post(url: string, token: string, body: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const asked = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume()
      answer.on('end', () =>
        answer.statusCode === 201 ? resolve() : reject(new Error(`answered ${answer.statusCode}`)),
      )
    })
    asked.on('error', reject)
    asked.end(JSON.stringify(body))
  })
}

process.once('message', async ({ address, token, site, people, seconds }: CheckIns) => {
  const checkIn = (i: number) =>
    post(`${address}/api/v1/sites/${site}/movements`, token, {
      ...{ id: randomUUID(), type: 'check-in', person: people[i % people.length] },
      happenedAt: new Date().toISOString(),
    })
  await rate(1, checkIn)
  const [value, p99] = await rate(seconds, checkIn)
  process.send!({ value, p99 }, () => process.exit(0))
})
