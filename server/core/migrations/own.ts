import { type Kysely, sql } from 'kysely'

/** Gives each table of a site the one policy: nobody sees or writes a row of a site but in that site's transaction. */
export async function closeToOthers(db: Kysely<unknown>, tables: readonly string[]): Promise<void> {
  for (const table of tables)
    await sql
      .raw(`alter table ${table} enable row level security;
        alter table ${table} force row level security;
        create policy ${table}_site on ${table}
          using (site_id = nullif(current_setting('app.site', true), '')::uuid)
          with check (site_id = nullif(current_setting('app.site', true), '')::uuid);`)
      .execute(db)
}
