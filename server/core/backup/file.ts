/**
 * A backup as a file: one line of JSON that says what it is, a gzip stream, and 32 bytes of SHA-256 over all before.
 * In the gzip stream: a line of JSON with the secret key (or null), then for each table a line of JSON, its rows as
 * COPY writes them, and a line `\.`. Written and read piece by piece; without this program it is read by
 * `tail -n +2 FILE | zcat`.
 */
import { createHash } from 'node:crypto'
import { type FileHandle, lstat, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { z } from 'zod'
import { processIdentity } from '../postgres/postmaster.ts'

const format = 'e-reception-book backup'
const version = 1
const begin = Buffer.from(`{"format":"${format}",`)
const digestSize = 32

const header = z.object({
  format: z.literal(format),
  version: z.literal(version),
  takenAt: z.iso.datetime(),
  release: z.string(),
  postgresql: z.string(),
  /** The level of the tables: which migrations had run. */
  migrations: z.array(z.string()),
})
export type Header = Omit<z.infer<typeof header>, 'format' | 'version'>

export type Backup = { file: string; bytes: number; header: Header; body(): AsyncIterable<Buffer> }

/** Makes FILE whole or not at all, mode 0600; what is there already is replaced only where it is a backup itself. */
export async function writeBackup(
  file: string,
  about: Header,
  body: AsyncIterable<Buffer>,
): Promise<{ bytes: number }> {
  const half = `${file}.part-${processIdentity(process.pid) ?? process.pid}`
  const handle = await open(half, 'wx', 0o600)
  try {
    const hash = createHash('sha256')
    let bytes = digestSize
    const put = async (piece: Buffer) => {
      hash.update(piece)
      bytes += piece.length
      await handle.writeFile(piece)
    }
    await put(Buffer.from(`${JSON.stringify({ format, version, ...about })}\n`))
    await pipeline(body, createGzip(), async (zipped: AsyncIterable<Buffer>) => {
      for await (const piece of zipped) await put(piece)
    })
    await handle.writeFile(hash.digest())
    await handle.sync()
    await handle.close()
    await rename(half, file)
    await syncFolder(file)
    return { bytes }
  } catch (error) {
    await handle.close()
    await rm(half, { force: true })
    throw error
  }
}

/** Refuses a place that cannot be written or holds something else, and clears what a killed backup left there. */
export async function checkPlace(file: string): Promise<void> {
  const there = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (there !== null && !(await isBackup(file, there.isFile())))
    throw new Error(`${file} is there already and is no backup. Give another name.`)
  const folder = dirname(file)
  const half = `${basename(file)}.part-`
  for (const name of await readdir(folder)) {
    const maker = name.startsWith(half) ? name.slice(half.length) : ''
    if (/^\d/.test(maker) && processIdentity(Number.parseInt(maker, 10)) !== maker)
      await rm(join(folder, name))
  }
}

async function isBackup(file: string, isFile: boolean): Promise<boolean> {
  if (!isFile) return false
  const handle = await open(file)
  try {
    const { buffer } = await handle.read(Buffer.alloc(begin.length), 0, begin.length, 0)
    return buffer.equals(begin)
  } finally {
    await handle.close()
  }
}

async function syncFolder(file: string): Promise<void> {
  const handle = await open(dirname(file))
  await handle.sync().finally(() => handle.close())
}

/** Reads all of it once. Throws, in plain words, for what is no backup, is damaged or cut short, or of a later form. */
export async function openBackup(file: string): Promise<Backup> {
  const handle = await open(file)
  try {
    const { size } = await handle.stat()
    const line = await firstLine(handle)
    if (line === null) throw new Error(`${file} is no backup of e-Reception Book.`)
    if (size <= line.length + 1 + digestSize || !(await isWhole(handle, size)))
      throw new Error(`${file} is damaged or cut short: its checksum is wrong. Use another backup.`)
    const said = JSON.parse(line.toString('utf8')) as { version?: unknown }
    if (said.version !== version)
      throw new Error(`${file} was written by a newer release. Update this one, then restore.`)
    return {
      ...{ file, bytes: size, header: header.parse(said) },
      body: () => unzipped(file, line.length + 1, size - digestSize - 1),
    }
  } finally {
    await handle.close()
  }
}

async function firstLine(handle: FileHandle): Promise<Buffer | null> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(1 << 20), 0, 1 << 20, 0)
  const read = buffer.subarray(0, bytesRead)
  const end = read.indexOf('\n')
  return read.subarray(0, begin.length).equals(begin) && end > 0 ? read.subarray(0, end) : null
}

async function isWhole(handle: FileHandle, size: number): Promise<boolean> {
  const hash = createHash('sha256')
  const end = size - digestSize
  const pieces = handle.createReadStream({ start: 0, end: end - 1, autoClose: false })
  for await (const piece of pieces) hash.update(piece as Buffer)
  const { buffer } = await handle.read(Buffer.alloc(digestSize), 0, digestSize, end)
  return hash.digest().equals(buffer)
}

async function* unzipped(file: string, start: number, end: number): AsyncGenerator<Buffer> {
  const handle = await open(file)
  const zipped = handle.createReadStream({ start, end })
  const plain = createGunzip()
  zipped.once('error', (error) => plain.destroy(error))
  try {
    for await (const piece of zipped.pipe(plain)) yield piece as Buffer
  } finally {
    zipped.destroy()
  }
}
