/**
 * What stands in a school's registers. A mark has two lives: it stands in the MIS as soon as it is written, and is
 * seen through the provider from `showAt` on; until then the provider still shows what stood before.
 */
import { lessonMarkId, markId } from '../world/ids.ts'

export type Session = 'AM' | 'PM'
export type MarkValue = {
  codeId: string
  comment: string | null
  minutesLate: number | null
  employee: string | null
}
export type Version = MarkValue & { by: 'teacher' | 'outside'; at: number; showAt: number }

/** What came from outside for this student and session, whether or not it stands. */
export type Wish = Omit<MarkValue, 'employee'> & { at: number; times: number }

/** One student, date and session; row number and id stay while marks replace each other (wonde-api.md §17.2). */
export type Cell = {
  n: number
  id: string
  student: string
  date: string
  session: Session
  versions: Version[]
  outside: Wish | null
}

export type LessonMark = {
  n: number
  id: string
  student: string
  lesson: string
  codeId: string
  comment: string | null
  createdAt: number
  showAt: number
}

export type Registers = {
  cells: Cell[]
  byKey: Map<string, Cell>
  lessons: LessonMark[]
  lessonByKey: Map<string, LessonMark>
}

const keyOf = (student: string, date: string, session: Session) => `${student} ${date} ${session}`

export const findCell = (registers: Registers, student: string, date: string, session: Session) =>
  registers.byKey.get(keyOf(student, date, session))

export type CellPlace = { school: number; student: string; date: string; session: Session }

export function openCell(registers: Registers, { school, student, date, session }: CellPlace): Cell {
  const key = keyOf(student, date, session)
  const found = registers.byKey.get(key)
  if (found !== undefined) return found
  const n = registers.cells.length
  const cell: Cell = { n, id: markId(school, n), student, date, session, versions: [], outside: null }
  registers.cells.push(cell)
  registers.byKey.set(key, cell)
  return cell
}

/** Puts a mark on top. Only the newest that is seen by now is kept of what lies beneath. */
export function write(cell: Cell, version: Version): void {
  const seen = cell.versions.findLastIndex(({ showAt }) => showAt <= version.at)
  if (seen > 0) cell.versions.splice(0, seen)
  cell.versions.push(version)
}

/** The MIS's own truth. */
export const standing = (cell: Cell): Version | null => cell.versions.at(-1) ?? null

/** What the provider shows now. */
export const seen = (cell: Cell, now: number): Version | null =>
  cell.versions.findLast(({ showAt }) => showAt <= now) ?? null

export function writeLessonMark(
  registers: Registers,
  school: number,
  mark: Omit<LessonMark, 'n' | 'id' | 'createdAt'>,
): void {
  const key = `${mark.student} ${mark.lesson}`
  const found = registers.lessonByKey.get(key)
  if (found !== undefined) {
    Object.assign(found, mark)
    return
  }
  const n = registers.lessons.length
  const made = { n, id: lessonMarkId(school, n), createdAt: mark.showAt, ...mark }
  registers.lessons.push(made)
  registers.lessonByKey.set(key, made)
}
