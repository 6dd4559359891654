/** What the school itself keeps of its staff, and records that were found to be one person. */
import { type Kysely, sql } from 'kysely'

const changes = `
alter table person
  add column phone text,
  add column vehicle text,
  add column working_days smallint[],
  add column merged_into uuid,
  add column merged_at timestamptz,
  add column merged_by text,
  add foreign key (site_id, merged_into) references person (site_id, id),
  -- Who was merged is out of use, has no record in the MIS, and is not merged into themselves.
  add check (merged_into is null or (merged_into <> id and state = 'archived' and mis_id is null));
-- Whose history a person has: their own, and that of the records merged into them.
create index person_merged on person (site_id, merged_into) where merged_into is not null;
create index import_change_person on import_change (site_id, person_id);
`

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(changes).execute(db)
}
