/** Builds the two pages into dist/web, unless what stands there is built from these very sources. */
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'

const root = join(import.meta.dirname, '..')
const built = join(root, 'dist/web')
const stampFile = 'built-from'

function hashOf(): string {
  const hash = createHash('sha256')
  const add = (path: string) => {
    for (const entry of readdirSync(join(root, path), { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      const inner = `${path}/${entry.name}`
      if (entry.isDirectory()) add(inner)
      else hash.update(inner).update(readFileSync(join(root, inner)))
    }
  }
  add('web')
  add('shared')
  return hash.update(readFileSync(join(root, 'package-lock.json'))).digest('hex')
}

/** Built aside and then moved into place: a page that is being served is never half there. */
export async function ensureWebBuilt(): Promise<void> {
  const wanted = hashOf()
  const stamp = join(built, stampFile)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  const mine = randomUUID().slice(0, 8)
  const aside = join(root, `dist/web-${mine}`)
  await build({
    configFile: join(root, 'web/vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: aside, emptyOutDir: true },
  })
  writeFileSync(join(aside, stampFile), wanted)
  const old = join(root, `dist/old-${mine}`)
  if (existsSync(built)) renameSync(built, old)
  renameSync(aside, built)
  rmSync(old, { recursive: true, force: true })
}

if (import.meta.main) await ensureWebBuilt()
