/** Reads everything an import needs before anything is written; given up after ten minutes (contract §5 Imports). */
import type { CauseCode } from '../../shared/causes.ts'
import { type Mis, type MisAttendanceCode, MisError, type MisSchool } from '../mis/mis.ts'
import type { Reading } from './plan.ts'

export type Everything = { school: MisSchool; reading: Reading; codes: MisAttendanceCode[]; notes: string[] }

export const readWithinMs = 10 * 60_000

type Progress = (step: string, read: number) => Promise<void>

/** Throws `MisError`, or the signal's reason. `progress` is told after each page how many records were read in all. */
export async function readEverything(mis: Mis, signal: AbortSignal, progress: Progress): Promise<Everything> {
  let read = 0
  await progress('Asking for the school', read)
  const school = await mis.school(signal, { patient: true })
  const reading: Reading = {
    ...{
      students: [],
      employees: [],
      problems: { student: [], employee: [] },
      read: { student: 0, employee: 0 },
    },
  }
  const notes: string[] = []
  const told = { refusedIncludes: [] as string[] }
  for await (const page of mis.students(told, signal)) {
    reading.students.push(...page.rows)
    reading.problems.student.push(...page.problems)
    reading.read.student += page.read
    read += page.read
    await progress('Reading students', read)
  }
  if (told.refusedIncludes.length > 0)
    notes.push(
      `Of students the school does not share: ${told.refusedIncludes.join(', ')}. What we hold of that stays.`,
    )
  const toldOfStaff = { refusedIncludes: [] as string[] }
  for await (const page of mis.employees(toldOfStaff, signal)) {
    reading.employees.push(...page.rows)
    reading.problems.employee.push(...page.problems)
    reading.read.employee += page.read
    read += page.read
    await progress('Reading employees', read)
  }
  if (toldOfStaff.refusedIncludes.length > 0)
    notes.push(
      `Of employees the school does not share: ${toldOfStaff.refusedIncludes.join(', ')}. What we hold of that stays.`,
    )
  const unsure = reading.employees.filter(
    (row) => (row.current ?? null) === null && (row.employmentEndsOn ?? null) === null,
  ).length
  if (unsure > 0)
    notes.push(`Of ${unsure} employees the MIS does not tell whether they are current; they are kept.`)
  const codes: MisAttendanceCode[] = []
  for await (const page of mis.attendanceCodes(signal)) codes.push(...page.rows)
  await progress('Comparing', read)
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
