/** One request of the wire as a handler sees it, and what it may answer. */
import { aimsAt, type Aim, type Fault, type FaultKind, type Resource } from '../state/faults.ts'
import type { Store } from '../state/store.ts'
import type { School } from '../world/school.ts'

export type SandboxContext = {
  store: Store
  now: () => number
  /** Until a mark that was written is seen. */
  delayMs: number
  publicUrl: URL | null
}

export type Caller = { kind: 'application' } | { kind: 'school'; school: School }

export type Call = {
  context: SandboxContext
  caller: Caller
  method: string
  /** Without a slash at the end. */
  path: string
  params: Record<string, string>
  query: URLSearchParams
  /** As it came; null where there is none. */
  body: string | null
  /** The public base address, ends in /v1.0. */
  base: string
  now: number
  fault: TakeFault
}
export type SchoolCall = Call & { school: School }

/** The first fault of these kinds that aims at this request; taking it counts it. */
export type TakeFault = (...kinds: readonly FaultKind[]) => Fault | null

export type Answer = { status?: number; body: unknown }

/** A refusal, as the wire words it (wonde-api.md §13). */
export class WireError extends Error {
  readonly status: number
  readonly body: Record<string, unknown>
  constructor(status: number, error: string, message: string) {
    super(message)
    this.status = status
    this.body = { error, message }
  }
}

/** The validation answer of a POST (wonde-api.md §10.3). */
export class InvalidData extends WireError {
  constructor(errors: Record<string, string[]>) {
    super(422, 'invalid', 'The given data was invalid.')
    Object.assign(this.body, { errors })
    delete this.body['error']
  }
}

/** How the faults of a school are looked at and used up by one request. */
export function faultTaker(
  store: Store,
  school: School,
  aim: Aim,
  onTaken: (fault: Fault) => void,
): TakeFault {
  return (...kinds) => {
    const index = school.faults.findIndex((fault) => kinds.includes(fault.kind) && aimsAt(fault, aim))
    const fault = school.faults[index]
    if (fault === undefined) return null
    // Only a count that runs out has to outlive a kill.
    if (fault.times === null) fault.used += 1
    else store.record({ t: 'fault-used', school: school.ix, fault: index })
    onTaken(fault)
    return fault
  }
}

export type Handler = (call: Call) => Answer
export type SchoolHandler = (call: SchoolCall) => Answer
export type Operation =
  | { of: 'root'; run: Handler }
  | { of: 'school'; resource: Resource; permission: string | null; run: SchoolHandler }
export type Route = { path: string; methods: Record<string, Operation> }
