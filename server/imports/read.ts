/** Reads everything an import needs before anything is written; given up after ten minutes (contract §5 Imports). */
import type { CauseCode } from '../../shared/causes.ts'
import type { PersonKind } from '../../shared/mis.ts'
import {
  type Mis,
  type MisAttendanceCode,
  MisError,
  type MisPage,
  type MisReading,
  type MisSchool,
} from '../mis/mis.ts'
import type { Reading } from './plan.ts'

export type Everything = { school: MisSchool; reading: Reading; codes: MisAttendanceCode[]; notes: string[] }

export const readWithinMs = 10 * 60_000

type Progress = (step: string, read: number) => void

/** Throws `MisError`, or the signal's reason. `progress` is told after each page how many records were read in all. */
export async function readEverything(mis: Mis, signal: AbortSignal, progress: Progress): Promise<Everything> {
  let read = 0
  progress('Asking for the school', read)
  const school = await mis.school(signal, { patient: true })
  const reading: Reading = {
    students: [],
    employees: [],
    problems: { student: [], employee: [] },
    read: { student: 0, employee: 0 },
  }
  const notes: string[] = []
  async function readKind<T>(
    kind: PersonKind,
    words: string,
    rows: T[],
    pagesOf: (told: MisReading) => AsyncIterable<MisPage<T>>,
  ): Promise<void> {
    const told: MisReading = { refusedIncludes: [] }
    for await (const page of pagesOf(told)) {
      rows.push(...page.rows)
      reading.problems[kind].push(...page.problems)
      reading.read[kind] += page.read
      read += page.read
      progress(`Reading ${words}`, read)
    }
    const refused = told.refusedIncludes.join(', ')
    if (refused !== '')
      notes.push(`Of ${words} the school does not share: ${refused}. What we hold of that stays.`)
  }
  await readKind('student', 'students', reading.students, (told) => mis.students(told, signal))
  await readKind('employee', 'employees', reading.employees, (told) => mis.employees(told, signal))
  const unsure = reading.employees.filter(
    (row) => (row.current ?? null) === null && (row.employmentEndsOn ?? null) === null,
  ).length
  if (unsure > 0)
    notes.push(`Of ${unsure} employees the MIS does not tell whether they are current; they are kept.`)
  const codes: MisAttendanceCode[] = []
  for await (const page of mis.attendanceCodes(signal)) codes.push(...page.rows)
  progress('Comparing', read)
  return { school, reading, codes, notes }
}

/** Why a reading failed, as a run shows it. */
export function causeOfFailure(error: unknown): CauseCode | null {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'import.timed_out'
  if (!(error instanceof MisError)) return null
  switch (error.kind) {
    case 'unavailable':
    case 'slow-down':
      return 'import.unreachable'
    case 'unauthorised':
      return 'import.unauthorised'
    case 'rejected':
      return error.status === 403 ? 'import.refused' : 'import.unreadable'
    case 'unreadable':
      return 'import.unreadable'
  }
}
