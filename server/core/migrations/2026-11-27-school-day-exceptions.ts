/** Weekdays on which the school keeps other times, such as a short Friday. */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`alter table system.site add column day_exceptions jsonb not null default '[]'`).execute(db)
}
