import { percentile } from './table.ts'

const lanes = 16

/** How many times a second `work` is done by sixteen at once, and its p99 in ms. */
export async function rate(
  seconds: number,
  work: (i: number) => Promise<unknown>,
): Promise<[number, number]> {
  const times: number[] = []
  const end = performance.now() + seconds * 1000
  let i = 0
  async function lane(): Promise<void> {
    while (performance.now() < end) {
      const start = performance.now()
      await work(i++)
      times.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return [times.length / seconds, percentile(times, 99)]
}
