/** What became of a write that the provider took (wonde-api.md §10.4). */
import type { MarkValue, Session } from './register.ts'

export type SessionRow = MarkValue & { student: string; date: string; session: Session }
export type LessonRow = { student: string; lesson: string; codeId: string; comment: string | null }

/** `stuck`: on its way until the faults of the school are changed. */
export type Fate = 'stored' | 'dropped' | 'failed' | 'stuck'

export type Writeback = {
  n: number
  id: string
  school: number
  type: 'attendance.session' | 'attendance.lesson'
  fate: Fate
  at: number
  doneAt: number
  message: string | null
  /** Kept while stuck, to be carried out at last. */
  rows: { sessions: SessionRow[]; lessons: LessonRow[] } | null
}

export function writebackStatus(row: Writeback, now: number): 'pending' | 'completed' | 'failed' {
  if (row.fate === 'stuck' || now < row.doneAt) return 'pending'
  return row.fate === 'failed' ? 'failed' : 'completed'
}
