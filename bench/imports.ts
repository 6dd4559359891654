/** First and unchanged import against fetching the same pages and dropping them (design.md §9). */
import { performance } from 'node:perf_hooks'
import { findConnection, misOf } from '../server/mis-link/link.ts'
import type { MisReading } from '../server/mis/mis.ts'
import { type Measure, measure } from './table.ts'
import { type BenchWorld, importNow } from './world.ts'

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

async function fetchAndDrop(world: BenchWorld, site: string): Promise<void> {
  const { app } = world.running
  const mis = misOf(app, (await app.db.read(site, findConnection))!)
  const told: MisReading = { refusedIncludes: [] }
  await mis.school()
  for (const pages of [mis.students(told), mis.employees(told), mis.attendanceCodes()])
    for await (const page of pages) if (page.read === 0) break
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
const runSeconds = (run: Record<string, string>) =>
  (Date.parse(run.finishedAt!) - Date.parse(run.startedAt!)) / 1000

/** When a row of the directory was last written. */
async function lastWritten(world: BenchWorld, site: string): Promise<string> {
  const { data } = await world.api('GET', `/sites/${site}/students?limit=500`)
  return data.reduce(
    (last: string, one: { updatedAt: string }) => (one.updatedAt > last ? one.updatedAt : last),
    '',
  )
}

export async function measureImports(
  world: BenchWorld,
  { school, people }: { school: string; people: string },
): Promise<Measure[]> {
  const site = await world.linked(school)
  const floors = [await seconds(() => fetchAndDrop(world, site))]
  const first = runSeconds(await importNow(world, site))
  floors.push(await seconds(() => fetchAndDrop(world, site)))
  const before = await lastWritten(world, site)
  const again: number[] = []
  for (let i = 0; i < 3; i++) {
    again.push(runSeconds(await importNow(world, site)))
    floors.push(await seconds(() => fetchAndDrop(world, site)))
  }
  if ((await lastWritten(world, site)) !== before) throw new Error('an unchanged import wrote a person')
  const shared = { unit: 's', floor: median(floors) }
  return [
    measure({
      ...{ name: `first import, ${people}`, value: first, ...shared, target: '≤ 1.5 ×' },
      holds: (_, ratio) => ratio! <= 1.5,
    }),
    measure({
      ...{ name: `the same again, ${people}`, value: median(again), ...shared, target: '≤ 1.15 ×, no row' },
      holds: (_, ratio) => ratio! <= 1.15,
    }),
  ]
}
