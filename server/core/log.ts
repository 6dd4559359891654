import { pino, type Logger } from 'pino'

export type Log = Logger

/** Structured logs on stderr, so that stdout stays for what a command answers. They carry ids, never names. */
export function createLog(level: string): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2))
}
