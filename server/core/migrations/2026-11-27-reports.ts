/** Reports read a range of days of one type of movement, and the marks of a range of days. */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `create index movement_report on movement (site_id, type, date, happened_at, id)
         where type in ('late-arrival', 'early-leave');
       create index write_back_day on write_back (site_id, date, n);`,
    )
    .execute(db)
}
