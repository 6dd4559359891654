/**
 * The file that carries the state over a kill: what was seeded, then one JSON line for each thing that happened,
 * written before it is answered. A line that the kill tore was never answered, and goes at the next start.
 */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Event } from './events.ts'

export type Journal = {
  /** The seed and events that a start finds; null where there is nothing yet. */
  stored: { seed: string; events: Event[] } | null
  append(event: Event): void
  /** Forgets everything and begins anew with this seed. */
  restart(seed: string): void
  close(): void
}

/** Keeps nothing: for tests that live in memory. */
export const noJournal: Journal = {
  stored: null,
  append: () => undefined,
  restart: () => undefined,
  close: () => undefined,
}

export function openJournal(folder: string): Journal {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, 'journal.jsonl')
  const stored = existsSync(file) ? readJournal(file) : null
  let handle: number | null = stored === null ? null : openSync(file, 'a')
  const close = () => {
    if (handle !== null) closeSync(handle)
    handle = null
  }
  return {
    stored,
    append(event) {
      if (handle === null) throw new Error('The journal is closed.')
      writeSync(handle, `${JSON.stringify(event)}\n`)
    },
    restart(seed) {
      close()
      // Made whole beside it and then put in its place, so that a kill leaves one or the other.
      writeFileSync(`${file}.new`, `${JSON.stringify({ version: 1, seed })}\n`, { mode: 0o600 })
      renameSync(`${file}.new`, file)
      handle = openSync(file, 'a')
    },
    close,
  }
}

function readJournal(file: string): Journal['stored'] {
  const bytes = readFileSync(file)
  const whole = bytes.lastIndexOf(10) + 1
  if (whole < bytes.length) truncateSync(file, whole)
  if (whole === 0) return null
  const [head, ...lines] = bytes
    .subarray(0, whole - 1)
    .toString('utf8')
    .split('\n')
  try {
    const { seed } = JSON.parse(head ?? '') as { seed?: unknown }
    if (typeof seed !== 'string') throw new Error('no seed')
    return { seed, events: lines.map((line) => JSON.parse(line) as Event) }
  } catch (cause) {
    throw new Error(`DATA_DIR: ${file} cannot be read. Move it away to start the sandbox over.`, { cause })
  }
}
