/** Attendance summed up for a pupil (wonde-api.md §9). */
import { standing } from '../state/register.ts'
import type { CodeType } from '../world/codes.ts'
import { wondeId } from '../world/ids.ts'
import type { Student } from '../world/people.ts'
import { onRoll, type School } from '../world/school.ts'
import type { Body } from './basics.ts'
import type { Answer, SchoolCall } from './call.ts'
import { listAnswer } from './lists.ts'
import { oneOf } from './one.ts'

export type Summary = { n: number; id: string; student: Student; counts: Map<string, number>; school: School }

function countsOf(school: School, only: string | null): Map<string, Map<string, number>> {
  const letters = new Map(school.codes.map(({ id, code }) => [id, code]))
  const byStudent = new Map<string, Map<string, number>>()
  for (const cell of school.registers.cells) {
    const mark = standing(cell)
    if (mark === null || (only !== null && cell.student !== only)) continue
    const counts = byStudent.get(cell.student) ?? new Map<string, number>()
    const letter = letters.get(mark.codeId) ?? '?'
    counts.set(letter, (counts.get(letter) ?? 0) + 1)
    byStudent.set(cell.student, counts)
  }
  return byStudent
}

function summary(school: School, student: Student, counts: Map<string, number> | undefined): Summary {
  const id = wondeId(school.place.seed, school.ix, 'summary', student.n)
  return { n: student.n, id, student, counts: counts ?? new Map(), school }
}

export const summaryOf = (school: School, student: Student): Summary =>
  summary(school, student, countsOf(school, student.id).get(student.id))

function allSummaries(school: School): Summary[] {
  const counts = countsOf(school, null)
  return onRoll(school).map((student) => summary(school, student, counts.get(student.id)))
}

/** `unauthorized_absences` is their spelling. */
export function summaryBody({ id, student, counts, school }: Summary): Body {
  const types = new Map<string, CodeType>(school.codes.map(({ code, type }) => [code, type]))
  const total = (wanted: (letter: string) => boolean) =>
    [...counts].filter(([letter]) => wanted(letter)).reduce((sum, [, count]) => sum + count, 0)
  const ofType = (type: CodeType) => total((letter) => types.get(letter) === type)
  return {
    id,
    student: student.id,
    possible_marks: total((letter) => types.get(letter) !== 'NOT_REQUIRED'),
    present: ofType('PRESENT') + ofType('LATE'),
    authorised_absences: ofType('AUTHORISED_ABSENCE'),
    unauthorized_absences: ofType('UNAUTHORISED_ABSENCE'),
    unexplained_absences: counts.get('N') ?? 0,
    late_before_registration: counts.get('L') ?? 0,
    late_after_registration: counts.get('U') ?? 0,
    missing_marks: 0,
    approved_education_activity: total((letter) => ['B', 'K', 'P', 'V', 'W'].includes(letter)),
    attendance_not_required: ofType('NOT_REQUIRED'),
    attendance_codes: Object.fromEntries(counts),
  }
}

export function listSummaries(call: SchoolCall): Answer {
  return listAnswer(call, {
    rows: allSummaries(call.school),
    n: ({ n }) => n,
    updatedAt: () => call.now,
    shape: summaryBody,
    includes: [],
  })
}

export function getSummary(call: SchoolCall): Answer {
  return { body: { data: summaryBody(oneOf(call, allSummaries(call.school))) } }
}
