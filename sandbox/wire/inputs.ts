/**
 * Marks as clients send them (wonde-api.md §10.2, §10.6): loosely read, for official clients send nulls, numbers as
 * text and full timestamps. Every fault is told, by position (§10.3); one bad row and nothing is taken.
 */
import { isDay } from '../state/time.ts'
import type { LessonRow, SessionRow } from '../state/writebacks.ts'
import type { School } from '../world/school.ts'
import { InvalidData, WireError } from './call.ts'

type Given = Record<string, unknown>
/** Tells a fault of the row at hand. */
type Tell = (field: string, fault: string) => void

const isObject = (value: unknown): value is Given =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A body that is JSON, or 400. */
function readJson(body: string | null): unknown {
  if (body === null || body.trim() === '') return null
  try {
    return JSON.parse(body)
  } catch {
    throw new WireError(400, 'invalid_parameter', 'The body is not JSON.')
  }
}

function readRows<T>(body: string | null, read: (row: Given, tell: Tell) => T): T[] {
  const json = readJson(body)
  const rows = isObject(json) ? json['attendance'] : undefined
  if (!Array.isArray(rows))
    throw new InvalidData({ attendance: ['The attendance field must be a list of marks.'] })
  if (rows.length === 0) throw new InvalidData({ attendance: ['The attendance field must hold a mark.'] })
  const errors: Record<string, string[]> = {}
  const marks = rows.map((row: unknown, i) => {
    const tell: Tell = (field, fault) => {
      const key = field === '' ? `attendance.${i}` : `attendance.${i}.${field}`
      errors[key] = [...(errors[key] ?? []), fault]
    }
    if (!isObject(row)) tell('', 'A mark must be an object.')
    return read(isObject(row) ? row : {}, tell)
  })
  if (Object.keys(errors).length > 0) throw new InvalidData(errors)
  return marks
}

const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')

function student(school: School, row: Given, tell: Tell): string {
  const id = text(row['student_id'])
  const found = school.students.find((one) => one.id === id)
  if (found === undefined) tell('student_id', 'The student does not exist at this school.')
  else if (found.state !== 'on-roll') tell('student_id', 'The student is not on roll at this school.')
  return id
}

function code(school: School, row: Given, tell: Tell): string {
  const id = text(row['attendance_code_id'])
  if (!school.codes.some((one) => one.id === id)) {
    tell('attendance_code_id', 'The attendance code does not exist at this school.')
  }
  return id
}

function comment(row: Given, tell: Tell): string | null {
  const value = row['comment'] ?? null
  if (value !== null && typeof value !== 'string') tell('comment', 'The comment must be text.')
  return text(value) || null
}

/** A number, a number as text, or nothing; 0 and nothing mean the same. */
function minutes(row: Given, tell: Tell): number | null {
  const value = row['minutes_late'] ?? null
  if (value === null || value === '') return null
  const number = typeof value === 'string' ? Number(value) : value
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number || null
  tell('minutes_late', 'The minutes late must be a whole number, 0 or more.')
  return null
}

function employee(school: School, row: Given, tell: Tell): string | null {
  const id = text(row['employee_id'] ?? '')
  if (id === '') return null
  if (!school.employees.some((one) => one.id === id)) {
    tell('employee_id', 'The employee does not exist at this school.')
  }
  return id
}

export function readSessionMarks(school: School, body: string | null): SessionRow[] {
  const taken = new Set<string>()
  return readRows(body, (row, tell) => {
    // A timestamp means its first ten characters and is never turned into UTC (§17.4).
    const date = text(row['date']).slice(0, 10)
    if (!isDay(date)) tell('date', 'The date is not a valid date.')
    const session = row['session']
    if (session !== 'AM' && session !== 'PM') tell('session', 'The session must be AM or PM.')
    const mark: SessionRow = {
      student: student(school, row, tell),
      date,
      session: session === 'PM' ? 'PM' : 'AM',
      codeId: code(school, row, tell),
      comment: comment(row, tell),
      minutesLate: minutes(row, tell),
      employee: employee(school, row, tell),
    }
    const key = `${mark.student} ${date} ${String(session)}`
    if (taken.has(key)) tell('student_id', 'There is another mark for this student, date and session.')
    taken.add(key)
    return mark
  })
}

export function readLessonMarks(
  school: School,
  body: string | null,
  isLesson: (id: string) => boolean,
): LessonRow[] {
  const taken = new Set<string>()
  return readRows(body, (row, tell) => {
    const lesson = text(row['lesson_id'])
    if (!isLesson(lesson)) tell('lesson_id', 'The lesson does not exist at this school.')
    const mark = {
      student: student(school, row, tell),
      lesson,
      codeId: code(school, row, tell),
      comment: comment(row, tell),
    }
    const key = `${mark.student} ${lesson}`
    if (taken.has(key)) tell('student_id', 'There is another mark for this student and lesson.')
    taken.add(key)
    return mark
  })
}
