/** What the office is told of (signs i and † of the table of precedence, a missed morning), and the looks owed for it. */
import { type Kysely, sql } from 'kysely'
import { closeToOthers } from './own.ts'

const tables = `
-- Told once (key), settled once.
create table notice (
  site_id uuid not null references system.site,
  id uuid not null,
  key text not null,
  alert boolean not null,
  person_id uuid not null,
  movement_id uuid not null,
  date date not null,
  session text not null check (session in ('AM', 'PM')),
  stands text,
  message text not null,
  fix text not null,
  at timestamptz not null,
  settled_at timestamptz,
  settled_by text,
  primary key (site_id, id),
  unique (site_id, key)
);
create index notice_open on notice (site_id, id) where settled_at is null;
create index notice_movement on notice (site_id, movement_id);

-- A look into the register that a movement asks for although no mark is owed; gone once somebody has looked.
create table register_check (
  site_id uuid not null references system.site,
  id uuid not null,
  movement_id uuid not null,
  person_id uuid not null,
  student_mis_id text not null,
  date date not null,
  session text not null check (session in ('AM', 'PM')),
  situation text check (situation in ('A', 'B', 'C', 'D', 'E', 'R', 'R-after')),
  offer text,
  happened_at timestamptz not null,
  made_at timestamptz not null,
  primary key (site_id, id),
  foreign key (site_id, movement_id) references movement (site_id, id)
);
create index register_check_movement on register_check (site_id, movement_id);
`

export const siteTableNames = ['notice', 'register_check']

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(tables).execute(db)
  await closeToOthers(db, siteTableNames)
}
