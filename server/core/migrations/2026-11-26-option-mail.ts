/** Messages by e-mail: the message belongs to its site; when it is due stands in `system`, and names nobody. */
import { type Kysely, sql } from 'kysely'
import { closeToOthers } from './own.ts'

const tables = `
-- Which message is due, for a worker that serves every site.
create table system.mail_due (
  site_id uuid not null references system.site,
  id uuid not null,
  due_at timestamptz not null,
  primary key (site_id, id)
);
create index mail_due_at on system.mail_due (due_at);

-- Written in the transaction that causes it; the same reason (key) never goes twice to one address.
create table message (
  site_id uuid not null references system.site,
  id uuid not null,
  key text not null,
  recipient text not null,
  subject text not null,
  text text not null,
  state text not null check (state in ('waiting', 'sending', 'sent', 'failed')),
  fault text,
  attempts int not null default 0,
  posted_at timestamptz not null,
  -- when it was last asked for: posted, or sent again by a person
  asked_at timestamptz not null,
  sent_at timestamptz,
  primary key (site_id, id),
  unique (site_id, key, recipient)
);
`

export const siteTableNames = ['message']

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(tables).execute(db)
  await closeToOthers(db, siteTableNames)
}
