/** Wonde's records in our words; a record that cannot be taken over is that record's problem and no more. */
import type {
  MisAttendanceCode,
  MisEmployee,
  MisMark,
  MisPage,
  MisProblem,
  MisSchool,
  MisStudent,
} from '../mis.ts'
import { isObject } from './answers.ts'
import { day, id, instant, reference, relation, text, truth, whole } from './loose.ts'

type Row = Record<string, unknown>
type Parsed<T> = { row: T } | { problem: MisProblem }

/** Parses a page of raw records; `before` is how many came in the pages before, so that problems are numbered. */
export function parsePage<T>(
  raw: unknown[],
  before: number,
  parse: (row: Row, name: string) => Parsed<T>,
): MisPage<T> {
  const page: MisPage<T> = { rows: [], problems: [], read: raw.length }
  for (const [index, record] of raw.entries()) {
    const name = `Record ${before + index + 1}`
    const parsed = isObject(record) ? parse(record, name) : { problem: notARecord(name) }
    if ('row' in parsed) page.rows.push(parsed.row)
    else page.problems.push(parsed.problem)
  }
  return page
}

function notARecord(name: string): MisProblem {
  return { misId: null, message: `${name} is not a record.`, fix: askProvider }
}

const askProvider = 'Tell the provider’s support; nobody else’s record is affected.'

/** Fields of refused includes are simply missing in the row, and so come out `undefined`. */
export function parseStudent(row: Row, name: string): Parsed<MisStudent> {
  const person = parsePerson(row, `${name} of the students`)
  if ('problem' in person) return person
  const details = relation(row['education_details'])
  return {
    row: {
      ...person.row,
      dateOfBirth: day(row['date_of_birth']),
      yearGroup: groupName(row['year']),
      regGroup: groupName(row['registration']),
      leavingOn: told(details, 'leaving_date', day),
    },
  }
}

export function parseEmployee(row: Row, name: string): Parsed<MisEmployee> {
  const person = parsePerson(row, `${name} of the employees`)
  if ('problem' in person) return person
  const employment = relation(row['employment_details'])
  return {
    row: {
      ...person.row,
      email: told(relation(row['contact_details']), 'emails', employeeEmail),
      current: told(employment, 'current', truth),
      employmentEndsOn: told(employment, 'employment_end_date', day),
    },
  }
}

export function parseAttendanceCode(row: Row, name: string): Parsed<MisAttendanceCode> {
  const misId = id(row['id'])
  const code = text(row['code'], 50)
  if (misId === null || code === null) {
    const lacks = misId === null ? 'no id' : 'no letter'
    return { problem: { misId, message: `${name} of the attendance codes has ${lacks}.`, fix: askProvider } }
  }
  return { row: { misId, code, description: text(row['description']) ?? '', type: text(row['type']) } }
}

/** A mark, or `null` for a row that says of nobody, or of no session, that something stands. */
export function parseMark(raw: unknown): MisMark | null {
  if (!isObject(raw)) return null
  const student = reference(raw['student'] ?? raw['student_id'])
  const date = day(raw['date'])
  const session = text(raw['session'])?.toUpperCase()
  if (student === null || date === null || (session !== 'AM' && session !== 'PM')) return null
  return {
    student,
    date,
    session,
    codeId: reference(raw['attendance_code'] ?? raw['attendance_code_id']),
    comment: text(raw['comment'], 2_000),
    minutesLate: raw['minutes_late'] === undefined ? undefined : whole(raw['minutes_late']),
    employee: reference(raw['employee'] ?? raw['employee_id']),
    updatedAt: instant(raw['updated_at']),
  }
}

/** The school and its link; `meta` is `null` where the provider did not tell. */
export function parseSchool(schoolId: string, data: Row, meta: Row | null): MisSchool {
  const extended = relation(data['extended'])
  return {
    id: schoolId,
    name: text(data['name']) ?? schoolId,
    mis: text(data['mis']) ?? '',
    phase: text(data['phase_of_education']),
    timeZone: text(data['timezone']),
    allowsWriteback: truth(extended?.['allows_writeback']),
    online: truth(meta?.['online']),
    approved: truth(meta?.['approved']),
    audited: truth(meta?.['audited']),
  }
}

/** The domain that a school's object says it lives at. */
export function regionDomain(data: Row): string | null {
  return text(relation(data['region'])?.['domain'])
}

type Person = { misId: string; upi: string | null; forename: string; surname: string }

function parsePerson(row: Row, name: string): Parsed<Person> {
  const misId = id(row['id'])
  if (misId === null) return { problem: { misId, message: `${name} has no usable id.`, fix: askProvider } }
  const forename = text(row['forename']) ?? ''
  const surname = text(row['surname']) ?? ''
  if (forename === '' && surname === '') {
    const fix =
      'Enter a forename or surname in the MIS, and permit names in Wonde’s portal; then import again.'
    return { problem: { misId, message: `${name} has neither forename nor surname.`, fix } }
  }
  return { row: { misId, upi: text(row['upi'], 100), forename, surname } }
}

function groupName(value: unknown): string | null | undefined {
  const group = relation(value)
  return group && (text(group['name']) ?? text(group['code']))
}

/** A field of an included relation: not told if the relation was not, or if it lacks the field. */
function told<T>(
  relation: Row | null | undefined,
  key: string,
  read: (value: unknown) => T,
): T | null | undefined {
  if (relation === null || relation === undefined) return relation
  return relation[key] === undefined ? undefined : read(relation[key])
}

// Never the home address for a staff account (wonde-api.md §5.4).
function employeeEmail(emails: unknown): string | null {
  if (!isObject(emails)) return null
  for (const key of ['work', 'primary', 'email']) {
    const address = text(emails[key], 320)
    if (address !== null && /^[^\s@]+@[^\s@]+$/.test(address)) return address
  }
  return null
}
