/** Every migration by name, oldest first. Forward only; a released one is never edited. */
import type { Migration } from 'kysely/migration'
import * as floor from './2026-11-25-floor.ts'

export const migrations: Record<string, Migration> = {
  '2026-11-25-floor': floor,
}
