/**
 * The attendance codes of England since August 2024 as the attendance reference §2 lists them, row by row,
 * and what follows from them: how a code counts, which movement may produce it, what a screen calls it.
 * Codes match exactly, case kept. Anything else (withdrawn, a council's stand-ins, a school's own, another
 * nation's) is `unknown`, and never guessed.
 */
import type { CodeCategory, ReasonType } from './attendance.ts'
import type { SessionAt } from './school-day.ts'
import type { Phase, SchoolDay } from './sites.ts'

/** May the public screen offer it: the preset only, a school is free to change it (contract §3.4). */
export type PublicUse = 'yes' | 'staff' | 'no'
/** May that movement produce it; `after-close` only once the register has closed, `staff` by the office. */
export type LateUse = 'yes' | 'no' | 'after-close' | 'staff'
export type EarlyUse = 'yes' | 'no' | 'staff'

export type CodeEntry = {
  code: string
  /** in plain words, for our screens; never the MIS's description */
  words: string
  category: CodeCategory
  public: PublicUse
  late: LateUse
  early: EarlyUse
}

type Row = [
  codes: string[],
  words: string[],
  category: CodeCategory,
  publicUse: PublicUse,
  late: LateUse,
  early: EarlyUse,
]

// §2, in its order
const rows: Row[] = [
  [['/', '\\'], ['Present in the morning', 'Present in the afternoon'], 'present', 'no', 'no', 'no'],
  [['L'], ['Late, before the register closed'], 'present', 'yes', 'yes', 'no'],
  [
    ['K', 'V', 'P'],
    ['Education arranged by the council', 'School trip', 'Sport'],
    'activity',
    'staff',
    'no',
    'staff',
  ],
  [['W', 'B'], ['Work experience', 'Educated off site'], 'activity', 'staff', 'no', 'staff'],
  [['D'], ['At their other school'], 'not-possible', 'staff', 'no', 'staff'],
  [
    ['C', 'C1'],
    ['Leave granted by the school', 'Licensed performance'],
    'authorised',
    'staff',
    'after-close',
    'staff',
  ],
  [['C2'], ['Part-time timetable'], 'authorised', 'no', 'no', 'no'],
  [['E'], ['Suspended or excluded'], 'authorised', 'no', 'no', 'no'],
  [['I'], ['Ill'], 'authorised', 'staff', 'after-close', 'staff'],
  [['J1'], ['Interview'], 'authorised', 'staff', 'after-close', 'staff'],
  [['M'], ['Appointment'], 'authorised', 'yes', 'after-close', 'yes'],
  [['R', 'T'], ['Religious day', 'Parent travelling for work'], 'authorised', 'no', 'no', 'no'],
  [['S'], ['Study leave'], 'authorised', 'staff', 'no', 'staff'],
  [['G'], ['Holiday not granted'], 'unauthorised', 'no', 'no', 'no'],
  [['N'], ['No reason known yet'], 'unauthorised', 'no', 'no', 'no'],
  [['O'], ['Not authorised'], 'unauthorised', 'no', 'staff', 'staff'],
  [['U'], ['Late, after the register closed'], 'unauthorised', 'yes', 'yes', 'no'],
  [['X'], ['Not due in'], 'not-possible', 'no', 'no', 'no'],
  [['Q'], ['Council’s transport lacking'], 'unable', 'no', 'no', 'no'],
  [['Y1', 'Y2'], ['Usual transport lacking', 'Travel disruption'], 'unable', 'staff', 'staff', 'staff'],
  [['Y3', 'Y4'], ['Part of the site closed', 'Site closed'], 'unable', 'no', 'no', 'staff'],
  [['Y5', 'Y6'], ['In custody', 'Public-health rule'], 'unable', 'no', 'no', 'no'],
  [['Y7'], ['Other unavoidable cause'], 'unable', 'staff', 'no', 'staff'],
  [['Z', '#'], ['Not yet on roll', 'School closed'], 'administrative', 'no', 'no', 'no'],
]

export const codes: readonly CodeEntry[] = rows.flatMap(
  ([letters, words, category, publicUse, late, early]) =>
    letters.map((code, i) => ({ code, words: words[i]!, category, public: publicUse, late, early })),
)

const byCode = new Map(codes.map((entry) => [entry.code, entry]))

/** `null`: not a code of England today, its meaning is not known to us. */
export function findCode(code: string): CodeEntry | null {
  return byCode.get(code) ?? null
}

const withdrawn = new Set(['H', 'J', 'Y', 'F'])

/** Shown in history, never offered or written; a reason on one is *broken* (§2). Covid sub-codes: `X06`, `I02`. */
export function isWithdrawn(code: string): boolean {
  return withdrawn.has(code) || /^[XI]0\d$/.test(code)
}

export function categoryOf(code: string): CodeCategory {
  return byCode.get(code)?.category ?? 'unknown'
}

/** The contract's `present`: category present or activity. It is not "on site": see `isOnSite`. */
export function isPresent(code: string): boolean {
  const category = categoryOf(code)
  return category === 'present' || category === 'activity'
}

/** Physically here: `/ \ L U` and no other (§2). */
export function isOnSite(code: string): boolean {
  return code === '/' || code === '\\' || code === 'L' || code === 'U'
}

/** What `publicScreen` is preset to: §2 *yes* on; *staff*, *no* and unknown codes off. */
export function presetPublicScreen(code: string): boolean {
  return byCode.get(code)?.public === 'yes'
}

/** Switching such a code onto the public screen warns (§2). */
export function warnsOnPublicScreen(code: string): boolean {
  return byCode.get(code)?.public === 'no'
}

/** We never write the teacher's own marks (§4), nor a withdrawn code (§2). */
export function mayWrite(code: string): boolean {
  return code !== '/' && code !== '\\' && !isWithdrawn(code)
}

/**
 * Whether a type of movement can have this code, in `all-codes` mode (contract §3.4). A return is an arrival:
 * §4 gives it "the return reason's code" and §3 says in one breath what "a late or return reason" may write
 * (`L` before the close, else `U` or an absence code), so it has what a late arrival has and never `/` or `\`.
 * A code we do not know is the office's to choose (§2 "staff only"); a withdrawn one nobody's.
 */
export function canProduce(type: ReasonType, code: string): boolean {
  if (!mayWrite(code)) return false
  const entry = byCode.get(code)
  if (entry === undefined) return true
  return (type === 'early-leave' ? entry.early : entry.late) !== 'no'
}

/**
 * What the screen says: `L` and `U` both *Late*, for the clock tells them apart and not the pupil (§2). An
 * unknown code is only ever its letter, never the MIS's description of it.
 */
export function screenName(code: string): string {
  if (code === 'L' || code === 'U') return 'Late'
  return byCode.get(code)?.words ?? code
}

/** On the kiosk `L` and `U` are one tile, *Late*: `L` to the close, `U` after it (§2). */
export function kioskOffersNow(code: string, at: SessionAt): boolean {
  if (code === 'L') return at.kind !== 'closed'
  if (code === 'U') return at.kind === 'closed'
  return true
}

export type CodeStep = { from: string; code: string | null }
/** A reason as `POST /reasons` takes it. */
export type StarterReason = {
  name: string
  type: ReasonType
  code: string | null
  codesByTime: CodeStep[] | null
  writeBack: boolean
  onConflict: 'site'
  publicScreen: boolean
  asksBack: boolean
}

/** `L` while a register is open or about to, `after` once it has closed, as steps that cover the whole day. */
export function toCloseThen(after: string, schoolDay: SchoolDay): CodeStep[] {
  const { am, pm, lunchStartsAt } = schoolDay
  const steps = [
    { from: '00:00', code: 'L' },
    { from: am.closesAt, code: after },
    { from: lunchStartsAt ?? pm.opensAt, code: 'L' },
    { from: pm.closesAt, code: after },
  ]
  // Of steps at one time the later rules; 24:00 is no time of the day.
  return steps.filter(
    (step, i) => step.from !== '24:00' && !steps.slice(i + 1).some((s) => s.from === step.from),
  )
}

/**
 * The reasons a new site starts with (§7). `L` alone is enough where `U` follows it, for the close decides
 * between the two. At a primary pupils use late only, so nothing else is on the public screen.
 */
export function starterReasons(phase: Phase, schoolDay: SchoolDay): StarterReason[] {
  const secondary = phase !== 'primary'
  const reason = (
    type: ReasonType,
    name: string,
    mark: string | CodeStep[] | null,
    publicScreen = type === 'late-arrival' || secondary,
  ): StarterReason => ({
    name,
    type,
    code: typeof mark === 'string' ? mark : null,
    codesByTime: Array.isArray(mark) ? mark : null,
    writeBack: mark !== null,
    onConflict: 'site',
    publicScreen,
    asksBack: type === 'early-leave' && mark === 'M',
  })
  return [
    reason('late-arrival', 'Traffic or transport', 'L'),
    reason('late-arrival', 'Woke up late', 'L'),
    reason('late-arrival', 'Family', 'L'),
    reason('late-arrival', 'Appointment', toCloseThen('M', schoolDay)),
    ...(secondary
      ? [
          reason('late-arrival', 'Late bus', 'L', false),
          reason('late-arrival', 'Interview', toCloseThen('J1', schoolDay), false),
        ]
      : []),
    reason('late-arrival', 'Something else', 'L'),
    reason('early-leave', 'Appointment', 'M'),
    reason('early-leave', 'Going home, office agreed', 'I', false),
    reason('early-leave', 'School sport, trip', null),
    reason('early-leave', 'Something else', null),
    reason('return', 'I’m back', null),
  ]
}
