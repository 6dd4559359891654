/** Every migration by name, oldest first. Forward only; a released one is never edited. */
import type { Migration } from 'kysely/migration'
import * as floor from './2026-11-25-floor.ts'
import * as notices from './2026-11-26-notices.ts'
import * as optionMail from './2026-11-26-option-mail.ts'
import * as people from './2026-11-26-people.ts'
import * as terms from './2026-11-26-terms.ts'
import * as expectedBack from './2026-11-27-expected-back.ts'
import * as reports from './2026-11-27-reports.ts'
import * as schoolDayExceptions from './2026-11-27-school-day-exceptions.ts'
import * as summaryMail from './2026-11-27-summary-mail.ts'
import * as testMark from './2026-11-27-test-mark.ts'
import * as whenBack from './2026-11-27-when-back.ts'
import * as kioskReports from './2026-11-28-kiosk-reports.ts'
import * as misAccess from './2026-11-28-mis-access.ts'

/** `siteTableNames`: the tables it makes that belong to a site; a test holds all of them against the catalogue. */
type OurMigration = Migration & { siteTableNames?: readonly string[] }

export const migrations: Record<string, OurMigration> = {
  '2026-11-25-floor': floor,
  '2026-11-26-notices': notices,
  '2026-11-26-option-mail': optionMail,
  '2026-11-26-people': people,
  '2026-11-26-terms': terms,
  '2026-11-27-expected-back': expectedBack,
  '2026-11-27-reports': reports,
  '2026-11-27-school-day-exceptions': schoolDayExceptions,
  '2026-11-27-summary-mail': summaryMail,
  '2026-11-27-test-mark': testMark,
  '2026-11-27-when-back': whenBack,
  '2026-11-28-kiosk-reports': kioskReports,
  '2026-11-28-mis-access': misAccess,
}

export const siteTableNames = Object.values(migrations).flatMap((one) => one.siteTableNames ?? [])
