/**
 * Statements that come again and again are parsed and planned once for each connection. Bulk statements are not: their
 * text changes with the number of their rows, and each would be kept for ever.
 */
import { createHash } from 'node:crypto'
import pg from 'pg'

const longest = 3000
const most = 500

const names = new Map<string, string>()

function nameOf(text: string): string | null {
  const known = names.get(text)
  if (known !== undefined) return known
  if (text.length > longest || names.size >= most) return null
  const name = createHash('sha256').update(text).digest('base64url')
  names.set(text, name)
  return name
}

type Query = (...given: unknown[]) => Promise<pg.QueryResult>

/** Whether a newer version changed a table under a prepared statement; the same again is prepared anew. */
export function isStale(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '0A000' && error.message.includes('cached plan')
}

/**
 * A client as the pool wants it: awaited statements with values are prepared, and statements that are asked for at
 * once go out at once, each answered in its turn.
 */
export class PreparingClient extends pg.Client {
  #generation = 0

  constructor(config: pg.ClientConfig) {
    super({ ...config, pipeline: true })
  }

  override query = ((...given: unknown[]) => {
    const ask = super.query.bind(this) as unknown as Query
    const [text, values] = given
    const name =
      given.length === 2 && typeof text === 'string' && Array.isArray(values) && values.length > 0
        ? nameOf(text)
        : null
    if (name === null) return ask(...given)
    return ask({ name: `${name}${this.#generation}`, text, values }).catch((error: unknown) => {
      if (isStale(error)) this.#generation += 1
      throw error
    })
  }) as unknown as pg.Client['query']
}
