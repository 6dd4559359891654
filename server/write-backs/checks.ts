/**
 * Looks for the office's sake: a movement that owes no mark may still show that the register is wrong. The look is
 * owed in the movement's transaction, made by the round that reads the register anyway, and then gone.
 */
import { type CheckRow, takeCheck } from './checks.store.ts'
import { standingOf } from './judge.ts'
import { type Desk, lookFor } from './send.ts'
import { tellOf } from './tell.ts'

/** After a look: tells the office what it shows. Where reading is not permitted nothing can be said. */
export async function judgeChecks(desk: Desk, checks: readonly CheckRow[]): Promise<void> {
  const { app, timeZone } = desk
  for (const check of checks)
    await app.db.write(desk.siteId, async (tx) => {
      if (!(await takeCheck(tx, check.id)) || !desk.readable) return
      const look = await lookFor(tx, desk, check)
      await tellOf(tx, { timeZone, now: app.clock.now() }, check, standingOf(look))
    })
}
