/** A test mark is owed by no movement. */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `alter table write_back alter column movement_id drop not null;
       alter table write_back drop constraint write_back_intent_check;
       alter table write_back add constraint write_back_intent_check
         check (intent in ('mark', 'correction', 'void', 'test'));
       alter table write_back add constraint write_back_test_check
         check (movement_id is not null or intent in ('test', 'void'));`,
    )
    .execute(db)
}
