/** One mark per POST, and what became of it (wonde-api.md §10.2–§10.5). */
import { type MarkToSend, MisError, type SendHooks, type SendReceipt, type SendStatus } from '../mis.ts'
import { displayWords, isObject } from './answers.ts'
import type { Link } from './client.ts'
import { id, text } from './loose.ts'

/** Sends one mark, once. Time spent to learn the school's region is taken off the 25 s. */
export async function sendSessionMark(
  link: Link,
  mark: MarkToSend,
  hooks: SendHooks = {},
): Promise<SendReceipt> {
  const { quickMs, postMs } = link.limits
  const begun = performance.now()
  const base = await link.home({ patient: false, signal: hooks.signal, totalMs: quickMs })
  const totalMs = Math.max(postMs - (performance.now() - begun), 1_000)
  const answer = await link.client.post(
    {
      lane: 'post',
      url: new URL(`${base}${link.schoolPath}/attendance/session`),
      totalMs: Math.min(totalMs, postMs),
      signal: hooks.signal,
    },
    { attendance: [wireMark(mark)] },
    hooks.onStart,
  )
  return { receipt: id(answer['writeback_id']) }
}

/** The mark under Wonde's names for writing, which differ from those for reading (§10.1); nothing empty is sent. */
export function wireMark(mark: MarkToSend): Record<string, string | number> {
  const comment = mark.comment?.trim() ?? ''
  const minutes = Math.floor(mark.minutesLate ?? 0)
  return {
    student_id: mark.student,
    date: mark.date.slice(0, 10),
    session: mark.session,
    attendance_code_id: mark.codeId,
    ...(comment !== '' && { comment }),
    ...(minutes >= 1 && { minutes_late: minutes }),
    ...(mark.employee && { employee_id: mark.employee }),
  }
}

const writtenWords = new Set([
  'completed',
  'complete',
  'success',
  'successful',
  'succeeded',
  'processed',
  'done',
])
const failedWords = new Set(['failed', 'failure', 'error', 'errored', 'rejected', 'cancelled', 'canceled'])
const waitingWords = new Set(['', 'pending', 'queued', 'processing', 'in_progress', 'running', 'accepted'])

/** Asks once what became of a mark. The words are not documented: what is in no list means *still waiting*. */
export async function sendStatus(
  link: Link,
  receipt: string,
  onUnknownWord: (word: string) => void,
): Promise<SendStatus> {
  // A receipt is text of the other side and becomes a path: one that could climb it is not asked for.
  if (!/[^.]/.test(receipt)) return { state: 'unsupported' }
  const { quickMs, postMs } = link.limits
  const base = await link.home({ patient: false, totalMs: quickMs })
  const url = new URL(`${base}/writebacks/${encodeURIComponent(receipt)}`)
  try {
    return await link.client.get({ lane: 'status', url, totalMs: postMs }, (body) =>
      readStatus(isObject(body['data']) ? body['data'] : body, link.token, onUnknownWord),
    )
  } catch (error) {
    const told = error instanceof MisError && (error.status === 404 || error.status === 403)
    if (told) return { state: 'unsupported' }
    throw error
  }
}

function readStatus(
  data: Record<string, unknown>,
  token: string,
  onUnknownWord: (word: string) => void,
): SendStatus {
  const word = text(data['status'], 100) ?? ''
  const plain = word.toLowerCase().replace(/[\s-]+/g, '_')
  if (writtenWords.has(plain)) return { state: 'written', word }
  if (failedWords.has(plain)) {
    return { state: 'failed', word, message: displayWords(text(data['message'], 2_000) ?? '', token) }
  }
  if (!waitingWords.has(plain)) onUnknownWord(plain)
  return { state: 'accepted', word }
}
