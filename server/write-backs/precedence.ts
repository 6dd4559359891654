/**
 * What to do with a mark we owe, given what stands in the register: the table of precedence of the attendance
 * reference §5 (rules 7 and 8), corrections, voided movements, and the judgement of what is read back. Pure:
 * who has looked, and how fresh that look is, is the caller's to know.
 *
 * *Ours* is decided by the ledger: the code last read is the last that we sent for that student, date and
 * session. What a void put back is a person's mark again, not ours.
 */
import type { ReasonConflict, WriteBackState } from '../../shared/attendance.ts'
import { findCode, isWithdrawn, mayWrite } from '../../shared/codes.ts'

/**
 * **A** late before close · **B** late after · **C** leave before this session opens · **D** leave while open ·
 * **E** leave after close · **R** return with a code, before close · **R-after** the same after it.
 */
export type Situation = 'A' | 'B' | 'C' | 'D' | 'E' | 'R' | 'R-after'

/** The causes of marks (contract §5), and those of ours in the same style. */
export type MarkCause =
  | 'attendance.same_mark'
  | 'attendance.already_late'
  | 'attendance.no_session'
  | 'attendance.closed_day'
  | 'attendance.not_in_mis_yet'
  | 'attendance.reason_without_mark'
  | 'attendance.mis_cannot_write'
  | 'attendance.not_licensed'
  | 'attendance.their_mark'
  | 'attendance.day_over'
  | 'attendance.reason_broken'
  | 'attendance.link_cut'
  /** archived, a boarder, a guest, not a student: in the book only */
  | 'attendance.not_on_roll'
  /** what stands in the register is right as it is: left after the close, back in the same session */
  | 'attendance.mark_stands'
  /** left, and expected back before the afternoon register closes (§4) */
  | 'attendance.expected_back'
  /** reading marks is not permitted, and writing blind might wipe a present mark (row 15 D) */
  | 'attendance.cannot_look'
  /** our mark should go and there is no way to clear one: a person puts it right in the MIS */
  | 'attendance.cannot_clear'
  /** withdrawn before its mark went */
  | 'attendance.withdrawn'

/** W write · `–` nothing · `i` nothing, and the office is told · `?` a person decides · `†` asks always, alerts · `*` row 16 */
export type Sign = 'W' | '–' | 'i' | '?' | '†' | '*'
type Cells = Record<Exclude<Situation, 'R-after'>, Sign>
export type Row = { cells: Cells; why: string }

const row = (cells: string, why: string): Row => {
  const [A, B, C, D, E, R] = cells.split(' ') as [Sign, Sign, Sign, Sign, Sign, Sign]
  return { cells: { A, B, C, D, E, R }, why }
}

/** §5, row by row. Columns: A late before close, B late after, C D E leave before open, while open, after, R return. */
export const precedence = {
  /*                                          A B C D E R */
  1: /*  none                         */ row('W W W W i W', 'nobody has marked this session'),
  2: /*  N, anyone's                  */ row('W W W W i W', 'no reason was known, and it must be put right'),
  3: /*  / \ theirs                   */ row('? ? ? – – –', 'marked present already'),
  4: /*  L theirs                     */ row('– ? ? – – –', 'marked late already'),
  5: /*  U theirs                     */ row('? ? ? – – –', 'marked late after the close already'),
  6: /*  C C1 C2 I J1 M R S T theirs  */ row('? – ? ? – ?', 'a granted reason stands'),
  7: /*  E theirs                     */ row('† † – – – †', 'marked suspended or excluded, yet on site'),
  8: /*  G O theirs                   */ row('? ? ? ? i ?', 'marked as not authorised, yet we saw the pupil'),
  9: /*  B K P V W theirs             */ row('? ? ? ? – –', 'believed to be elsewhere, by agreement'),
  10: /* D theirs                     */ row('† † – – – –', 'the pupil’s other school expects them'),
  11: /* X theirs                     */ row('– – – – – –', 'not due in'),
  12: /* Q Y1–Y7 theirs               */ row('? ? – – – ?', 'marked as unable to come, yet seen'),
  13: /* # Z                          */ row('i i – – – –', 'closed, or not on roll, in the MIS'),
  14: /* withdrawn, custom, unknown   */ row('† † † † – †', 'we do not know what the code that stands means'),
  15: /* unreadable                   */ row('W W W ? – W', 'the school does not let us read marks'),
  16: /* ours L, U                    */ row('* * – – – –', 'our own late mark: the earliest decides'),
  17: /* ours, absence code           */ row('W – W W – W', 'our own mark: the newest intention decides'),
} as const satisfies Record<number, Row>
export type RowNumber = keyof typeof precedence

const theirs: Record<string, RowNumber> = {
  ...rowFor(4, 'L'),
  ...rowFor(5, 'U'),
  ...rowFor(6, 'C C1 C2 I J1 M R S T'),
  ...rowFor(7, 'E'),
  ...rowFor(8, 'G O'),
  ...rowFor(9, 'B K P V W'),
  ...rowFor(10, 'D'),
  ...rowFor(11, 'X'),
  ...rowFor(12, 'Q Y1 Y2 Y3 Y4 Y5 Y6 Y7'),
}
function rowFor(number: RowNumber, letters: string): Record<string, RowNumber> {
  return Object.fromEntries(letters.split(' ').map((letter) => [letter, number]))
}

/** What stands for a student, date and session. `code` null: no mark; it says nothing where not `readable`. */
export type Standing = { code: string | null; readable: boolean; ours: boolean }

/** The row of §5 for what stands. Rows 1, 2, 3, 13, 14 hold whoever entered the mark; we never write `/ \ # Z`. */
export function standing({ code, readable, ours }: Standing): RowNumber {
  if (!readable) return 15
  if (code === null) return 1
  if (code === 'N') return 2
  if (code === '/' || code === '\\') return 3
  if (code === '#' || code === 'Z') return 13
  if (findCode(code) === null) return 14
  if (ours) return code === 'L' || code === 'U' ? 16 : 17
  return theirs[code] ?? 14
}

/** The sign of a cell. R after the close: rows 1, 2, 15 write, † asks, the rest nothing (§5, under R). */
export function signOf(number: RowNumber, situation: Situation): Sign {
  const { cells } = precedence[number]
  if (situation !== 'R-after') return cells[situation]
  if (number === 1 || number === 2 || number === 15) return 'W'
  return cells.R === '†' ? '†' : '–'
}

export type ConflictRule = Exclude<ReasonConflict, 'site'>

/** A reason's setting beats the site's (§5). */
export function conflictRuleOf(reason: ReasonConflict | null, site: 'ask' | 'keep-theirs'): ConflictRule {
  return reason === null || reason === 'site' ? site : reason
}

export type MarkDecision =
  | { do: 'write'; why: string }
  /** `notice`: the office is told, in the words of `why` */
  | { do: 'not-required'; causeCode: MarkCause; notice: boolean; why: string }
  /** `alert`: a †, told at once to whoever keeps pupils safe */
  | { do: 'conflict'; causeCode: MarkCause; alert: boolean; why: string }

export type MarkInput = {
  situation: Situation
  stands: Standing
  owedCode: string
  conflictRule: ConflictRule
  /** A or B over our own `L` or `U`: this arrival happened before the one that mark is of. */
  earlierThanOurs?: boolean
}

/** Rules 7 and 8 of §5 for a mark that rules 1 to 6 let through. */
export function decideMark(input: MarkInput): MarkDecision {
  const number = standing(input.stands)
  const sign = signOf(number, input.situation)
  const { why } = precedence[number]
  // Before rule 7: an earlier arrival is written "for minutes alone too", when the code that stands is the same.
  if (sign === '*') {
    return input.earlierThanOurs === true
      ? { do: 'write', why }
      : { do: 'not-required', causeCode: 'attendance.already_late', notice: false, why }
  }
  if (input.stands.readable && input.stands.code === input.owedCode) {
    return {
      do: 'not-required',
      causeCode: 'attendance.same_mark',
      notice: false,
      why: 'the same mark stands',
    }
  }
  const causeCode = causeOf(number, input.situation)
  switch (sign) {
    case 'W':
      return { do: 'write', why }
    case '–':
    case 'i':
      return { do: 'not-required', causeCode, notice: sign === 'i', why }
    case '†':
      return { do: 'conflict', causeCode, alert: true, why }
    case '?':
      if (input.conflictRule === 'reason-wins') return { do: 'write', why }
      if (input.conflictRule === 'keep-theirs') return { do: 'not-required', causeCode, notice: false, why }
      return { do: 'conflict', causeCode, alert: false, why }
  }
}

function causeOf(number: RowNumber, situation: Situation): MarkCause {
  if (number === 15 && situation === 'D') return 'attendance.cannot_look'
  if (number <= 2 || number >= 15) return 'attendance.mark_stands'
  return 'attendance.their_mark'
}

/** What the office hears; `alert`: at once, because a pupil may not be safe (the sign †). */
export type OfficeNotice = { alert: boolean; why: string; fix: string }

/** What the office may do, for the rows that tell it something (i and †). */
const officeFixes: Partial<Record<RowNumber, string>> = {
  1: 'See that the register is taken.',
  2: 'Put the mark right in the MIS.',
  7: 'Find the pupil and tell the safeguarding lead.',
  8: 'Put the mark right in the MIS if the pupil was here.',
  10: 'Ask the pupil’s other school, and tell the safeguarding lead.',
  13: 'Put the calendar or the roll right in the MIS.',
  14: 'Look up in the MIS what that code means, and whether the pupil should be here.',
}

/**
 * What the office must hear of although nothing is owed: "the notices of i and † come even after 4". `null`:
 * nothing. Where reading is not permitted nothing can be said.
 */
export function noticeOf(situation: Situation, stands: Standing): OfficeNotice | null {
  const number = standing(stands)
  const sign = signOf(number, situation)
  if (sign !== 'i' && sign !== '†') return null
  return { alert: sign === '†', why: precedence[number].why, fix: officeFixes[number] ?? '' }
}

/**
 * Missed the morning and came for the afternoon: "AM keeps its `N` or authorised code; the office is told; an
 * appointment *offers* `M` for AM, never writes it" (§3). Nothing where the morning has a mark of having been
 * here, of being elsewhere by agreement, or of not being due.
 */
export function missedMorningOf({ code, readable }: Standing, offer: string | null): OfficeNotice | null {
  if (!readable) return null
  const known = code === null ? null : findCode(code)
  const missed =
    code === null || code === 'N' || (known !== null && absent.has(known.category) && code !== 'U')
  if (!missed) return null
  const fix =
    offer === null || offer === code
      ? 'Put the morning right in the MIS if that is wrong.'
      : `If it was an appointment, enter ${offer} for the morning in the MIS.`
  return { alert: false, why: 'nobody saw the pupil come in the morning', fix }
}
const absent: ReadonlySet<string> = new Set(['authorised', 'unauthorised', 'unable'])

/** A mark as sent or as read. Left out: not told. */
export type MarkValue = { code: string; minutesLate?: number | null; comment?: string | null }

/**
 * A corrected movement: decided again, but over our own mark it is written wherever it differs from what is
 * owed now, in code or in minutes.
 */
export function decideCorrection(
  input: MarkInput & { owedMinutes: number | null; oursMinutes: number | null },
): MarkDecision {
  const { stands } = input
  if (!stands.readable || !stands.ours || stands.code === null) return decideMark(input)
  const same = stands.code === input.owedCode && (input.owedMinutes ?? 0) === (input.oursMinutes ?? 0)
  return same
    ? { do: 'not-required', causeCode: 'attendance.same_mark', notice: false, why: 'the same mark stands' }
    : { do: 'write', why: 'our own mark, put right' }
}

/** What stood before the first mark of ours for that student, date and session; `undefined`: not known. */
export type Before = string | null | undefined

export type VoidDecision =
  | { do: 'write'; code: string; why: string }
  | { do: 'not-required'; causeCode: MarkCause; why: string }
  | { do: 'conflict'; causeCode: MarkCause; why: string }
  | { do: 'held'; causeCode: MarkCause; why: string }

/**
 * A movement voided, or corrected so that nothing is owed any more, whose mark of ours has gone out (one that
 * has not is only superseded). A setting for conflicts does not help: there is nothing to write.
 */
export function decideVoid(input: { stands: Standing; before: Before; dayOver: boolean }): VoidDecision {
  const { stands, before } = input
  if (input.dayOver) return { do: 'held', causeCode: 'attendance.day_over', why: 'that school day is over' }
  // What stood before us may only mean that our mark does not show yet: it is no later word of a person.
  if (stands.readable && !stands.ours && stands.code !== null && stands.code !== before) {
    return { do: 'not-required', causeCode: 'attendance.their_mark', why: 'somebody has marked it since' }
  }
  if (typeof before === 'string' && !isWithdrawn(before)) {
    return { do: 'write', code: before, why: 'what stood there before us' }
  }
  const why =
    before === null ? 'no mark stood there before ours' : 'what stood there before ours is not known'
  return { do: 'conflict', causeCode: 'attendance.cannot_clear', why }
}

/** What to do with a mark of an earlier leave that a return overtakes (§4); `code` is the return reason's. */
export type Recall = 'nothing' | 'supersede' | 'replace' | 'ask' | 'hold'

/** `state` is that of our newest mark for that session that a leave of today owes, null where there is none. */
export function decideRecall(state: WriteBackState | null, code: string | null, dayOver: boolean): Recall {
  switch (state) {
    case null:
    case 'not-required':
    case 'superseded':
    case 'resolved':
      return 'nothing'
    case 'waiting':
    case 'held':
    case 'conflict':
    case 'refused':
      return 'supersede'
    case 'sending':
    case 'sent':
    case 'confirmed':
    case 'unconfirmed':
      if (code === null || !mayWrite(code)) return 'ask'
      return dayOver ? 'hold' : 'replace'
  }
}

export type Reading = {
  sent: MarkValue
  /** what stood when we sent; null: no mark; undefined: we could not look */
  stood: MarkValue | null | undefined
  /** what we sent before for the same student, date and session */
  older: readonly MarkValue[]
  seen: MarkValue | null
}

/**
 * What a reading says of a mark that we sent and have not seen yet. Providers lag, so what stood when we sent,
 * or an older value of ours, means *not yet*; only a third value is a conflict (§5, contract §3.5).
 */
export function judgeReading({ sent, stood, older, seen }: Reading): 'confirmed' | 'not-yet' | 'conflict' {
  // No mark at all is nobody's word against ours.
  if (seen === null) return 'not-yet'
  const rivals = stood ? [stood, ...older] : older
  if (seen.code !== sent.code) {
    if (stood === undefined || rivals.some((rival) => rival.code === seen.code)) return 'not-yet'
    return 'conflict'
  }
  // The code was there before us (minutes put right): only what differs tells the new mark from the old.
  const alike = rivals.filter((rival) => rival.code === seen.code && looksLike(seen, rival))
  if (alike.length === 0) return 'confirmed'
  return looksLike(seen, sent) && alike.every((rival) => sameMark(rival, sent)) ? 'confirmed' : 'not-yet'
}

/** Whether what can be seen of a mark agrees with `mark`. A comment that a MIS drops says nothing. */
function looksLike(seen: MarkValue, mark: MarkValue): boolean {
  if (seen.minutesLate !== undefined && (seen.minutesLate ?? 0) !== (mark.minutesLate ?? 0)) return false
  return !seen.comment || !mark.comment || seen.comment === mark.comment
}

function sameMark(a: MarkValue, b: MarkValue): boolean {
  return a.code === b.code && (a.minutesLate ?? 0) === (b.minutesLate ?? 0)
}
