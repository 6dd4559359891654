/**
 * A file of rows as a school makes it, by whatever program: comma, semicolon or tab; UTF-8 with or without its mark,
 * UTF-16, Windows-1252; or an XLSX workbook. Read whole or not at all.
 */
import { CsvError, parse } from 'csv-parse/sync'
import { type FileRow, mostColumns, mostRows, tooMany, unreadable } from './rows.ts'
import { readWorkbook } from './xlsx.ts'

const startsWith = (bytes: Buffer, ...start: number[]) => start.every((byte, i) => bytes[i] === byte)

/** Every row that holds anything. Throws where the file as a whole cannot be read; nothing is half read. */
export async function readRows(bytes: Buffer): Promise<FileRow[]> {
  if (startsWith(bytes, 0x50, 0x4b)) return await readWorkbook(bytes)
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0))
    throw unreadable(
      'This is an old or a protected workbook. Save it as .xlsx without a password, or as CSV.',
    )
  return readText(decode(bytes))
}

function decode(bytes: Buffer): string {
  const encoding = startsWith(bytes, 0xff, 0xfe)
    ? 'utf-16le'
    : startsWith(bytes, 0xfe, 0xff)
      ? 'utf-16be'
      : 'utf-8'
  let text: string
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    if (encoding !== 'utf-8') throw unreadable('The file is damaged. Save it again as CSV or XLSX.')
    // Not UTF-8: what Excel writes on Windows as plain CSV.
    text = new TextDecoder('windows-1252').decode(bytes)
  }
  // Nothing that a person types; a picture or a PDF is full of it.
  if (/[\u0000-\u0008\u000e-\u0019\u001b-\u001f]/.test(text))
    throw unreadable('This is not a list. Save it as CSV or XLSX and choose it again.')
  return text.replace(/\u001a\s*$/, '')
}

const separators = [',', ';', '\t']

/** Excel's own first line `sep=;` decides, else what stands most often in the first line. */
function separatorOf(text: string): { separator: string; from: number } {
  const said = /^sep=(.)\r?\n/i.exec(text)
  if (said !== null) return { separator: said[1]!, from: said[0].length }
  const head = /^(?:"[^"]*"|[^"\r\n])*/.exec(text.trimStart())![0].replace(/"[^"]*"/g, '')
  const [best] = separators.toSorted((a, b) => head.split(b).length - head.split(a).length)
  return { separator: best!, from: 0 }
}

/** RFC 4180: a cell in quotes holds separators, line ends and doubled quotes. */
function readText(text: string): FileRow[] {
  const { separator, from } = separatorOf(text)
  const rows: FileRow[] = []
  let line = from === 0 ? 1 : 2
  const keep = (cells: string[], { lines }: { lines: number }) => {
    if (cells.length > mostColumns) throw unreadable(`Line ${line} has more than ${mostColumns} cells.`)
    if (cells.some((one) => one.trim() !== '')) rows.push({ line, cells })
    if (rows.length > mostRows + 1) throw tooMany()
    line = lines + (from === 0 ? 1 : 2)
    return null
  }
  try {
    parse(text.slice(from), {
      ...{ delimiter: separator, record_delimiter: ['\r\n', '\n', '\r'] },
      ...{ relax_quotes: true, relax_column_count: true, skip_empty_lines: false, on_record: keep },
    })
  } catch (error) {
    if (error instanceof CsvError) throw unreadable(`Line ${line}: quotes are opened and not closed.`)
    throw error
  }
  return rows
}
