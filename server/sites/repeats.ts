/** First answers to an Idempotency-Key, kept thirty days for each token (contract §3 Repeats). */
import type { App } from '../app.ts'
import { conflict } from '../core/errors.ts'
import type { Answer, Repeats } from '../core/http/route.ts'
import * as store from './repeats.store.ts'

const keptDays = 30
/** After this, a first try that never ended is taken over: its process died. Ids from the key keep that harmless. */
const takenOverAfterMs = 60_000

export function createRepeats(app: App): Repeats {
  const inScope = <T>(siteId: string | null, fn: (scope: store.Scope) => Promise<T>): Promise<T> =>
    siteId === null
      ? app.db.system((tx) => fn({ tx, siteId: null }))
      : app.db.write(siteId, (tx) => fn({ tx, siteId }))
  return {
    begin: (actor, siteId, key, request) =>
      inScope(siteId, async (scope) => {
        const now = app.clock.now()
        if (await store.insertRepeat(scope, { actor, key, request, at: now })) return { first: true } as const
        const stands = await store.lockRepeat(scope, actor, key)
        const age = now.getTime() - stands.at.getTime()
        const fresh = stands.status === null ? age > takenOverAfterMs : age > keptDays * 86_400_000
        if (fresh) {
          await store.restartRepeat(scope, { actor, key, request, at: now })
          return { first: true } as const
        }
        if (!stands.request.equals(request))
          throw conflict(
            'request.key_used',
            'This Idempotency-Key was used for another request. Take a new key.',
          )
        if (stands.status === null)
          throw conflict(
            'request.in_progress',
            'The first request with this Idempotency-Key is still being done. Ask again.',
          )
        return { first: false, body: stands.body } as const
      }),
    finish: (actor, siteId, key, answer: Answer) =>
      inScope(siteId, (scope) => store.finishRepeat(scope, actor, key, answer.status ?? 200, answer.body)),
    forget: (actor, siteId, key) => inScope(siteId, (scope) => store.dropRepeat(scope, actor, key)),
  }
}
