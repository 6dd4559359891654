/**
 * The port to a school's MIS: what the rest of the server may ask, in our own words. Drivers turn a
 * provider's API into these shapes and nothing more; they know no table and no feature.
 *
 * Every call throws `MisError` and nothing else (but an `AbortError` if the given signal fires). Readers
 * yield pages as they arrive, so that memory does not grow with the school; a consumer that has been given
 * the last page without a throw has been given everything.
 */

/** What we know of a school from its provider. `timeZone` is as the provider says and may be unknown. */
export type MisSchool = {
  id: string
  name: string
  /** As the provider writes it ("SIMS"); compare only through `misKey` of capabilities.ts. */
  mis: string
  phase: string | null
  timeZone: string | null
  /** `null`: the provider does not say. `false`: the link of this school cannot write. */
  allowsWriteback: boolean | null
  /** `false`: the provider cannot reach the MIS now. `null`: it does not say. */
  online: boolean | null
  approved: boolean | null
  audited: boolean | null
}

/** A record that could not be taken over for its own data; it is one person's problem, not the run's. */
export type MisProblem = { misId: string | null; message: string; fix: string }

/** `undefined` in an optional field: not told (include refused); `null`: told, and empty or not permitted. */
export type MisStudent = {
  misId: string
  upi: string | null
  forename: string
  surname: string
  /** `YYYY-MM-DD` */
  dateOfBirth: string | null
  yearGroup: string | null | undefined
  regGroup: string | null | undefined
  /** `YYYY-MM-DD` */
  leavingOn: string | null | undefined
}

export type MisEmployee = {
  misId: string
  upi: string | null
  forename: string
  surname: string
  /** Work address first, never the home one (wonde-api.md §5.4). */
  email: string | null | undefined
  /** `true`/`false` as told; `null`/`undefined`: not told, which never means "left". */
  current: boolean | null | undefined
  /** `YYYY-MM-DD` */
  employmentEndsOn: string | null | undefined
}

export type MisAttendanceCode = { misId: string; code: string; description: string; type: string | null }

export type MisPage<T> = {
  rows: T[]
  problems: MisProblem[]
  /** Raw records in this page, good or bad. */
  read: number
}

export type MisReading = {
  /** Includes that the school refused: the fields they carry are `undefined` in every row. */
  refusedIncludes: string[]
}

export type Session = 'AM' | 'PM'

/** A mark as it stands in the provider's copy of the register. */
export type MisMark = {
  student: string
  /** `YYYY-MM-DD`, the school's day */
  date: string
  session: Session
  /** the MIS's own id of the attendance code */
  codeId: string | null
  comment: string | null
  /** `undefined`: the provider does not give it back */
  minutesLate: number | null | undefined
  employee: string | null
  updatedAt: Date | null
}

export type MarkToSend = {
  student: string
  date: string
  session: Session
  codeId: string
  comment: string | null
  /** left out on the wire when null or 0 */
  minutesLate: number | null
  employee: string | null
}

/**
 * A mark may have to wait for its turn, and that wait is not in the 25 s. `signal` gives up while it waits
 * (`AbortError`, nothing was sent) and has no say once the request has started. `onStart` runs right before it
 * starts; if it throws, nothing is sent and its error comes through.
 */
export type SendHooks = { signal?: AbortSignal; onStart?: () => void | Promise<void> }

export type SendReceipt = { receipt: string | null }

/** What the provider says of a mark it took. `unsupported`: it does not tell (404 or 403): stop asking. */
export type SendStatus =
  | { state: 'accepted'; word: string }
  | { state: 'written'; word: string }
  | { state: 'failed'; word: string; message: string | null }
  | { state: 'unsupported' }

export type MisFailure =
  /** not reachable, timed out, 5xx, 423: nothing is known to have happened; later may work */
  | 'unavailable'
  /** 429: wait `retryAfterMs` */
  | 'slow-down'
  /** 400, 403, 404, 405, 422: the request itself was refused; the same again is refused again */
  | 'rejected'
  /** 401: the token is not accepted */
  | 'unauthorised'
  /** an answer came and cannot be trusted: HTML, cut JSON, foreign or looping `next`, too many pages */
  | 'unreadable'

export class MisError extends Error {
  readonly kind: MisFailure
  readonly status: number | null
  /** What the other side said, at any depth, at most 500 characters. */
  readonly words: string | null
  readonly retryAfterMs: number | null
  /**
   * Only of a POST: `no` — nothing was written (it never went out, or was refused); `unknown` — it may have been
   * (connection lost after the body went, 500, 502, 504, timed out, unreadable 200): look before sending again.
   */
  readonly written: 'no' | 'unknown'
  constructor(
    kind: MisFailure,
    message: string,
    more: {
      status?: number | null
      words?: string | null
      retryAfterMs?: number | null
      written?: 'no' | 'unknown'
      cause?: unknown
    } = {},
  ) {
    super(message, { cause: more.cause })
    this.name = 'MisError'
    this.kind = kind
    this.status = more.status ?? null
    this.words = more.words ?? null
    this.retryAfterMs = more.retryAfterMs ?? null
    this.written = more.written ?? 'no'
  }
}

/** Whom the provider may ask at the school. */
export type AccessContact = { forename: string; surname: string; email: string }
/** `unknown`: in none of the provider's lists, or it does not let us read them. */
export type AccessState = 'pending' | 'declined' | 'revoked' | 'unknown'

export type Mis = {
  /** Asks the school for access; the same again changes nothing. */
  requestAccess(contact: AccessContact | null): Promise<void>
  /** Of a school that does not let us in. */
  accessState(): Promise<AccessState>
  /** School and meta in one; proves token and school together. `rejected` with status 403: access withdrawn. */
  /** One attempt within 10 s, for a person who waits; `patient` repeats what may pass, for jobs. */
  school(signal?: AbortSignal, manner?: { patient?: boolean }): Promise<MisSchool>
  students(reading: MisReading, signal?: AbortSignal): AsyncIterable<MisPage<MisStudent>>
  employees(reading: MisReading, signal?: AbortSignal): AsyncIterable<MisPage<MisEmployee>>
  attendanceCodes(signal?: AbortSignal): AsyncIterable<MisPage<MisAttendanceCode>>
  /** Marks changed after the instant; the caller filters by day. One attempt: the caller decides on repeats. */
  readMarks(updatedAfter: Date, signal?: AbortSignal): AsyncIterable<MisMark[]>
  /** One attempt, given up after 25 s; never repeated by the driver. */
  sendSessionMark(mark: MarkToSend, hooks?: SendHooks): Promise<SendReceipt>
  sendStatus(receipt: string): Promise<SendStatus>
}
