/** Everything that can happen to the simulated schools, and what it does to them; replayed in order at a start. */
import { writebackId } from '../world/ids.ts'
import type { School } from '../world/school.ts'
import type { Access } from '../world/schools.ts'
import type { World } from '../world/world.ts'
import { type Fault, holdsWrites } from './faults.ts'
import { openCell, write, writeLessonMark } from './register.ts'
import { changeRoll, type Roll, type RollResult } from './roll.ts'
import type { Fate, LessonRow, SessionRow, Writeback } from './writebacks.ts'

export type TeacherMark = { student: string; date: string; session: 'AM' | 'PM'; codeId: string }

export type Event =
  | { t: 'teacher'; school: number; at: number; employee: string | null; marks: TeacherMark[] }
  | {
      t: 'write'
      school: number
      at: number
      sessions: SessionRow[]
      lessons: LessonRow[]
      fate: Fate
      message: string | null
      doneAt: number
      showAt: number
    }
  | { t: 'roll'; school: number; at: number; roll: Roll }
  | { t: 'faults'; school: number; at: number; faults: Fault[]; showAt: number }
  | { t: 'fault-used'; school: number; fault: number }
  | { t: 'access'; id: string; access: Access }

/** What an event answers to who made it happen. */
export type Outcome = { writeback?: Writeback; roll?: RollResult }

/** Changes the world; the same events on the same seed give the same world. */
export function happen(world: World, event: Event): Outcome {
  if (event.t === 'access') {
    const place = [...world.schools, ...world.others].find(({ id }) => id === event.id)
    if (place !== undefined) place.access = event.access
    return {}
  }
  const school = world.schools[event.school]!
  switch (event.t) {
    case 'teacher':
      for (const mark of event.marks) teacherMarks(school, mark, event)
      return {}
    case 'write':
      return { writeback: takeWrite(world, school, event) }
    case 'roll':
      return { roll: changeRoll(school, event.roll, event.at) }
    case 'faults':
      changeFaults(world, school, event)
      return {}
    case 'fault-used':
      useFault(school, event.fault)
      return {}
  }
}

function teacherMarks(
  school: School,
  mark: TeacherMark,
  { at, employee }: { at: number; employee: string | null },
): void {
  const { codeId } = mark
  const cell = openCell(school.registers, { school: school.ix, ...mark })
  // Seen through the provider at once: only what comes from outside is slow to show.
  write(cell, { codeId, comment: null, minutesLate: null, employee, by: 'teacher', at, showAt: at })
}

type WriteEvent = Extract<Event, { t: 'write' }>

function takeWrite(world: World, school: School, event: WriteEvent): Writeback {
  const { sessions, lessons, fate, at, doneAt, message } = event
  const n = world.writebacks.size
  const type = lessons.length > 0 ? 'attendance.lesson' : 'attendance.session'
  const rows = fate === 'stuck' ? { sessions, lessons } : null
  const row: Writeback = { n, id: writebackId(n), school: school.ix, type, fate, at, doneAt, message, rows }
  world.writebacks.set(row.id, row)
  for (const mark of sessions) {
    const cell = openCell(school.registers, { school: school.ix, ...mark })
    const { codeId, comment, minutesLate } = mark
    cell.outside = { codeId, comment, minutesLate, at, times: (cell.outside?.times ?? 0) + 1 }
  }
  if (fate === 'stored') store(school, { sessions, lessons }, event)
  return row
}

/** Into the register, less what this MIS does not take (wonde-api.md §15.2). */
function store(
  school: School,
  { sessions, lessons }: { sessions: SessionRow[]; lessons: LessonRow[] },
  { at, showAt }: { at: number; showAt: number },
): void {
  const takes = school.plan.system.capabilities
  const comment = (text: string | null) => (takes.comment === 'yes' ? text : null)
  for (const mark of sessions) {
    const minutesLate = takes.minutesLate === 'yes' ? mark.minutesLate : null
    const { codeId, employee } = mark
    const cell = openCell(school.registers, { school: school.ix, ...mark })
    write(cell, { codeId, employee, minutesLate, comment: comment(mark.comment), by: 'outside', at, showAt })
  }
  for (const mark of lessons) {
    writeLessonMark(school.registers, school.ix, { ...mark, comment: comment(mark.comment), showAt })
  }
}

/** Other faults than before. What those now gone held back goes on: stuck writes are stored, slow marks are seen. */
function changeFaults(world: World, school: School, event: Extract<Event, { t: 'faults' }>): void {
  school.faults = event.faults.map((fault) => ({ ...fault }))
  if (!event.faults.some(({ kind }) => kind === 'slow-to-show')) {
    for (const { versions } of school.registers.cells) {
      for (const version of versions) version.showAt = Math.min(version.showAt, event.showAt)
    }
  }
  if (holdsWrites(event.faults)) return
  for (const row of world.writebacks.values()) {
    if (row.school !== school.ix || row.rows === null) continue
    store(school, row.rows, event)
    Object.assign(row, { fate: 'stored', doneAt: event.showAt, rows: null })
  }
}

function useFault(school: School, index: number): void {
  const fault = school.faults[index]
  if (fault === undefined) return
  fault.used += 1
  if (fault.times === null) return
  fault.times -= 1
  if (fault.times <= 0) school.faults.splice(index, 1)
}
