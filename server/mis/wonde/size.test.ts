import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { driver, json, listBody, startLoopback, wireStudent } from './loopback.ts'

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc') as () => void

test('fifty thousand students stream through a heap that does not grow', { timeout: 60_000 }, async () => {
  const pages = 250
  const server = await startLoopback((seen, reply) => {
    const cursor = seen.query.get('cursor')
    const page = cursor === 'true' ? 0 : Number(cursor)
    const rows = Array.from({ length: 200 }, (_, i) =>
      wireStudent(page * 200 + i, { notes: 'x'.repeat(500) }),
    )
    json(reply, 200, listBody(rows, page + 1 < pages ? `${server.baseUrl}/p?cursor=${page + 1}` : null))
  })
  const { mis } = driver(server.baseUrl)
  const heap: number[] = []
  let read = 0
  for await (const page of mis.students({ refusedIncludes: [] })) {
    read += page.rows.length
    if (read % 10_000 === 0) {
      gc()
      heap.push(process.memoryUsage().heapUsed)
    }
  }
  expect(read).toBe(50_000)
  expect(Math.max(...heap) - (heap[0] ?? 0)).toBeLessThan(5 * 1024 * 1024)
})

test('a page is asked for only when the one before was taken', async () => {
  const server = await startLoopback((seen, reply) =>
    json(
      reply,
      200,
      listBody([wireStudent(1)], `${server.baseUrl}/p?cursor=${Number(seen.query.get('cursor')) + 1}`),
    ),
  )
  for await (const _ of driver(server.baseUrl).mis.students({ refusedIncludes: [] })) break
  expect(server.seen).toHaveLength(1)
})
