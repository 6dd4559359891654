/** The parts of a backup's stream, one after the other, without ever holding a whole one. */

const lineEnd = 0x0a
/** After the last row of a table. In the rows themselves COPY doubles every backslash. */
export const endOfRows = Buffer.from('\\.\n')
const endAfterRow = Buffer.from('\n\\.\n')

export type Sections = {
  /** The next line of JSON; null at the end of the stream. */
  next(): Promise<unknown>
  /** The rows that follow it. To be read to their end before the next. */
  rows(): AsyncGenerator<Buffer>
}

const cut = () => new Error('The backup ends in the middle.')

export function sectionsOf(body: AsyncIterable<Buffer>): Sections {
  const pieces = body[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)

  async function more(): Promise<boolean> {
    const { done, value } = await pieces.next()
    if (done === true) return false
    held = held.length === 0 ? value : Buffer.concat([held, value])
    return true
  }
  return {
    async next() {
      let end = held.indexOf(lineEnd)
      while (end < 0 && (await more())) end = held.indexOf(lineEnd)
      if (end < 0 && held.length === 0) return null
      if (end < 0) throw cut()
      const line = held.toString('utf8', 0, end)
      held = held.subarray(end + 1)
      return JSON.parse(line) as unknown
    },
    async *rows() {
      while (held.length < endOfRows.length) if (!(await more())) throw cut()
      if (held.subarray(0, endOfRows.length).equals(endOfRows)) {
        held = held.subarray(endOfRows.length)
        return
      }
      for (;;) {
        const end = held.indexOf(endAfterRow)
        if (end >= 0) {
          const last = held.subarray(0, end + 1)
          held = held.subarray(end + endAfterRow.length)
          yield last
          return
        }
        // The end may be half here.
        const sure = Math.max(held.length - endAfterRow.length + 1, 0)
        const piece = held.subarray(0, sure)
        held = held.subarray(sure)
        if (piece.length > 0) yield piece
        if (!(await more())) throw cut()
      }
    },
  }
}
