/**
 * One A4 page of text and lines as a PDF (ISO 32000). Its letters are embedded, so that a name looks the same wherever
 * it is opened or printed, and can be copied out again. Lengths are in points, from the top left.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { type Font, readFont } from './font.ts'

export const a4 = { width: 595, height: 842 } as const

export type TextStyle = {
  size: number
  bold?: boolean
  colour?: string
  /** `x` is where the text ends */
  right?: boolean
}

export type Page = {
  text(x: number, y: number, text: string, style: TextStyle): void
  line(x1: number, y1: number, x2: number, y2: number, colour: string): void
  box(x: number, y: number, width: number, height: number, colour: string): void
  /** The text in lines no wider than `width`; a word that is wider is cut where it must be. */
  wrap(text: string, width: number, size: number): string[]
  finish(): Buffer
}

let loaded: Font | undefined
const font = (): Font =>
  (loaded ??= readFont(readFileSync(join(import.meta.dirname, 'fonts', 'DejaVuSans.ttf'))))

const number = (value: number) => String(Math.round(value * 1000) / 1000)
/** "#2A4196" as three parts of one. */
const rgb = (colour: string) =>
  [1, 3, 5].map((at) => number(Number.parseInt(colour.slice(at, at + 2), 16) / 255)).join(' ')
const hex = (value: number) => value.toString(16).padStart(4, '0')
/** Text outside of the page: UTF-16 with its mark. */
const pdfText = (text: string) => `<feff${Buffer.from(text, 'utf16le').swap16().toString('hex')}>`

export function createPage({ title, subject, at }: { title: string; subject: string; at: Date }): Page {
  const face = font()
  const used = new Map<number, string>()
  const drawn: string[] = []
  const y = (fromTop: number) => number(a4.height - fromTop)
  const widthOf = (text: string, size: number) =>
    [...text].reduce((sum, character) => sum + face.widthOf(face.glyphOf(character)), 0) * (size / 1000)

  return {
    text(x, fromTop, text, { size, bold = false, colour = '#171C2B', right = false }) {
      // One way to write an accent: as the font has it.
      const written = text.normalize('NFC')
      const glyphs = [...written].map((character) => {
        const glyph = face.glyphOf(character)
        if (!used.has(glyph)) used.set(glyph, character)
        return hex(glyph)
      })
      const start = right ? x - widthOf(written, size) : x
      // Bold: the same letters with an outline of their own colour.
      const weight = bold ? `2 Tr ${number(size / 28)} w ${rgb(colour)} RG` : '0 Tr'
      drawn.push(
        `BT /F1 ${number(size)} Tf ${rgb(colour)} rg ${weight} ${number(start)} ${y(fromTop)} Td <${glyphs.join('')}> Tj ET`,
      )
    },
    line(x1, y1, x2, y2, colour) {
      drawn.push(`${rgb(colour)} RG 0.75 w ${number(x1)} ${y(y1)} m ${number(x2)} ${y(y2)} l S`)
    },
    box(x, fromTop, width, height, colour) {
      drawn.push(
        `${rgb(colour)} rg ${number(x)} ${y(fromTop + height)} ${number(width)} ${number(height)} re f`,
      )
    },
    wrap: (text, width, size) =>
      text.split('\n').flatMap((line) => wrapLine(line, width, (part) => widthOf(part, size))),
    finish: () => assemble(drawn.join('\n'), face, used, { title, subject, at }),
  }
}

function wrapLine(line: string, width: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = []
  let now = ''
  for (const word of line.normalize('NFC').split(' ')) {
    const joined = now === '' ? word : `${now} ${word}`
    if (widthOf(joined) <= width) {
      now = joined
      continue
    }
    if (now !== '') lines.push(now)
    now = ''
    for (const character of word) {
      if (now !== '' && widthOf(now + character) > width) {
        lines.push(now)
        now = ''
      }
      now += character
    }
  }
  return [...lines, now]
}

/** Which character each glyph stands for, so that text can be searched and copied. */
function toUnicode(used: ReadonlyMap<number, string>): string {
  const rows = [...used].map(
    ([glyph, character]) => `<${hex(glyph)}> <${Buffer.from(character, 'utf16le').swap16().toString('hex')}>`,
  )
  const blocks = Array.from({ length: Math.ceil(rows.length / 100) }, (_, i) =>
    rows.slice(100 * i, 100 * i + 100),
  )
  return [
    '/CIDInit /ProcSet findresource begin 12 dict begin begincmap',
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
    '/CMapName /Adobe-Identity-UCS def /CMapType 2 def',
    '1 begincodespacerange <0000> <ffff> endcodespacerange',
    ...blocks.map((block) => `${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`),
    'endcmap CMapName currentdict /CMap defineresource pop end end',
  ].join('\n')
}

function stream(content: Buffer | string, more = ''): Buffer {
  const packed = deflateSync(content)
  return Buffer.concat([
    Buffer.from(`<< /Length ${packed.length} /Filter /FlateDecode${more} >>\nstream\n`),
    packed,
    Buffer.from('\nendstream'),
  ])
}

type About = { title: string; subject: string; at: Date }

function assemble(drawn: string, face: Font, used: ReadonlyMap<number, string>, about: About): Buffer {
  const file = face.subset(used.keys())
  const widths = [...used.keys()].map((glyph) => `${glyph} [${face.widthOf(glyph)}]`).join(' ')
  const made = about.at.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)
  const name = '/ERBAAA+DejaVuSans'
  const objects: (string | Buffer)[] = [
    '<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) /ViewerPreferences << /DisplayDocTitle true >> >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${a4.width} ${a4.height}] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>`,
    stream(drawn),
    `<< /Type /Font /Subtype /Type0 /BaseFont ${name} /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 9 0 R >>`,
    `<< /Type /Font /Subtype /CIDFontType2 /BaseFont ${name} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 7 0 R /DW 600 /W [${widths}] /CIDToGIDMap /Identity >>`,
    `<< /Type /FontDescriptor /FontName ${name} /Flags 4 /FontBBox [${face.box.join(' ')}] /ItalicAngle 0 /Ascent ${face.ascent} /Descent ${face.descent} /CapHeight 729 /StemV 80 /FontFile2 8 0 R >>`,
    stream(file, ` /Length1 ${file.length}`),
    stream(toUnicode(used)),
    `<< /Title ${pdfText(about.title)} /Subject ${pdfText(about.subject)} /Producer (e-Reception Book) /CreationDate (D:${made}Z) >>`,
  ]
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')]
  const starts: number[] = []
  let length = parts[0]!.length
  const add = (part: Buffer) => {
    parts.push(part)
    length += part.length
  }
  for (const [i, object] of objects.entries()) {
    starts.push(length)
    add(Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`), Buffer.from(object), Buffer.from('\nendobj\n')]))
  }
  const rows = starts.map((start) => `${String(start).padStart(10, '0')} 00000 n \n`).join('')
  add(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info ${objects.length} 0 R >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  )
  return Buffer.concat(parts)
}
