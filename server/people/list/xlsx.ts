/** The first sheet of an XLSX workbook: a zip of XML, of which only what holds cells is unpacked, and only so much. */
import { promisify } from 'node:util'
import { inflateRaw } from 'node:zlib'
import { type FileRow, mostColumns, mostRows, tooLarge, tooMany, unreadable } from './rows.ts'

const unpack = promisify(inflateRaw)
/** Of one part, unpacked: 20,000 rows fit many times over, a zip bomb does not. */
const mostBytes = 32 * 1024 * 1024

const damaged = () => unreadable('The workbook is damaged or is none. Save it again as XLSX or CSV.')

type Part = { method: number; packed: Buffer }

/** The parts of the zip by name, from its directory at the end. */
function partsOf(zip: Buffer): Map<string, Part> {
  const end = zip.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'))
  if (end < 0 || end + 22 > zip.length) throw damaged()
  const parts = new Map<string, Part>()
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > zip.length || zip.readUInt32LE(at) !== 0x02014b50) throw damaged()
    const [size, start] = [zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 42)]
    const nameEnd = at + 46 + zip.readUInt16LE(at + 28)
    const name = zip.toString('utf8', at + 46, nameEnd).replaceAll('\\', '/')
    if (start + 30 > zip.length) throw damaged()
    const from = start + 30 + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28)
    parts.set(name.toLowerCase(), {
      method: zip.readUInt16LE(at + 10),
      packed: zip.subarray(from, from + size),
    })
    at = nameEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  return parts
}

async function textOf(part: Part | undefined): Promise<string | null> {
  if (part === undefined) return null
  if (part.method === 0) return part.packed.toString('utf8')
  if (part.method !== 8) throw damaged()
  try {
    return (await unpack(part.packed, { maxOutputLength: mostBytes })).toString('utf8')
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE')
      throw tooLarge('The workbook is too large once unpacked. Save only the list itself.')
    throw damaged()
  }
}

const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** XML's entities, and the `_x000D_` by which a workbook writes what XML cannot. */
function plain(text: string): string {
  return text
    .replace(
      /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{2,4}));/gi,
      (all, hex?: string, decimal?: string, name?: string) => {
        if (name !== undefined) return named[name] ?? all
        const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
        return code <= 0x10ffff ? String.fromCodePoint(code) : ''
      },
    )
    .replace(/_x([0-9a-f]{4})_/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

const attribute = (tag: string, name: string) =>
  plain(
    new RegExp(`(?:^|\\s)(?:\\w+:)?${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)
      .exec(tag)
      ?.slice(1)
      .find(Boolean) ?? '',
  )

/** Tags of these names, and text, in the order of the document. `close`: an end tag; one that is both is `empty`. */
function* tokens(xml: string, names: string) {
  const pattern = new RegExp(`<(/?)(?:[\\w.-]+:)?(${names})(?=[\\s/>])([^<>]*)>|([^<]+)|<`, 'g')
  for (const [, slash, name, inner = '', text] of xml.matchAll(pattern)) {
    if (text !== undefined) yield { text }
    else if (name !== undefined) yield { name, inner, close: slash === '/', empty: inner.endsWith('/') }
  }
}

/** The text of every `si`, of its runs together; readings of Asian words (`rPh`) are no part of it. */
function sharedTexts(xml: string): string[] {
  const texts: string[] = []
  let here: string | null = null
  let reading = false
  let inText = false
  for (const token of tokens(xml, 'si|t|rPh')) {
    if ('text' in token) {
      if (inText && !reading && here !== null) here += token.text
    } else if (token.name === 'si') {
      if (token.close || token.empty) {
        texts.push(plain(here ?? ''))
        here = null
      } else here = ''
    } else if (token.name === 'rPh') reading = !token.close && !token.empty
    else inText = !token.close && !token.empty
  }
  return texts
}

/** "C7" → 2 */
function columnOf(reference: string): number | null {
  const letters = /^[A-Z]{1,3}(?=\d)/.exec(reference)?.[0]
  if (letters === undefined) return null
  return Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
}

function valueOf(type: string, text: string, shared: readonly string[]): string {
  switch (type) {
    case 's':
      return shared[Number(text)] ?? ''
    case 'e':
      return ''
    case '':
    case 'n':
      // Written as 7.7009E9 here and there; a telephone number is not.
      return text !== '' && Number.isSafeInteger(Number(text)) ? String(Number(text)) : plain(text)
    default:
      return plain(text)
  }
}

function rowsOf(sheet: string, shared: readonly string[]): FileRow[] {
  const rows: FileRow[] = []
  let [line, column, type, text] = [0, 0, '', '']
  let cells: string[] = []
  let [inValue, reading] = [false, false]
  const endRow = () => {
    if (cells.some((cell) => cell.trim() !== '')) rows.push({ line, cells })
    if (rows.length > mostRows + 1) throw tooMany()
    cells = []
  }
  const endCell = () => {
    if (column >= mostColumns) return
    while (cells.length < column) cells.push('')
    cells[column] = valueOf(type, text, shared)
  }
  for (const token of tokens(sheet, 'row|c|v|t|rPh')) {
    if ('text' in token) {
      if (inValue && !reading) text += token.text
      continue
    }
    const { name, inner, close, empty } = token
    if (name === 'row') {
      if (!close) {
        line = Number(attribute(inner, 'r')) || line + 1
        column = -1
      }
      if (close || empty) endRow()
    } else if (name === 'c') {
      if (!close) {
        column = columnOf(attribute(inner, 'r')) ?? column + 1
        type = attribute(inner, 't')
        text = ''
      }
      if (close || empty) endCell()
    } else if (name === 'rPh') reading = !close && !empty
    else inValue = !close && !empty
  }
  return rows
}

/** Where the first sheet stands that is not hidden. */
async function firstSheet(parts: ReadonlyMap<string, Part>): Promise<Part> {
  const [book, links] = await Promise.all([
    textOf(parts.get('xl/workbook.xml')),
    textOf(parts.get('xl/_rels/workbook.xml.rels')),
  ])
  if (book === null || links === null) throw damaged()
  const sheets = [...tokens(book, 'sheet')].filter((token) => 'name' in token && !token.close)
  const shown = sheets.find((token) => 'inner' in token && !/hidden/i.test(attribute(token.inner!, 'state')))
  if (shown === undefined || !('inner' in shown)) throw unreadable('The workbook has no sheet.')
  const wanted = attribute(shown.inner!, 'r:id') || attribute(shown.inner!, 'id')
  for (const token of tokens(links, 'Relationship')) {
    if (!('inner' in token) || attribute(token.inner!, 'Id') !== wanted) continue
    const target = attribute(token.inner!, 'Target')
    const path = target.startsWith('/') ? target.slice(1) : `xl/${target}`
    const found = parts.get(path.toLowerCase())
    if (found !== undefined) return found
  }
  throw damaged()
}

/** The rows of the first sheet that hold anything, with the numbers that the sheet shows. */
export async function readWorkbook(zip: Buffer): Promise<FileRow[]> {
  let parts: Map<string, Part>
  try {
    parts = partsOf(zip)
  } catch (error) {
    throw error instanceof RangeError ? damaged() : error
  }
  const sheet = await textOf(await firstSheet(parts))
  const shared = await textOf(parts.get('xl/sharedstrings.xml'))
  return rowsOf(sheet ?? '', shared === null ? [] : sharedTexts(shared))
}
