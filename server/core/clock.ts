/** The only source of "now" in the server; tests hand in one they can move. */
export type Clock = { now(): Date }

export const systemClock: Clock = { now: () => new Date() }
