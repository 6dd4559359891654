/** Tells a school that its MIS integration ends: at 60, 30 and 7 days, and once it has ended. Each once. */
import { Temporal } from 'temporal-polyfill'
import { adminAddresses } from '../accounts/accounts.ts'
import type { App } from '../app.ts'
import { post } from '../mail/mail.ts'
import * as sites from '../sites/sites.ts'
import { reminder } from './letters.ts'
import { pageOf } from './licences.ts'
import { remindAt, reminderOn } from './rules.ts'

const atOnce = 200

/** Looks through all schools whose term ends soon or has just ended. */
export async function remindOfEnds(app: App): Promise<void> {
  // A day more than needed: somewhere it is tomorrow already.
  const by = Temporal.Instant.fromEpochMilliseconds(app.clock.now().getTime())
    .toZonedDateTimeISO('UTC')
    .toPlainDate()
    .add({ days: remindAt[0] + 1 })
    .toString()
  for (const siteId of await app.db.system((tx) => sites.sitesWithEndBy(tx, by, atOnce)))
    await remind(app, siteId)
}

async function remind(app: App, siteId: string): Promise<void> {
  await app.db.write(siteId, async (tx) => {
    await sites.lockSite(tx, siteId)
    const site = await sites.getSite(tx, siteId)
    const now = app.clock.now()
    const today = sites.todayAt(site, now)
    const terms = await sites.listTerms(tx, siteId)
    for (const term of terms) {
      if (!term.confirmed) continue
      const followed = terms.some((other) => other.confirmed && other.starts_on > term.starts_on)
      const due = reminderOn({ endsOn: term.ends_on, reminded: term.reminded, followed }, today)
      if (due === null) continue
      await sites.setReminded(tx, term, due.due)
      // The day after the end: what may move has changed.
      if (due.due === 0) sites.wakeLicence(tx, siteId)
      if (due.quiet || site.edition !== 'education') continue
      const waiting = terms.some((other) => !other.confirmed)
      await post(tx, {
        ...reminder({ due: due.due, endsOn: term.ends_on, waiting }, site.name, pageOf(app, siteId)),
        to: await adminAddresses(tx, siteId),
        key: `licence-end:${term.starts_on}:${due.due}`,
        at: now,
      })
    }
  })
}
