/** A kiosk says what waits on it and which page it shows; the office ticks off what it has seen to. */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw('alter table system.kiosk add column waiting int not null default 0, add column page text')
    .execute(db)
  await sql
    .raw('alter table kiosk_problem add column settled_at timestamptz, add column settled_by text')
    .execute(db)
}
