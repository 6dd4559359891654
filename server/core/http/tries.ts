/** Wrong tries by address within a minute: for logins, tokens and pairings, never for valid calls (contract §5 Limits). */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '../errors.ts'

export type WrongTries = {
  /** Refuses an address that has used up its wrong tries. */
  check(address: string): Promise<void>
  wrong(address: string): Promise<void>
  /** Counts a try before it is judged, so that many at once get no more than the rest; a right one is given back. */
  attempt<T>(address: string, judge: () => Promise<T>): Promise<T>
}

/** Counts wrong tries by address; a right one costs nothing. */
export function wrongTries(points: number): WrongTries {
  const limiter = new RateLimiterMemory({ points, duration: 60 })
  const refuse = (ms: number) =>
    new AppError(429, 'too_many_tries', 'Too many wrong tries from here. Wait a minute and try again.', {
      retryAfterSeconds: ms / 1000,
    })
  async function wrong(address: string): Promise<void> {
    await limiter.consume(address).catch((refused: unknown) => {
      if (refused instanceof RateLimiterRes) throw refuse(refused.msBeforeNext)
      throw refused
    })
  }
  return {
    wrong,
    async check(address) {
      const found = await limiter.get(address)
      if (found !== null && found.consumedPoints >= points) throw refuse(found.msBeforeNext)
    },
    async attempt(address, judge) {
      await wrong(address)
      const result = await judge()
      await limiter.reward(address)
      return result
    },
  }
}
