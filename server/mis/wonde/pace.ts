/**
 * How much may be in flight at once (design.md §7): per school two POSTs, one read of marks and one import page;
 * per token eight in all. Marks go before anything else, and import pages never fill a token: two of its eight
 * places are always left to marks, so that a night's import cannot hold up a child at the door.
 * One object for the whole process, shared by all drivers. Time spent waiting here is nobody's time-out.
 */

export type Lane = 'post' | 'marks' | 'status' | 'check' | 'page'

export type Turn = { school: string; token: string; lane: Lane; signal?: AbortSignal | undefined }

export type Pace = {
  /** Runs the task when it is its turn. A signal that fires before that: `AbortError`, and the task never ran. */
  run<T>(turn: Turn, task: () => Promise<T>): Promise<T>
  /** What is in flight and waiting now, and of how many schools; for gauges and tests. */
  load(): { inFlight: number; waiting: number; schools: number }
}

const order: Lane[] = ['post', 'marks', 'status', 'check', 'page']
const perSchool: Record<Lane, number> = { post: 2, marks: 1, status: 1, check: 2, page: 1 }
const perToken = 8
const pagesPerToken = 6

type Token = {
  inFlight: number
  pages: number
  /** By lane, then school; the school served goes to the end, so that one busy school never starves another. */
  waiting: Record<Lane, Map<string, (() => void)[]>>
}
type School = { inFlight: Record<Lane, number>; waitingTokens: Map<string, number> }

type State = { tokens: Map<string, Token>; schools: Map<string, School> }

/** Makes the one pace of a process. */
export function createPace(): Pace {
  const state: State = { tokens: new Map(), schools: new Map() }
  return {
    async run(turn, task) {
      await admission(state, turn)
      try {
        return await task()
      } finally {
        release(state, turn)
      }
    },
    load() {
      const all = [...state.tokens.values()]
      return {
        inFlight: all.reduce((sum, token) => sum + token.inFlight, 0),
        waiting: all.reduce((sum, token) => sum + waitingIn(token), 0),
        schools: state.schools.size,
      }
    },
  }
}

function admission(state: State, turn: Turn): Promise<void> {
  if (turn.signal?.aborted) return Promise.reject(abortError())
  const queues = tokenOf(state, turn).waiting[turn.lane]
  if (!queues.has(turn.school) && hasRoom(state, turn)) {
    take(state, turn, 1)
    return Promise.resolve()
  }
  return new Promise((resolve, reject) => {
    const start = () => {
      turn.signal?.removeEventListener('abort', giveUp)
      resolve()
    }
    const giveUp = () => {
      const queue = queues.get(turn.school) ?? []
      queue.splice(queue.indexOf(start), 1)
      if (queue.length === 0) queues.delete(turn.school)
      noteWaiting(state, turn, -1)
      forgetIdle(state, turn)
      reject(abortError())
    }
    getOrMake(queues, turn.school, () => []).push(start)
    noteWaiting(state, turn, 1)
    turn.signal?.addEventListener('abort', giveUp, { once: true })
  })
}

function release(state: State, turn: Turn): void {
  take(state, turn, -1)
  while (startNext(state, turn.token));
  // The school's place may be wanted by another token of the same school.
  for (const other of schoolOf(state, turn).waitingTokens.keys()) while (startNext(state, other));
  forgetIdle(state, turn)
}

function startNext(state: State, token: string): boolean {
  const waiting = state.tokens.get(token)?.waiting
  if (!waiting) return false
  for (const lane of order) {
    const queues = waiting[lane]
    for (const [school, queue] of queues) {
      const turn = { school, token, lane }
      const start = queue[0]
      if (!start || !hasRoom(state, turn)) continue
      queue.shift()
      queues.delete(school)
      if (queue.length > 0) queues.set(school, queue)
      noteWaiting(state, turn, -1)
      take(state, turn, 1)
      start()
      return true
    }
  }
  return false
}

function hasRoom(state: State, turn: Turn): boolean {
  const token = tokenOf(state, turn)
  if (token.inFlight >= perToken) return false
  if (turn.lane === 'page' && token.pages >= pagesPerToken) return false
  return schoolOf(state, turn).inFlight[turn.lane] < perSchool[turn.lane]
}

function take(state: State, turn: Turn, by: 1 | -1): void {
  const token = tokenOf(state, turn)
  token.inFlight += by
  if (turn.lane === 'page') token.pages += by
  schoolOf(state, turn).inFlight[turn.lane] += by
}

function noteWaiting(state: State, turn: Turn, by: 1 | -1): void {
  const { waitingTokens } = schoolOf(state, turn)
  const count = (waitingTokens.get(turn.token) ?? 0) + by
  if (count === 0) waitingTokens.delete(turn.token)
  else waitingTokens.set(turn.token, count)
}

function forgetIdle(state: State, turn: Turn): void {
  const token = state.tokens.get(turn.token)
  if (token && token.inFlight === 0 && waitingIn(token) === 0) state.tokens.delete(turn.token)
  const school = state.schools.get(turn.school)
  if (school && school.waitingTokens.size === 0 && order.every((lane) => school.inFlight[lane] === 0)) {
    state.schools.delete(turn.school)
  }
}

function tokenOf(state: State, turn: Turn): Token {
  return getOrMake(state.tokens, turn.token, newToken)
}

function schoolOf(state: State, turn: Turn): School {
  return getOrMake(state.schools, turn.school, newSchool)
}

/** The one error besides `MisError` that the driver throws: the caller's own signal fired. */
export function abortError(): DOMException {
  return new DOMException('Given up by the caller.', 'AbortError')
}

function newToken(): Token {
  const lane = () => new Map<string, (() => void)[]>()
  return {
    inFlight: 0,
    pages: 0,
    waiting: { post: lane(), marks: lane(), status: lane(), check: lane(), page: lane() },
  }
}

function newSchool(): School {
  return { inFlight: { post: 0, marks: 0, status: 0, check: 0, page: 0 }, waitingTokens: new Map() }
}

function waitingIn(token: Token): number {
  let count = 0
  for (const lane of order) for (const queue of token.waiting[lane].values()) count += queue.length
  return count
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
