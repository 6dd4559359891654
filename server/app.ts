/** What every feature is given: built once by main.ts, and by tests with a clock they can move. */
import type { Clock } from './core/clock.ts'
import type { Database } from './core/db/db.ts'
import type { Jobs } from './core/jobs.ts'
import type { Log } from './core/log.ts'
import type { Sealer } from './core/secrets.ts'
import type { Settings } from './core/settings.ts'
import type { WakeUps } from './core/wake-ups.ts'

export type App = {
  settings: Settings
  db: Database
  log: Log
  clock: Clock
  sealer: Sealer
  jobs: Jobs
  wakeUps: WakeUps
}

/** Topics of wake-ups: `marks` and `imports` for workers, `changed` (`<site>:<what>`) for open screens. */
export const topics = ['marks', 'changed'] as const

/** What may have changed on an open screen. */
export type Changed = 'movements' | 'write-backs' | 'imports' | 'people' | 'kiosks' | 'mis' | 'settings'
