/** Replies made for the dashboard's own pages, from the parts in shared/. */
import type { Movement, WriteBack } from '../../shared/attendance.ts'
import type { Kiosk } from '../../shared/kiosks.ts'
import type { Connection, ImportRun } from '../../shared/mis.ts'
import type { Notice } from '../../shared/notices.ts'
import type { SchoolDay } from '../../shared/sites.ts'
import type { Session } from '../../shared/values.ts'

export type TodayPerson = {
  id: string
  name: string
  surname: string
  forename: string
  group: string | null
}
export type TodayRow = { movement: Movement; person: TodayPerson; reasonName: string | null }
export type Today = {
  now: string
  date: string
  schoolDay: SchoolDay
  open: boolean
  session: Session | null
  counts: {
    hereNow: number
    students: number
    employees: number
    visitors: number
    lateToday: number
    lateBeforeClose: number
    lateAfterClose: number
    needYou: number
    inMis: number
    onTheirWay: number
  }
  connection: Connection | null
  lastImport: ImportRun | null
  nextImportAt: string | null
  kiosks: Kiosk[]
  expectedBack: ExpectedBack[]
  movements: TodayRow[]
  notices: NoticeRow[]
}
export type ExpectedBack = { movement: string; person: TodayPerson; leftAt: string; expectedBackAt: string }
export type NoticeRow = { notice: Notice; person: TodayPerson }
export type NeedsYouRow = {
  writeBack: WriteBack
  person: { id: string; name: string; group: string | null }
  /** null: a test mark */
  movement: Movement | null
  reasonName: string | null
}
