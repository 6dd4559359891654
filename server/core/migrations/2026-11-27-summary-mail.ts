/** The day's e-mail of the marks that need somebody: to whom belongs to the site; when it is due names nobody. */
import { type Kysely, sql } from 'kysely'
import { closeToOthers } from './own.ts'

const tables = `
create table summary_mail (
  site_id uuid primary key references system.site,
  at text not null,
  recipients text[] not null
);
-- Which site's is due next, for a worker that serves every site.
create table system.summary_due (
  site_id uuid primary key references system.site,
  due_at timestamptz not null
);
create index summary_due_at on system.summary_due (due_at);
`

export const siteTableNames = ['summary_mail']

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(tables).execute(db)
  await closeToOthers(db, siteTableNames)
}
