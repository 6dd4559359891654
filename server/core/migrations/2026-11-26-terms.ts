/**
 * The MIS option: orders, with who ordered them, belong to the site; its terms hold nobody and stand in `system`, where
 * every transaction may ask whether the MIS may be read.
 */
import { type Kysely, sql } from 'kysely'
import { closeToOthers } from './own.ts'

const systemTables = `
-- Twelve months of MIS integration. Not confirmed: an order that waits. reminded: the last reminder, in days left.
create table system.mis_term (
  site_id uuid not null references system.site,
  starts_on date not null,
  ends_on date not null check (ends_on > starts_on),
  confirmed boolean not null,
  order_id uuid,
  reminded int,
  primary key (site_id, starts_on)
);
-- What the reminders ask: whose end comes near and who have not been told that it came.
create index mis_term_ends on system.mis_term (ends_on) where confirmed and reminded is distinct from 0;

insert into system.mis_term (site_id, starts_on, ends_on, confirmed)
  select id, mis_starts_on, (mis_starts_on + interval '12 months')::date - 1, true
  from system.site where mis_starts_on is not null;
alter table system.site drop column mis_starts_on;
`

const siteTables = `
create table licence_order (
  site_id uuid not null references system.site,
  id uuid not null,
  state text not null check (state in ('ordered', 'confirmed', 'cancelled')),
  renewal boolean not null,
  starts_on date not null,
  ends_on date not null,
  net_pence int not null,
  vat_permille int not null,
  vat_pence int not null,
  total_pence int not null check (total_pence = net_pence + vat_pence),
  name text not null,
  email text not null,
  purchase_order text,
  invoice_address text not null,
  ordered_at timestamptz not null,
  settled_at timestamptz,
  settled_by text,
  primary key (site_id, id)
);
-- One open order a site: a double press is refused by the database, not by luck.
create unique index licence_order_open on licence_order (site_id) where state = 'ordered';
`

export const siteTableNames = ['licence_order']

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(systemTables).execute(db)
  await sql.raw(siteTables).execute(db)
  await closeToOthers(db, siteTableNames)
}
