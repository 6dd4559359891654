/**
 * A TrueType font: which glyph a character has, how wide it is, and the font again with only the glyphs that were
 * used, so that a page carries some kilobytes and not all of them. Tables by the OpenType specification.
 */

export type Font = {
  /** of a thousand: what PDF counts in */
  ascent: number
  descent: number
  box: readonly [number, number, number, number]
  /** 0 where the font has none: it draws a box */
  glyphOf(character: string): number
  /** in thousandths of the size */
  widthOf(glyph: number): number
  subset(glyphs: Iterable<number>): Buffer
}

const kept = ['cvt ', 'fpgm', 'glyf', 'head', 'hhea', 'hmtx', 'loca', 'maxp', 'prep'] as const

function tablesOf(file: Buffer): Map<string, Buffer> {
  return new Map(
    Array.from({ length: file.readUInt16BE(4) }, (_, i) => {
      const at = 12 + 16 * i
      const start = file.readUInt32BE(at + 8)
      return [file.toString('latin1', at, at + 4), file.subarray(start, start + file.readUInt32BE(at + 12))]
    }),
  )
}

/** Reads the Unicode map of format 12, else of format 4. */
function characterMap(cmap: Buffer): Map<number, number> {
  const subtables = Array.from({ length: cmap.readUInt16BE(2) }, (_, i) =>
    cmap.subarray(cmap.readUInt32BE(8 + 8 * i)),
  )
  const byFormat = (format: number) => subtables.find((table) => table.readUInt16BE(0) === format)
  const wide = byFormat(12)
  const map = new Map<number, number>()
  if (wide !== undefined) {
    for (let i = 0; i < wide.readUInt32BE(12); i++) {
      const first = wide.readUInt32BE(16 + 12 * i)
      const last = wide.readUInt32BE(20 + 12 * i)
      for (let code = first; code <= last; code++)
        map.set(code, wide.readUInt32BE(24 + 12 * i) + code - first)
    }
    return map
  }
  const table = byFormat(4)
  if (table === undefined) throw new Error('the font has no map of Unicode that is known here')
  const twice = table.readUInt16BE(6)
  for (let i = 0; i < twice; i += 2) {
    const last = table.readUInt16BE(14 + i)
    const first = table.readUInt16BE(16 + twice + i)
    const delta = table.readUInt16BE(16 + 2 * twice + i)
    const rangeAt = 16 + 3 * twice + i
    const range = table.readUInt16BE(rangeAt)
    for (let code = first; code <= last && code < 0xffff; code++) {
      const found = range === 0 ? code : table.readUInt16BE(rangeAt + range + 2 * (code - first))
      if (found !== 0) map.set(code, (found + delta) & 0xffff)
    }
  }
  return map
}

/** The glyphs that a glyph is put together from, such as a letter and its accent. */
function partsOf(glyph: Buffer): number[] {
  if (glyph.length === 0 || glyph.readInt16BE(0) >= 0) return []
  const parts: number[] = []
  for (let at = 10; ; ) {
    const flags = glyph.readUInt16BE(at)
    parts.push(glyph.readUInt16BE(at + 2))
    if ((flags & 0x20) === 0) return parts
    at += 4 + (flags & 1 ? 4 : 2) + (flags & 8 ? 2 : flags & 0x40 ? 4 : flags & 0x80 ? 8 : 0)
  }
}

function sumOf(table: Buffer): number {
  let sum = 0
  const whole = Buffer.concat([table, Buffer.alloc((4 - (table.length % 4)) % 4)])
  for (let at = 0; at < whole.length; at += 4) sum = (sum + whole.readUInt32BE(at)) >>> 0
  return sum
}

function fileOf(tables: ReadonlyMap<string, Buffer>): Buffer {
  const head = Buffer.alloc(12 + 16 * tables.size)
  const power = Math.floor(Math.log2(tables.size))
  head.writeUInt32BE(0x00010000, 0)
  head.writeUInt16BE(tables.size, 4)
  head.writeUInt16BE(16 * 2 ** power, 6)
  head.writeUInt16BE(power, 8)
  head.writeUInt16BE(16 * (tables.size - 2 ** power), 10)
  const parts: Buffer[] = [head]
  let start = head.length
  let at = 12
  for (const [name, table] of tables) {
    head.write(name, at, 'latin1')
    head.writeUInt32BE(sumOf(table), at + 4)
    head.writeUInt32BE(start, at + 8)
    head.writeUInt32BE(table.length, at + 12)
    const padding = Buffer.alloc((4 - (table.length % 4)) % 4)
    parts.push(table, padding)
    start += table.length + padding.length
    at += 16
  }
  return Buffer.concat(parts)
}

export function readFont(file: Buffer): Font {
  const tables = tablesOf(file)
  const table = (name: string): Buffer => {
    const found = tables.get(name)
    if (found === undefined) throw new Error(`the font has no table ${name}`)
    return found
  }
  const head = table('head')
  const thousandths = (units: number) => Math.round((units * 1000) / head.readUInt16BE(18))
  const count = table('maxp').readUInt16BE(4)
  const metrics = table('hhea').readUInt16BE(34)
  const characters = characterMap(table('cmap'))
  const long = head.readInt16BE(50) === 1
  const startOf = (glyph: number) =>
    long ? table('loca').readUInt32BE(4 * glyph) : 2 * table('loca').readUInt16BE(2 * glyph)
  const dataOf = (glyph: number) => table('glyf').subarray(startOf(glyph), startOf(glyph + 1))
  return {
    ascent: thousandths(table('hhea').readInt16BE(4)),
    descent: thousandths(table('hhea').readInt16BE(6)),
    box: [36, 38, 40, 42].map((at) => thousandths(head.readInt16BE(at))) as unknown as Font['box'],
    glyphOf: (character) => characters.get(character.codePointAt(0) ?? 0) ?? 0,
    widthOf: (glyph) => thousandths(table('hmtx').readUInt16BE(4 * Math.min(glyph, metrics - 1))),
    subset(glyphs) {
      const wanted = new Set<number>()
      const add = (glyph: number) => {
        if (glyph >= count || wanted.has(glyph)) return
        wanted.add(glyph)
        for (const part of partsOf(dataOf(glyph))) add(part)
      }
      for (const glyph of [0, ...glyphs]) add(glyph)
      // Glyphs keep their numbers; those not used are empty.
      const loca = Buffer.alloc(4 * (count + 1))
      const data: Buffer[] = []
      let length = 0
      for (let glyph = 0; glyph < count; glyph++) {
        loca.writeUInt32BE(length, 4 * glyph)
        if (!wanted.has(glyph)) continue
        const one = dataOf(glyph)
        const padded = Buffer.concat([one, Buffer.alloc((4 - (one.length % 4)) % 4)])
        data.push(padded)
        length += padded.length
      }
      loca.writeUInt32BE(length, 4 * count)
      const newHead = Buffer.from(head)
      newHead.writeInt16BE(1, 50)
      const made = new Map([
        ...tables,
        ['glyf', Buffer.concat(data)],
        ['loca', loca],
        ['head', newHead],
      ] as const)
      return fileOf(
        new Map(kept.flatMap((name) => (made.has(name) ? [[name, made.get(name)!] as const] : []))),
      )
    },
  }
}
