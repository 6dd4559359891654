import { createHash } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Runner } from './runner.ts'

/** A socket's path has room for 107 bytes on Linux, 103 on a Mac. */
const room = 103

/**
 * The folder of the socket, 0700, the same at every start: in the data folder, or, where that path is too long,
 * a short one under the temporary folder. One that somebody else made there first is never used.
 */
export async function makeSocketDir(dataDir: string, runner: Runner): Promise<string> {
  const inside = join(dataDir, 'socket')
  const me = process.getuid?.() ?? 0
  const uid = runner.as?.uid ?? me
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 16)
  const name = `erb-${uid}-${hash}`
  const short = [join(tmpdir(), name), join('/tmp', name)].find(fits) ?? inside
  const places = fits(inside) ? [inside] : [short, `${short}-2`, `${short}-3`]
  for (const dir of places) {
    try {
      mkdirSync(dir, { mode: 0o700 })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const found = lstatSync(dir)
    if (!found.isDirectory() || (found.uid !== uid && found.uid !== me)) continue
    if ((found.mode & 0o777) !== 0o700) chmodSync(dir, 0o700)
    await runner.give(dir)
    return dir
  }
  throw new Error(
    `${places.at(-1)} belongs to another account. Remove it, or set DATA_DIR to a folder with a shorter path.`,
  )
}

const fits = (dir: string): boolean => Buffer.byteLength(join(dir, '.s.PGSQL.5432')) <= room
