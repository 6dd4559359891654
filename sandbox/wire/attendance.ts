/** Attendance codes, marks read and marks written, and what became of the writes (wonde-api.md §9, §10). */
import { type Fault, faultMs, holdsWrites } from '../state/faults.ts'
import { type Cell, type LessonMark, seen, type Version } from '../state/register.ts'
import { localDay } from '../state/time.ts'
import type { Fate, LessonRow, SessionRow, Writeback } from '../state/writebacks.ts'
import { writebackStatus } from '../state/writebacks.ts'
import { type Code, generalCodes } from '../world/codes.ts'
import { firstSchoolYear } from '../world/people.ts'
import type { School } from '../world/school.ts'
import type { Body } from './basics.ts'
import { type Answer, type Call, type SchoolCall, WireError } from './call.ts'
import { readLessonMarks, readSessionMarks } from './inputs.ts'
import { listAnswer } from './lists.ts'
import { day, instant } from './shapes.ts'
import { findLesson } from './timetable.ts'

const madeAt = Date.UTC(firstSchoolYear, 8, 1, 2)

const codeBody = ({ id, code, description, type }: Code): Body => ({ id, code, description, type })

function codeList(call: Call, rows: Code[]): Answer {
  return listAnswer(call, { rows, n: ({ n }) => n, updatedAt: () => madeAt, shape: codeBody, includes: [] })
}

export const listGeneralCodes = (call: Call): Answer =>
  codeList(call, generalCodes(call.context.store.world.seed))
export const listCodes = (call: SchoolCall): Answer => codeList(call, call.school.codes)

/** Marks as the provider's copy has them, of those on roll or of those who left (§10.1). */
export function listSessionMarks(of: 'on-roll' | 'left'): (call: SchoolCall) => Answer {
  return (call) => {
    const { school, now } = call
    const states = new Map(school.students.map(({ id, state }) => [id, state]))
    const rows: { cell: Cell; version: Version }[] = []
    for (const cell of school.registers.cells) {
      const version = seen(cell, now)
      if (version !== null && states.get(cell.student) === of) rows.push({ cell, version })
    }
    return listAnswer(call, {
      rows,
      n: ({ cell }) => cell.n,
      updatedAt: ({ version }) => version.showAt,
      shape: markBody,
      includes: [],
    })
  }
}

function markBody({ cell, version }: { cell: Cell; version: Version }): Body {
  return {
    id: cell.id,
    date: day(cell.date),
    session: cell.session,
    comment: version.comment,
    student: cell.student,
    employee: version.employee,
    attendance_code: version.codeId,
    minutes_late: version.minutesLate,
    created_at: instant(version.at),
    updated_at: instant(version.showAt),
  }
}

export function listLessonMarks(call: SchoolCall): Answer {
  const rows = call.school.registers.lessons.filter(({ showAt }) => showAt <= call.now)
  const shape = (mark: LessonMark): Body => ({
    id: mark.id,
    student: mark.student,
    lesson: mark.lesson,
    attendance_code: mark.codeId,
    comment: mark.comment,
    created_at: instant(mark.createdAt),
    updated_at: instant(mark.showAt),
  })
  return listAnswer(call, { rows, n: ({ n }) => n, updatedAt: ({ showAt }) => showAt, shape, includes: [] })
}

/** Nobody enters absences here: an empty list (§17.1). */
export const listAbsences = (call: SchoolCall): Answer =>
  listAnswer(call, { rows: [], n: () => 0, updatedAt: () => 0, shape: () => ({}), includes: [] })

export function getAbsence(): Answer {
  throw new WireError(404, 'not_found', 'There is no such record at this school.')
}

export function writeSessionMarks(call: SchoolCall): Answer {
  const rows = readSessionMarks(call.school, call.body)
  // Arbor takes a mark into the lesson that runs now, and none of another day (§15.3).
  const today = localDay(call.now)
  const misses = call.school.plan.system.writing === 'needs-lesson' && rows.some(({ date }) => date !== today)
  return take(call, { sessions: rows, lessons: [] }, misses)
}

export function writeLessonMarks(call: SchoolCall): Answer {
  const { school, body } = call
  const rows = readLessonMarks(school, body, (id) => findLesson(school, id) !== null)
  return take(call, { sessions: [], lessons: rows }, false)
}

type Taken = { fate: Fate; message: string | null; slow: Fault | null }

/** What the MIS's nature and the faults that are on make of a write. */
function decide({ school, fault }: SchoolCall, misses: boolean): Taken {
  const { mis, writing } = school.plan.system
  const failed = fault('writeback-failed')
  if (failed !== null) return { fate: 'failed', message: `${mis} did not take the mark.`, slow: null }
  // The API of this school's MIS writes back after all, whatever its vendor's table says.
  if (writing === 'fails' && fault('takes-marks') === null)
    return { fate: 'failed', message: `The ${mis} API does not write back.`, slow: null }
  if (
    fault('writeback-pending') !== null ||
    holdsWrites(school.faults.filter(({ kind }) => kind === 'offline'))
  ) {
    return { fate: 'stuck', message: null, slow: null }
  }
  if (fault('accept-and-drop') !== null || misses) return { fate: 'dropped', message: null, slow: null }
  return { fate: 'stored', message: null, slow: fault('slow-to-show') }
}

/** 200 and a receipt, at once: the provider has it, which does not mean that the MIS has (§10.3). */
function take(
  call: SchoolCall,
  rows: { sessions: SessionRow[]; lessons: LessonRow[] },
  misses: boolean,
): Answer {
  const { context, now, school } = call
  const { fate, message, slow } = decide(call, misses)
  const doneAt = now + context.delayMs
  const showAt = slow === null ? doneAt : Math.max(doneAt, now + faultMs(slow))
  const event = { t: 'write', school: school.ix, at: now, ...rows, fate, message, doneAt, showAt } as const
  const { writeback } = context.store.record(event)
  return { body: { writeback_id: writeback?.id } }
}

function writebackBody(row: Writeback, now: number): Body {
  const status = writebackStatus(row, now)
  return {
    id: row.id,
    type: row.type,
    status,
    message: status === 'failed' ? row.message : null,
    created_at: instant(row.at),
    updated_at: instant(status === 'pending' ? row.at : row.doneAt),
  }
}

const reaches = ({ caller, context }: Call, row: Writeback): boolean => {
  const school = context.store.world.schools[row.school]!
  return school.access === 'approved' && (caller.kind === 'application' || caller.school === school)
}

export function listWritebacks(call: Call): Answer {
  return listAnswer(call, {
    rows: [...call.context.store.world.writebacks.values()].filter((row) => reaches(call, row)),
    n: ({ n }) => n,
    updatedAt: (row) => (writebackStatus(row, call.now) === 'pending' ? row.at : row.doneAt),
    shape: (row) => writebackBody(row, call.now),
    includes: [],
  })
}

/** The school whose write an address `/writebacks/{id}` means, for that school's faults. */
export function schoolOfWriteback({ store }: Call['context'], id: string): School | null {
  const row = store.world.writebacks.get(id)
  return row === undefined ? null : (store.world.schools[row.school] ?? null)
}

export function getWriteback(call: Call): Answer {
  const row = call.context.store.world.writebacks.get(call.params['id'] ?? '')
  if (row === undefined || !reaches(call, row))
    throw new WireError(404, 'not_found', 'There is no such write-back.')
  return { body: { data: writebackBody(row, call.now) } }
}

/** People who went (§11): one row for each time, filled in again when they come back. */
export function listDeletions(call: SchoolCall): Answer {
  const type = call.query.getAll('type').at(-1)
  return listAnswer(call, {
    rows: call.school.deletions.filter((row) => type === undefined || type === '' || row.type === type),
    n: ({ n }) => n,
    updatedAt: ({ deletedAt, restoredAt }) => restoredAt ?? deletedAt,
    shape: (row) => ({
      type: row.type,
      id: row.id,
      mis_id: row.misId,
      deleted_at: instant(row.deletedAt),
      restored_at: instant(row.restoredAt),
    }),
  })
}
