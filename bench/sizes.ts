/** Script that a first load fetches, compressed: what the page names, and what those import at once. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { measure, type Measure } from './table.ts'

const built = join(import.meta.dirname, '../dist/web')

function scriptsOf(page: string, more: RegExp | null): Set<string> {
  const found = new Set<string>()
  const visit = (file: string) => {
    if (found.has(file)) return
    found.add(file)
    const text = readFileSync(join(built, 'assets', file), 'utf8')
    for (const [, name] of text.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) visit(name!)
  }
  const html = readFileSync(join(built, page), 'utf8')
  for (const [, name] of html.matchAll(/\/assets\/([^"]+\.js)"/g)) visit(name!)
  if (more !== null) for (const name of readdirSync(join(built, 'assets'))) if (more.test(name)) visit(name)
  return found
}

function kilobytes(files: Iterable<string>): number {
  let bytes = 0
  for (const file of files) bytes += gzipSync(readFileSync(join(built, 'assets', file))).length
  return bytes / 1000
}

export function measureSizes(): Measure[] {
  const of = (name: string, value: number, most: number) =>
    measure({
      ...{ name, value, unit: 'kB gz', floor: null, target: `≤ ${most} kB` },
      holds: (size) => size <= most,
    })
  return [
    of('kiosk, first load', kilobytes(scriptsOf('kiosk.html', null)), 200),
    of('dashboard, first load with Today', kilobytes(scriptsOf('index.html', /^today-.*\.js$/)), 350),
  ]
}
