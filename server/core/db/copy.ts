/**
 * COPY over one connection, in bounded memory. The driver knows the messages and leaves the rest to whoever submits
 * the query; text format, as PostgreSQL 15 and 18 both read it.
 */
import type { Socket } from 'node:net'
import { once } from 'node:events'
import type pg from 'pg'

/** What the driver gives a query of one's own; its types say less than it does. */
type Wire = {
  stream: Socket
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
  sendCopyFail(message: string): void
}

/** So much may wait for a reader that is slower than the database. */
const waitingAtMost = 1 << 20

class Copy {
  wire: Wire | null = null
  error: Error | null = null
  rows = 0
  /** When there is no more to come: all is said, or it failed. */
  readonly over = Promise.withResolvers<void>()
  /** When rows may be sent. */
  readonly ready = Promise.withResolvers<void>()
  private ended = false
  private waiting: Buffer[] = []
  private size = 0
  private wake: () => void = () => {}
  private readonly text: string

  constructor(text: string) {
    this.text = text
  }

  submit(wire: unknown): void {
    this.wire = wire as Wire
    this.wire.query(this.text)
  }
  handleCopyInResponse(): void {
    this.ready.resolve()
  }
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    // The driver uses its buffer again.
    this.waiting.push(Buffer.from(chunk))
    this.size += chunk.length
    if (this.size > waitingAtMost) this.wire?.stream.pause()
    this.wake()
  }
  handleCommandComplete({ text }: { text: string }): void {
    this.rows = Number(/^COPY (\d+)$/.exec(text)?.[1] ?? 0)
  }
  handleError(error: Error): void {
    this.error = error
    this.handleReadyForQuery()
  }
  handleReadyForQuery(): void {
    this.ended = true
    this.over.resolve()
    this.ready.resolve()
    this.wake()
  }

  /** What has come since; null once there is no more. */
  async take(): Promise<Buffer | null> {
    while (this.waiting.length === 0 && !this.ended) await new Promise<void>((go) => (this.wake = go))
    if (this.waiting.length === 0) return null
    const taken = Buffer.concat(this.waiting)
    this.waiting = []
    this.size = 0
    this.wire?.stream.resume()
    return taken
  }
}

/** The rows of `copy … to stdout`, many in each piece. Throws what the database says. Left early, it ends the connection. */
export async function* copyOut(client: pg.ClientBase, sql: string): AsyncGenerator<Buffer> {
  const copy = client.query(new Copy(sql))
  let whole = false
  try {
    for (let piece = await copy.take(); piece !== null; piece = await copy.take()) yield piece
    whole = true
  } finally {
    if (!whole) copy.wire?.stream.destroy()
  }
  if (copy.error !== null) throw copy.error
}

/** Feeds `copy … from stdin`; returns the number of rows. Throws what the database, or `source`, says. */
export async function copyIn(
  client: pg.ClientBase,
  sql: string,
  source: AsyncIterable<Buffer>,
): Promise<number> {
  const copy = client.query(new Copy(sql))
  await copy.ready.promise
  const { wire } = copy
  try {
    for await (const piece of source) {
      if (copy.error !== null || wire === null) break
      wire.sendCopyFromChunk(piece)
      if (wire.stream.writableNeedDrain) await Promise.race([once(wire.stream, 'drain'), copy.over.promise])
    }
    if (copy.error === null) wire?.endCopyFrom()
  } catch (error) {
    wire?.sendCopyFail('broken off')
    await copy.over.promise
    throw error
  }
  await copy.over.promise
  if (copy.error !== null) throw copy.error
  return copy.rows
}
