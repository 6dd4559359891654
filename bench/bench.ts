/**
 * `npm run bench`: what design.md §9 asks for, each against a floor of the same run. `-- --quick` shortens the
 * minutes. The table goes to stdout, the numbers to bench/results.json.
 */
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { measureImports } from './imports.ts'
import { measureCheckIns, measureTaps } from './marks.ts'
import { measureSizes } from './sizes.ts'
import { type Measure, tableOf } from './table.ts'
import { createBenchWorld } from './world.ts'

const quick = process.argv.includes('--quick')
const minute = quick ? 10 : 60

async function main(): Promise<void> {
  const measures: Measure[] = [...measureSizes()]
  const world = await createBenchWorld()
  try {
    const say = (words: string) => console.error(`… ${words}`)
    say('imports')
    measures.push(...(await measureImports(world, { school: 'Northgate', people: '1,200 + 150' })))
    measures.push(...(await measureImports(world, { school: 'Riverside', people: '2,400 + 260' })))
    const { data: sites } = await world.api('GET', '/sites')
    const site = sites.find((one: { name: string }) => one.name === 'Northgate').id
    say(`30 pupils in ${minute} s`)
    measures.push(...(await measureTaps(world, site, { pupils: 30, within: minute })))
    say(`500 pupils in ${minute} s`)
    const other = sites.find((one: { name: string }) => one.name === 'Riverside').id
    measures.push(...(await measureTaps(world, other, { pupils: quick ? 84 : 500, within: minute })))
    say('check-ins')
    measures.push(...(await measureCheckIns(world, site, quick ? 3 : 10)))
  } finally {
    await world.close()
  }
  console.log(tableOf(measures))
  const results = {
    takenAt: new Date().toISOString(),
    ...{ quick, node: process.version, cpus: cpus().length, rssMb: process.memoryUsage().rss / 1e6 },
    measures,
  }
  writeFileSync(join(import.meta.dirname, 'results.json'), `${JSON.stringify(results, null, 2)}\n`)
}

main().catch((error: Error) => {
  console.error(error)
  process.exit(1)
})
