/**
 * How a school's link can misbehave (contract §4, wonde-api.md §17.3). A fault that may happen only so many times
 * counts a request when it takes effect on it, and is gone after the last.
 */

/** Answered before anything is done. */
export const stopKinds = [
  '400',
  '401',
  '403',
  '422',
  '423',
  '429',
  '429-no-retry-after',
  '500',
  '503',
  'html',
  'timeout-before',
  'down',
] as const
const otherKinds = [
  'slow',
  'timeout-after',
  'cut-json',
  'more-without-next',
  'foreign-next',
  'looping-next',
  'empty',
  'half',
  'no-pagination',
  'null-fields',
  'writeback-pending',
  'writeback-failed',
  'accept-and-drop',
  'slow-to-show',
  'takes-marks',
  'offline',
] as const
export const faultKinds = [...stopKinds, ...otherKinds] as const
export type FaultKind = (typeof faultKinds)[number]

export type Fault = {
  on: string
  kind: FaultKind
  times: number | null
  ms: number | null
  method: string | null
  since: number
  used: number
}

export const resources = [
  'school',
  'meta',
  'counts',
  'students',
  'students-pre-admission',
  'students-leaver',
  'employees',
  'contacts',
  'groups',
  'classes',
  'lessons',
  'periods',
  'rooms',
  'subjects',
  'photos',
  'deletions',
  'attendance-codes',
  'attendance-summaries',
  'attendance/session',
  'attendance/lesson',
  'attendance/absence',
  'attendance-leavers/session',
  'writebacks',
  'access',
] as const
export type Resource = (typeof resources)[number]

const otherNames: Record<string, string> = {
  schools: 'school',
  'meta/schools': 'meta',
  session: 'attendance/session',
  marks: 'attendance/session',
  'attendance-session': 'attendance/session',
  writeback: 'writebacks',
}

/** A resource by one of its names, `attendance` for all of attendance, `*` for everything; null for none of ours. */
export function resourceNamed(text: string): string | null {
  const plain = text.trim().replace(/^\/+|\/+$/g, '')
  const name = otherNames[plain] ?? plain
  return name === '*' || name === 'attendance' || (resources as readonly string[]).includes(name)
    ? name
    : null
}

/** Milliseconds of a fault that names none. */
export function faultMs(fault: Fault): number {
  if (fault.ms !== null) return fault.ms
  switch (fault.kind) {
    case 'slow':
      return 8_000
    case '429':
      return 2_000
    case 'timeout-before':
    case 'timeout-after':
      return 120_000
    case 'slow-to-show':
      return 60_000
    default:
      return 0
  }
}

/** The request a fault is asked about. */
export type Aim = { resource: Resource; method: string; hasInclude: boolean }

export function aimsAt(fault: Fault, { resource, method, hasInclude }: Aim): boolean {
  if (fault.on !== '*' && fault.on !== resource && !resource.startsWith(`${fault.on}/`)) return false
  if (fault.method !== null) return fault.method === method
  // What comes after a commit, or refuses what was sent, means writes unless a method is named.
  if (fault.kind === 'timeout-after' || fault.kind === '422') return method !== 'GET'
  return fault.kind !== '400' || method !== 'GET' || hasInclude
}

/** While one of these is on, what was written waits before the MIS. */
export const holdsWrites = (faults: readonly Fault[]): boolean =>
  faults.some(({ kind }) => kind === 'writeback-pending' || kind === 'offline')
