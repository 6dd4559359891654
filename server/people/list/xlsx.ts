/** The first sheet of an XLSX workbook that is not hidden. */
import { Readable } from 'node:stream'
import ExcelJS from 'exceljs'
import JSZip from 'jszip'
import { type FileRow, mostColumns, mostRows, tooLarge, tooMany, unreadable } from './rows.ts'

/** Of all parts, unpacked: 20,000 rows fit three times over, a zip bomb does not. */
const mostBytes = 16 * 1024 * 1024

const damaged = () => unreadable('The workbook is damaged or is none. Save it again as XLSX or CSV.')

/** What a zip says of its sizes may be a lie, so that each part is unpacked as far as it may go, and dropped. */
async function refuseBomb(zip: Buffer): Promise<void> {
  const parts = Object.values((await JSZip.loadAsync(zip)).files).filter((part) => !part.dir)
  let bytes = 0
  for (const part of parts)
    for await (const piece of new Readable().wrap(part.nodeStream())) {
      bytes += (piece as Buffer).length
      if (bytes > mostBytes)
        throw tooLarge('The workbook is too large once unpacked. Save only the list itself.')
    }
}

function textOf(value: ExcelJS.CellValue): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString().slice(0, 10)
  if (typeof value !== 'object') return String(value)
  if ('richText' in value) return value.richText.map((run) => run.text).join('')
  if ('text' in value) return textOf(value.text as ExcelJS.CellValue)
  if ('result' in value) return textOf(value.result as ExcelJS.CellValue)
  return ''
}

/** The rows of the first sheet that hold anything, with the numbers that the sheet shows. */
export async function readWorkbook(zip: Buffer): Promise<FileRow[]> {
  try {
    await refuseBomb(zip)
    const book = new ExcelJS.Workbook()
    await book.xlsx.load(zip as unknown as ExcelJS.Buffer)
    return rowsOf(book.worksheets.find((one) => one.state === 'visible'))
  } catch (error) {
    // Ours are told as they are; whatever a reader of workbooks throws means that this is none.
    if ((error as { status?: number }).status !== undefined) throw error
    throw damaged()
  }
}

function rowsOf(sheet: ExcelJS.Worksheet | undefined): FileRow[] {
  if (sheet === undefined) throw unreadable('The workbook has no sheet.')
  const rows: FileRow[] = []
  sheet.eachRow((row, line) => {
    const cells = Array.from({ length: Math.min(row.cellCount, mostColumns) }, (_, i) =>
      textOf(row.getCell(i + 1).value),
    )
    if (cells.some((cell) => cell.trim() !== '')) rows.push({ line, cells })
    if (rows.length > mostRows + 1) throw tooMany()
  })
  return rows
}
