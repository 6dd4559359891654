/**
 * What a student's movement means for the register, as far as it is known without looking into the MIS: its
 * session and minutes late, and the marks it owes with the state each begins in. Rules 2 to 6 of the attendance
 * reference §5, first hit ends it, over the windows of §3 and §4; rule 1 is the store's, 7 and 8 are
 * `precedence.ts`, once somebody has looked.
 *
 * Pure. A mark that begins `held` because the student is not in the MIS yet, or its link is cut, is decided
 * anew by the same function when that has changed.
 */
import type { MovementType, WriteBackState } from '../../shared/attendance.ts'
import type { ConnectionState, PersonKind, Proof } from '../../shared/mis.ts'
import {
  clockTimeOf,
  dayIsOver,
  localTime,
  minutesLate,
  secondsOf,
  sessionAt,
} from '../../shared/school-day.ts'
import type { LocalTime, SessionAt } from '../../shared/school-day.ts'
import type { Closure, SchoolDay } from '../../shared/sites.ts'
import type { Session } from '../../shared/values.ts'
import { findCode, mayWrite } from '../../shared/codes.ts'
import type { CodeStep } from '../../shared/codes.ts'
import type { MarkCause, Situation } from '../write-backs/precedence.ts'

export type MovementReason = {
  name: string
  writeBack: boolean
  code: string | null
  codesByTime: readonly CodeStep[] | null
  /** an archived one was good when it was picked, and still is for that movement */
  state: 'active' | 'broken' | 'archived'
  /** picked from the school's list of codes (`all-codes` mode), not a reason of the school's own */
  fromCodeList: boolean
}

export type MovementInput = {
  type: MovementType
  happenedAt: Date
  now: Date
  timeZone: string
  schoolDay: SchoolDay
  closures: readonly Closure[]
  /** `misId` null: typed by hand, not in the MIS yet */
  student: { misId: string | null; state: 'active' | 'archived'; kind: PersonKind | 'boarder' | 'guest' }
  /** null: none given, or free text that matches none */
  reason: MovementReason | null
  /** the capability `sessionMark` */
  canWrite: Proof
  licensed: boolean
  /** null: no connection */
  linkState: ConnectionState | null
  /** of an early leave, where somebody said so */
  expectedBackAt?: Date | null
  /** of a return: when the leave that it ends happened */
  leftAt?: Date | null
  /** of a late arrival: the earliest other one of that student and session whose mark stands or is on its way */
  firstArrivalAt?: Date | null
}

export type OwedMark = {
  date: string
  /** of the mark; null where no session is meant */
  session: Session | null
  situation: Situation | null
  code: string | null
  /** with `L` and `U` of a late arrival only; 0 is left out on the wire */
  minutesLate: number | null
  comment: string | null
  start: Extract<WriteBackState, 'waiting' | 'held' | 'not-required'>
  causeCode: MarkCause | null
}

export type Decision = {
  /** local day, session and lateness of the instant itself */
  date: string
  session: Session | null
  minutesLate: number | null
  /** at least one of every late arrival, early leave and return; none of other types */
  owed: OwedMark[]
  /** Look at what stands there and ask `noticeOf`: nothing is written, but the office may have to know. */
  checks: { date: string; session: Session; situation: Situation }[]
  /** Of a return: sessions whose mark of an earlier leave it overtakes; ask `decideRecall` (§4). */
  recalls: { date: string; session: Session; code: string | null }[]
  /**
   * Came for PM: where AM has no present mark the office is told, and `offer` is what it may enter for AM by
   * hand; never written by us (§3). Null: nothing to tell.
   */
  missedAm: { date: string; offer: string | null } | null
}

type Planned = { session: Session; situation: Situation }
type Plan = {
  marks: Planned[]
  /** why there is no mark, and in which session's row that is said */
  none: { session: Session | null; causeCode: MarkCause }
  /** sessions to look at for the office's sake */
  checks: Planned[]
}
type Verdict = { start: OwedMark['start']; causeCode: MarkCause | null; rule: number }

/** The reason's own code at a clock time, before the register's close has its say. `from` is inclusive (§13). */
function ownCode(reason: MovementReason, secondsOfDay: number): string | null {
  if (reason.codesByTime === null) return reason.code
  return reason.codesByTime.findLast((step) => secondsOf(step.from) <= secondsOfDay)?.code ?? null
}

/**
 * The code of a mark (§3). Of `L` and `U`, whichever the reason has, the one that the close demands. "Before
 * the close the law has one code for a pupil who arrives: `L`, whatever the reason": so a code that §2 lets a
 * late arrival have only *after close* becomes `L` before it when it was picked from the list of codes. In a
 * reason of the school's own "a flat absence code … is written as mapped", and §2's *staff* codes (`O`, `Y1`,
 * `Y2`) are the office's deliberate word at any time.
 */
export function codeFor(reason: MovementReason, secondsOfDay: number, situation: Situation): string | null {
  const code = ownCode(reason, secondsOfDay)
  if (code === null || !reason.writeBack) return null
  switch (situation) {
    case 'A':
    case 'R':
      if (code === 'U') return 'L'
      return reason.fromCodeList && findCode(code)?.late === 'after-close' ? 'L' : code
    case 'B':
    case 'R-after':
      return code === 'L' ? 'U' : code
    case 'C':
    case 'D':
    case 'E':
      return code
  }
}

/** §3: one session only, open (A) or closed (B); else nothing, being in time or after school. */
function planArrival(at: SessionAt): Plan {
  if (at.kind !== 'open' && at.kind !== 'closed') return noSession
  return planOf([{ session: at.session, situation: at.kind === 'open' ? 'A' : 'B' }])
}

const noSession: Plan = { marks: [], none: { session: null, causeCode: 'attendance.no_session' }, checks: [] }
const planOf = (marks: Planned[], checks: Planned[] = []): Plan => ({ ...noSession, marks, checks })

/** §4, row by row. Left after a close, what stands is right, unless nobody has accounted for the pupil (E). */
function planLeave(at: SessionAt): Plan {
  switch (at.kind) {
    case 'before':
      return planOf([
        { session: 'AM', situation: 'C' },
        { session: 'PM', situation: 'C' },
      ])
    case 'open':
      if (at.session === 'PM') return planOf([{ session: 'PM', situation: 'D' }])
      return planOf([
        { session: 'AM', situation: 'D' },
        { session: 'PM', situation: 'C' },
      ])
    case 'closed':
      if (at.session === 'AM')
        return planOf([{ session: 'PM', situation: 'C' }], [{ session: 'AM', situation: 'E' }])
      return {
        marks: [],
        none: { session: 'PM', causeCode: 'attendance.mark_stands' },
        checks: [{ session: 'PM', situation: 'E' }],
      }
    case 'lunch':
      return planOf([{ session: 'PM', situation: 'C' }], [{ session: 'AM', situation: 'E' }])
    case 'after-school':
    case 'not-open-day':
      return noSession
  }
}

/** §4: "PM is owed at once, unless expected back before `pm.closes`: then nothing, and an overdue alert." */
function withoutAwaited(plan: Plan, input: MovementInput, local: LocalTime): Plan {
  if (!input.expectedBackAt || !plan.marks.some((mark) => mark.session === 'PM')) return plan
  const back = localTime(input.expectedBackAt, input.timeZone)
  if (back.date !== local.date || back.secondsOfDay >= secondsOf(input.schoolDay.pm.closesAt)) return plan
  return {
    marks: plan.marks.filter((mark) => mark.session !== 'PM'),
    none: { session: 'PM', causeCode: 'attendance.expected_back' },
    checks: plan.checks,
  }
}

/** §4: back in the session that was left, its mark stands; into another one it is an arrival with R's signs. */
function planReturn(at: SessionAt, leftIn: Session | null): Plan {
  if (at.kind !== 'open' && at.kind !== 'closed') return noSession
  if (at.session === leftIn) {
    return { marks: [], none: { session: at.session, causeCode: 'attendance.mark_stands' }, checks: [] }
  }
  return planOf([{ session: at.session, situation: at.kind === 'open' ? 'R' : 'R-after' }])
}

function planFor(input: MovementInput, at: SessionAt, local: LocalTime): Plan {
  switch (input.type) {
    case 'late-arrival':
      return planArrival(at)
    case 'early-leave':
      return withoutAwaited(planLeave(at), input, local)
    case 'return':
      return planReturn(at, sessionLeft(input, local))
    case 'check-in':
    case 'check-out':
    case 'offsite':
      return noSession
  }
}

function sessionLeft(input: MovementInput, local: LocalTime): Session | null {
  if (!input.leftAt) return null
  const left = localTime(input.leftAt, input.timeZone)
  return left.date === local.date ? sessionOf(sessionAt(input.schoolDay, input.closures, left)) : null
}

function sessionOf(at: SessionAt): Session | null {
  return at.kind === 'open' || at.kind === 'closed' ? at.session : null
}

/** Rules 2 to 6 of §5 in their order, the first hit ends it; then what §3.5 of the contract adds. */
function judge(input: MovementInput, at: SessionAt, local: LocalTime, plan: Plan): Verdict {
  const { student, reason } = input
  const notRequired = (rule: number, causeCode: MarkCause): Verdict => ({
    start: 'not-required',
    causeCode,
    rule,
  })
  const held = (rule: number, causeCode: MarkCause): Verdict => ({ start: 'held', causeCode, rule })

  if (student.kind !== 'student' || student.state === 'archived')
    return notRequired(2, 'attendance.not_on_roll')
  if (student.misId === null) return held(2, 'attendance.not_in_mis_yet')

  if (at.kind === 'not-open-day') return notRequired(3, 'attendance.closed_day')

  const code = reason?.writeBack ? ownCode(reason, local.secondsOfDay) : null
  if (reason === null || code === null) return notRequired(4, 'attendance.reason_without_mark')
  if (input.canWrite === 'no') return notRequired(4, 'attendance.mis_cannot_write')
  if (!input.licensed) return notRequired(4, 'attendance.not_licensed')
  // §2: a reason on a withdrawn code is broken; §4: we never write `/` or `\`.
  if (reason.state === 'broken' || !mayWrite(code)) return held(4, 'attendance.reason_broken')

  if (local.date < localTime(input.now, input.timeZone).date) return held(5, 'attendance.day_over')

  if (plan.marks.length === 0) return notRequired(6, plan.none.causeCode)

  // Row 16 as our own ledger knows it: "the earliest true arrival decides".
  if (input.type === 'late-arrival' && input.firstArrivalAt && input.firstArrivalAt <= input.happenedAt) {
    return notRequired(8, 'attendance.already_late')
  }
  if (dayIsOver(input.schoolDay, local.date, input.timeZone, input.now)) return held(9, 'attendance.day_over')
  if (input.linkState === null || input.linkState === 'unauthorised' || input.linkState === 'revoked') {
    return held(9, 'attendance.link_cut')
  }
  return { start: 'waiting', causeCode: null, rule: 9 }
}

export function decideMovement(input: MovementInput): Decision {
  const local = localTime(input.happenedAt, input.timeZone)
  const at = sessionAt(input.schoolDay, input.closures, local)
  const session = sessionOf(at)
  const late =
    input.type === 'late-arrival' && session !== null
      ? minutesLate(input.schoolDay, session, local.secondsOfDay)
      : null
  const base = { date: local.date, session, minutesLate: late }
  if (input.type !== 'late-arrival' && input.type !== 'early-leave' && input.type !== 'return') {
    return { ...base, owed: [], checks: [], recalls: [], missedAm: null }
  }
  const plan = planFor(input, at, local)
  const verdict = judge(input, at, local, plan)
  return {
    ...base,
    owed: owedMarks(input, local, plan, verdict, late),
    checks: checksOf(input, local, plan, verdict),
    recalls: input.type === 'return' ? recallsOf(input, at, local, verdict, plan) : [],
    missedAm: missedAmOf(input, at, local, verdict),
  }
}

/** One row a mark; where nothing is owed one row says so. */
function owedMarks(
  input: MovementInput,
  local: LocalTime,
  plan: Plan,
  { start, causeCode }: Verdict,
  late: number | null,
): OwedMark[] {
  const none = { session: plan.none.session, situation: null }
  const marks: { session: Session | null; situation: Situation | null }[] =
    start === 'not-required' ? [plan.marks[0] ?? none] : plan.marks.length === 0 ? [none] : plan.marks
  return marks.map(({ session, situation }) => {
    const code =
      input.reason === null || situation === null
        ? null
        : codeFor(input.reason, local.secondsOfDay, situation)
    return {
      date: local.date,
      session,
      situation,
      code,
      minutesLate: code === 'L' || code === 'U' ? late : null,
      comment: code === null ? null : commentOf(input, local),
      start,
      causeCode,
    }
  })
}

const verbs = { 'late-arrival': 'arrived', 'early-leave': 'left', return: 'back' } as const

/** "Traffic, arrived 09:14": the reason as the screen says it and the clock time, nothing else (§3). */
function commentOf(input: MovementInput, local: LocalTime): string {
  const verb = verbs[input.type as keyof typeof verbs]
  return `${input.reason?.name ?? ''}, ${verb} ${clockTimeOf(local.secondsOfDay)}`
}

/** "The notices of i and † come even after 4": what stands is looked at for the office, today only. */
function checksOf(input: MovementInput, local: LocalTime, plan: Plan, verdict: Verdict): Decision['checks'] {
  if (verdict.rule <= 3 || local.date < localTime(input.now, input.timeZone).date) return []
  const unsent = verdict.rule === 4 ? plan.marks : []
  return [...unsent, ...plan.checks].map((mark) => ({ date: local.date, ...mark }))
}

/** §4: sessions whose register has not closed at a return. The row owed for the one at hand overtakes by itself. */
function recallsOf(
  input: MovementInput,
  at: SessionAt,
  local: LocalTime,
  verdict: Verdict,
  plan: Plan,
): Decision['recalls'] {
  if (at.kind === 'not-open-day' || input.student.kind !== 'student') return []
  const leftIn = sessionLeft(input, local)
  const owing = verdict.start === 'not-required' ? null : (plan.marks[0]?.session ?? null)
  const blocked = verdict.rule <= 4 || input.reason === null
  const code = blocked ? null : codeFor(input.reason!, local.secondsOfDay, 'R')
  return (['AM', 'PM'] as const)
    .filter((session) => {
      const { closesAt } = session === 'AM' ? input.schoolDay.am : input.schoolDay.pm
      const current = sessionOf(at) === session
      if (local.secondsOfDay >= secondsOf(closesAt) || session === owing) return false
      return !(current && session === leftIn)
    })
    .map((session) => ({ date: local.date, session, code }))
}

/** §3: "Missed AM, came for PM: … the office is told; an appointment *offers* `M` for AM, never writes it." */
function missedAmOf(
  input: MovementInput,
  at: SessionAt,
  local: LocalTime,
  verdict: Verdict,
): Decision['missedAm'] {
  if (input.type !== 'late-arrival' || verdict.rule <= 3) return null
  if (at.kind !== 'lunch' && sessionOf(at) !== 'PM') return null
  const { reason } = input
  const codes = [reason?.code, ...(reason?.codesByTime ?? []).map((step) => step.code)]
  return { date: local.date, offer: codes.includes('M') ? 'M' : null }
}
