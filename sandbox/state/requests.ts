/** What was asked over the wire, the last ten thousand: by whom is the kind of token, never the token. */

export type Asked = {
  n: number
  at: string
  school: string | null
  method: string
  path: string
  query: string
  by: 'application' | 'school' | 'nobody'
  /** null: not answered (yet), or the line was cut. */
  status: number | null
  ms: number | null
  /** The fault that decided the answer. */
  fault: string | null
}

const kept = 10_000

export type RequestLog = {
  open(asked: Omit<Asked, 'n' | 'status' | 'ms' | 'fault' | 'by' | 'school'>): Asked
  /** Oldest first. */
  list(wanted: { school?: string | undefined; since?: number | undefined; last?: number }): Asked[]
  clear(): void
}

export function createRequestLog(): RequestLog {
  let rows: Asked[] = []
  let count = 0
  return {
    open(asked) {
      const row: Asked = {
        n: ++count,
        ...asked,
        school: null,
        by: 'nobody',
        status: null,
        ms: null,
        fault: null,
      }
      rows.push(row)
      // Cut in slices, so that a busy sandbox does not shift ten thousand rows at each request.
      if (rows.length > kept + 1_000) rows = rows.slice(-kept)
      return row
    },
    list({ school, since, last }) {
      const wanted = rows
        .slice(-kept)
        .filter((row) => school === undefined || row.school === school)
        .filter((row) => since === undefined || Date.parse(row.at) >= since)
      return last === undefined ? wanted : wanted.slice(-last)
    },
    clear() {
      rows = []
    },
  }
}
