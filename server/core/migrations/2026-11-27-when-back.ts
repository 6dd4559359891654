/** A reason for leaving may ask when the pupil will be back. */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('alter table reason add column asks_back boolean not null default false').execute(db)
}
