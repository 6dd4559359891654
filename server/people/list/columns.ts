/** What the columns of a list mean, whoever named them, and what a line says of a person. */
import { z } from 'zod'
import { causeOf } from '../../../shared/causes.ts'
import { listColumns, mostPhone, mostVehicle } from '../../../shared/people.ts'
import { type Cause, storableText } from '../../../shared/values.ts'
import { type FileRow, unreadable } from './rows.ts'

type Column = (typeof listColumns)[number]

const alsoCalled: Record<Column, string[]> = {
  forename: ['firstname', 'first', 'givenname', 'christianname'],
  surname: ['lastname', 'last', 'familyname'],
  email: ['emailaddress', 'mail', 'workemail', 'workemailaddress'],
  phone: ['telephone', 'mobile', 'tel', 'phonenumber', 'mobilenumber', 'telephonenumber', 'mobilephone'],
  vehicle: [
    'vehicleregistration',
    'vehiclereg',
    'registration',
    'car',
    'carregistration',
    'carreg',
    'numberplate',
  ],
  workingDays: ['workdays', 'days', 'daysworked'],
}
const columnOf = new Map(
  listColumns.flatMap((column) =>
    [column.toLowerCase(), ...alsoCalled[column]].map((name) => [name, column] as const),
  ),
)

/** What a line says; `null` where its cell is empty or its column is not there, which says nothing. */
export type Said = { [C in Exclude<Column, 'workingDays'>]: string | null } & { workingDays: number[] | null }
export type Line = { line: number; name: string } & (
  | { said: Said; fault: null }
  | { said: null; fault: Cause }
)

/** Reads the head and every line under it. No head that we know: the file is refused as a whole. */
export function readLines(rows: readonly FileRow[]): { lines: Line[]; ignoredColumns: string[] } {
  const [head, ...rest] = rows
  if (head === undefined) throw unreadable('The file is empty.')
  const names = head.cells.map((cell) => storableText(cell))
  const found = names.map((name) => columnOf.get(name.toLowerCase().replace(/[^\p{L}]/gu, '')))
  if (!found.includes('forename') && !found.includes('surname'))
    throw unreadable(
      `Line ${head.line} must name the columns: ${listColumns.join(', ')}. At least forename or surname is needed.`,
    )
  const twice = found.find((column, i) => column !== undefined && found.indexOf(column) !== i)
  if (twice !== undefined) throw unreadable(`Two columns mean ${twice}. Take one of them out.`)
  return {
    lines: rest.map((row) => readLine(row, found)),
    ignoredColumns: names.filter((name, i) => name !== '' && found[i] === undefined),
  }
}

function readLine({ line, cells }: FileRow, found: readonly (Column | undefined)[]): Line {
  const cellOf = (column: Column) => {
    const at = found.indexOf(column)
    // A name typed over two lines in its cell is one name.
    return at < 0 ? '' : storableText((cells[at] ?? '').replace(/\s+/g, ' '))
  }
  const [forename, surname, email] = [cellOf('forename'), cellOf('surname'), cellOf('email')]
  const [phone, vehicle, days] = [cellOf('phone'), cellOf('vehicle'), cellOf('workingDays')]
  const workingDays = days === '' ? null : readDays(days)
  const name = `${forename} ${surname}`.trim()
  const refused = (fault: Cause): Line => ({ line, name, said: null, fault })
  if (cells.slice(found.length).some((cell) => cell.trim() !== ''))
    return refused(causeOf('people.list_cells'))
  if (name === '') return refused(causeOf('people.list_no_name'))
  if (email !== '' && !z.email().max(200).safeParse(email).success)
    return refused(causeOf('people.list_email', `“${email}”.`))
  const long = phone.length > mostPhone ? phone : vehicle.length > mostVehicle ? vehicle : null
  if (long !== null) return refused(causeOf('people.list_too_long', `“${long}”.`))
  if (workingDays === undefined) return refused(causeOf('people.list_working_days', `“${days}”.`))
  const said = {
    ...{ forename: forename || null, surname: surname || null, email: email || null },
    ...{ phone: phone || null, vehicle: vehicle || null, workingDays },
  }
  return { line, name, said, fault: null }
}

const dayNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

function dayOf(word: string): number | undefined {
  if (/^[1-7]$/.test(word)) return Number(word)
  const at = word.length < 2 ? -1 : dayNames.findIndex((name) => name.startsWith(word))
  return at < 0 ? undefined : at + 1
}

/** "Mon-Fri", "Mon, Wed & Fri", "1;3;5": ISO days of the week in their order; undefined where it is none of these. */
export function readDays(text: string): number[] | undefined {
  const days = new Set<number>()
  const words = text
    .toLowerCase()
    .replace(/\s*(?:[-–—]|\bto\b)\s*/g, '-')
    .split(/[\s,;/&+.|]+|\band\b/)
    .filter(Boolean)
  for (const word of words) {
    const parts = word.split('-').map((one) => dayOf(one.replace(/s$/, '')))
    const [from, to] = [parts[0], parts.at(-1)]
    if (parts.length > 2 || from === undefined || to === undefined) return undefined
    for (let day = from; ; day = (day % 7) + 1) {
      days.add(day)
      if (day === to) break
    }
  }
  return days.size === 0 ? undefined : [...days].sort((a, b) => a - b)
}

const shortNames = dayNames.map((name) => name[0]!.toUpperCase() + name.slice(1, 3))

/** "Mon, Wed, Fri" */
export function daysInWords(days: readonly number[] | null): string | null {
  return days === null ? null : days.map((day) => shortNames[day - 1]).join(', ')
}
