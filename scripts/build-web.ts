/** Builds the two pages into dist/web, unless what stands there is built from these very sources. */
import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const built = join(dist, 'web')
const stampFile = 'built-from'

/** Of every file the pages are made from. */
function hashOfSources(): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  for (const folder of ['web', 'shared']) {
    const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    for (const file of files.sort())
      hash.update(file.slice(root.length)).update('\0').update(readFileSync(file))
  }
  return hash.digest('hex')
}

function builtFrom(): string | null {
  return orNull(() => readFileSync(join(built, stampFile), 'utf8'))
}

/** Built aside and then moved into place: a page that is being served is never half there, and two builds at once do no harm. */
export async function ensureWebBuilt(): Promise<void> {
  // `npm run dev` serves the pages from their sources, and half-written ones are no reason not to start.
  if (process.env['PAGES_BY_VITE'] === '1') return
  const wanted = hashOfSources()
  if (builtFrom() === wanted) return
  sweep()
  const aside = join(dist, `web-${process.pid}-${randomUUID().slice(0, 8)}`)
  try {
    await build({
      configFile: join(root, 'web/vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: aside, emptyOutDir: true },
    })
    writeFileSync(join(aside, stampFile), wanted)
    // The place is free only for a moment; another build may take it first, from the same sources or others.
    while (builtFrom() !== wanted && !moved(aside, built)) {
      const old = `${aside}-old`
      moved(built, old)
      rmSync(old, { recursive: true, force: true })
    }
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}

/** What builds that were killed left behind. */
function sweep(): void {
  for (const name of orNull(() => readdirSync(dist)) ?? []) {
    const maker = /^web-(\d+)-/.exec(name)
    if (maker !== null && !isAlive(Number(maker[1])))
      rmSync(join(dist, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** False where it is not there (any more), or its new place is taken. */
function moved(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch (error) {
    if (['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}

function orNull<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

if (import.meta.main) await ensureWebBuilt()
