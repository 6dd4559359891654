/** When an early leaver is expected back, and when to look whether they came. */
import { type Kysely, sql } from 'kysely'

const tables = `
alter table movement add column expected_back_at timestamptz;
create index movement_expected on movement (site_id, date) where expected_back_at is not null;

-- Which leave to look after next, for a worker that serves every site; names nobody.
create table system.back_due (
  site_id uuid not null references system.site,
  movement_id uuid not null,
  due_at timestamptz not null,
  primary key (site_id, movement_id)
);
create index back_due_at on system.back_due (due_at);
`

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(tables).execute(db)
}
