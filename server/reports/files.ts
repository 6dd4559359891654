/**
 * A report as a file for a spreadsheet. Rows are read page by page while they are written, so that memory is bounded
 * whatever the range. No cell of a CSV can begin a formula; it opens with a byte order mark, by which Excel knows UTF-8.
 */
import { PassThrough, Readable } from 'node:stream'
import exceljs from 'exceljs'
import type { EarlyRow, LateRow, MarkRow, Report, SixthFormRow } from '../../shared/reports.ts'
import { markWords } from '../../shared/reports.ts'
import { clockTimeOf, localTime } from '../../shared/school-day.ts'
import type { Rows } from './reports.ts'

/** A day as `YYYY-MM-DD`, a number, or text. */
type Cell = { day: string } | string | number | null
type AnyRow = LateRow | EarlyRow | SixthFormRow | MarkRow
type Column = { head: string; width: number; cell: (row: AnyRow) => Cell }

export type FileOptions = {
  report: Report
  timeZone: string
  reasons: boolean
  /** one page of the report, from a cursor on */
  read: (cursor: string | undefined) => Promise<Rows<AnyRow>>
}

const has = <K extends string>(row: AnyRow, key: K): row is Extract<AnyRow, Record<K, unknown>> => key in row
const typeWords: Record<string, string> = {
  'late-arrival': 'Late arrival',
  'early-leave': 'Early leave',
  return: 'Return',
}
const sessionWords = { AM: 'Morning', PM: 'Afternoon' }
const registers = { 'before-close': 'before it closed', 'after-close': 'after it closed' }

function columnsOf({ report, timeZone, reasons }: FileOptions): Column[] {
  const time = (at: string | null) =>
    at === null ? null : clockTimeOf(localTime(new Date(at), timeZone).secondsOfDay)
  const pupil: Column[] = [
    { head: 'Surname', width: 20, cell: (row) => row.surname },
    { head: 'Forename', width: 18, cell: (row) => row.forename },
    { head: 'Year', width: 10, cell: (row) => row.yearGroup },
    { head: 'Group', width: 10, cell: (row) => row.regGroup },
  ]
  const date: Column = { head: 'Date', width: 12, cell: (row) => ({ day: row.date }) }
  const session: Column = {
    head: 'Session',
    width: 11,
    cell: (row) => row.session && sessionWords[row.session],
  }
  const minutes: Column = {
    ...{ head: 'Minutes late', width: 13 },
    cell: (row) => (has(row, 'minutesLate') ? row.minutesLate : null),
  }
  const reason: Column[] = reasons ? [{ head: 'Reason', width: 26, cell: (row) => row.reason }] : []
  if (report === 'marks')
    return [
      ...[date, ...pupil, session],
      {
        head: 'From',
        width: 14,
        cell: (row) => (has(row, 'type') ? (typeWords[row.type] ?? row.type) : null),
      },
      { head: 'Mark', width: 8, cell: (row) => (has(row, 'code') ? row.code : null) },
      minutes,
      {
        head: 'What became of it',
        width: 20,
        cell: (row) => (has(row, 'state') ? markWords[row.state] : null),
      },
      { head: 'Why', width: 50, cell: (row) => (has(row, 'cause') ? (row.cause?.message ?? null) : null) },
      { head: 'Sent at', width: 9, cell: (row) => (has(row, 'sentAt') ? time(row.sentAt) : null) },
      { head: 'Seen at', width: 9, cell: (row) => (has(row, 'confirmedAt') ? time(row.confirmedAt) : null) },
      ...reason,
    ]
  const timeColumn: Column = {
    head: 'Time',
    width: 8,
    cell: (row) => (has(row, 'happenedAt') ? time(row.happenedAt) : null),
  }
  const late: Column[] = [
    minutes,
    {
      ...{ head: 'Register', width: 16 },
      cell: (row) => (has(row, 'register') && row.register ? registers[row.register] : null),
    },
  ]
  if (report === 'sixth-form')
    return [
      ...[date, timeColumn, ...pupil],
      {
        ...{ head: 'In or out', width: 10 },
        cell: (row) => (has(row, 'direction') ? (row.direction === 'in' ? 'In' : 'Out') : null),
      },
    ]
  const back: Column = {
    ...{ head: 'Expected back', width: 14 },
    cell: (row) => (has(row, 'expectedBackAt') ? time(row.expectedBackAt) : null),
  }
  return [
    date,
    timeColumn,
    ...pupil,
    session,
    ...(report === 'late-arrivals' ? late : [back]),
    { head: 'Mark', width: 10, cell: (row) => (has(row, 'marks') ? marksIn(row, 'code') : null) },
    {
      head: 'What became of it',
      width: 20,
      cell: (row) => (has(row, 'marks') ? marksIn(row, 'state') : null),
    },
    ...reason,
  ]
}

/** Of a movement with two marks both, with their session. */
function marksIn({ marks }: LateRow | EarlyRow | SixthFormRow, what: 'code' | 'state'): string {
  const word = (mark: LateRow['marks'][number]) =>
    what === 'code' ? (mark.code ?? '') : markWords[mark.state]
  if (marks.length < 2) return marks.map(word).join('')
  return marks.map((mark) => `${mark.session ?? ''} ${word(mark)}`.trim()).join(', ')
}

async function* pages(read: FileOptions['read']): AsyncGenerator<AnyRow[]> {
  let cursor: string | undefined
  do {
    const { data, meta } = await read(cursor)
    yield data
    cursor = meta.next ?? undefined
  } while (cursor !== undefined)
}

/** Text that a spreadsheet would take for a formula begins with an apostrophe instead. */
export function csvCell(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const text = typeof cell === 'string' ? cell : cell.day
  const safe = /^[\s\u0000-\u001f]*[=+\-@|%]/.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}
const line = (cells: readonly Cell[]) => `${cells.map(csvCell).join(',')}\r\n`

export function csvOf(options: FileOptions): Readable {
  const columns = columnsOf(options)
  async function* text() {
    yield `\uFEFF${line(columns.map(({ head }) => head))}`
    for await (const rows of pages(options.read))
      yield rows.map((row) => line(columns.map(({ cell }) => cell(row)))).join('')
  }
  return Readable.from(text(), { objectMode: false })
}

/** Text is a cell of text, never a formula; days are days, so that they sort. */
export function xlsxOf(options: FileOptions): Readable {
  const columns = columnsOf(options)
  const stream = new PassThrough()
  const book = new exceljs.stream.xlsx.WorkbookWriter({ stream, useStyles: true })
  const sheet = book.addWorksheet(options.report, { views: [{ state: 'frozen', ySplit: 1 }] })
  sheet.columns = columns.map(({ head, width, cell: _cell }) => ({ header: head, width }))
  sheet.getRow(1).font = { bold: true }
  async function write() {
    for await (const rows of pages(options.read)) {
      for (const row of rows) {
        const cells = columns.map(({ cell }) => cell(row))
        const added = sheet.addRow(
          cells.map((cell) => (cell !== null && typeof cell === 'object' ? new Date(cell.day) : cell)),
        )
        cells.forEach((cell, i) => {
          if (cell !== null && typeof cell === 'object') added.getCell(i + 1).numFmt = 'dd/mm/yyyy'
        })
        added.commit()
      }
    }
    sheet.commit()
    await book.commit()
  }
  write().catch((error: Error) => stream.destroy(error))
  return stream
}
