/**
 * The floor. `system` and `auth` hold nothing of people but logins; every other table belongs to a site, has
 * site_id first in its key, and is bound by row-level security even for its owner.
 */
import { type Kysely, sql } from 'kysely'
import { closeToOthers } from './own.ts'

const systemTables = `
create table system.setting (name text primary key, value text not null);

create table system.site (
  id uuid primary key,
  name text not null,
  phase text not null check (phase in ('primary', 'secondary', 'all-through')),
  edition text not null check (edition in ('business', 'professional', 'education', 'care')),
  time_zone text not null,
  mis_starts_on date,
  school_day jsonb not null,
  closures jsonb not null default '[]',
  attendance jsonb not null,
  accent text not null,
  created_at timestamptz not null
);

-- The nightly run: due when next_at has passed. By next_at: what the tick asks.
create table system.schedule (
  site_id uuid primary key references system.site,
  at text not null,
  next_at timestamptz not null
);
create index schedule_due on system.schedule (next_at);

create table system.api_token (
  id uuid primary key,
  name text not null,
  hash bytea not null unique,
  site_ids uuid[],
  permissions text[] not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);

create table system.kiosk (
  id uuid primary key,
  site_id uuid not null references system.site,
  name text not null,
  pairing_hash bytea unique,
  pairing_expires_at timestamptz,
  token_hash bytea unique,
  created_at timestamptz not null,
  paired_at timestamptz,
  last_seen_at timestamptz,
  removed_at timestamptz
);
create index kiosk_of_site on system.kiosk (site_id);

-- First answers to writes that belong to no site (making one).
create table system.repeat (
  actor text not null, key text not null, request bytea not null,
  status int, body jsonb, at timestamptz not null,
  primary key (actor, key)
);

create schema auth;
create table auth.account (
  id uuid primary key,
  email text not null unique,
  name text not null,
  role text not null check (role in ('admin', 'reception', 'staff')),
  password_hash text not null,
  site_ids uuid[],
  created_at timestamptz not null,
  disabled_at timestamptz
);
create table auth.login (
  token_hash bytea primary key,
  account_id uuid not null references auth.account on delete cascade,
  csrf_token text not null,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null
);
create index login_of_account on auth.login (account_id);
`

const siteTables = `
create table mis_connection (
  site_id uuid primary key references system.site,
  provider text not null check (provider in ('wonde', 'sandbox')),
  school_id text not null,
  school_name text not null,
  mis text not null,
  allows_writeback boolean,
  state text not null check (state in ('connected', 'offline', 'unreachable', 'unauthorised', 'revoked')),
  token_sealed bytea not null,
  proved jsonb not null default '{}',
  marks_readable boolean,
  region text,
  status_supported boolean not null default true,
  connected_at timestamptz not null,
  checked_at timestamptz not null,
  disconnected_at timestamptz
);

create table person (
  site_id uuid not null references system.site,
  id uuid not null,
  kind text not null check (kind in ('student', 'employee')),
  mis_id text,
  upi text,
  forename text not null,
  surname text not null,
  search_key text not null,
  date_of_birth date,
  year_group text,
  reg_group text,
  email text,
  state text not null check (state in ('active', 'archived')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (site_id, id)
);
-- A Wonde id belongs to one person of a site.
create unique index person_mis on person (site_id, kind, mis_id) where mis_id is not null;
-- The directory, by surname, forename, id.
create index person_list on person (site_id, kind, surname, forename, id);

-- What the MIS offered at the last reading and whether the school wants it; outlives every import.
create table mis_person (
  site_id uuid not null references system.site,
  kind text not null check (kind in ('student', 'employee')),
  mis_id text not null,
  forename text not null,
  surname text not null,
  search_key text not null,
  year_group text,
  reg_group text,
  importing boolean not null,
  offered boolean not null,
  state text not null check (state in ('new', 'matched', 'may-match', 'leaver', 'problem')),
  person_id uuid,
  different_from uuid[] not null default '{}',
  primary key (site_id, kind, mis_id)
);
create index mis_person_list on mis_person (site_id, surname, forename, mis_id);

-- What people who come later start with, when all of a kind were decided at once.
create table selection_default (
  site_id uuid not null references system.site,
  kind text not null check (kind in ('student', 'employee')),
  importing boolean not null,
  primary key (site_id, kind)
);

create table import_run (
  site_id uuid not null references system.site,
  id uuid not null,
  state text not null check (state in ('queued', 'running', 'done', 'held', 'failed', 'discarded', 'undone')),
  trigger text not null check (trigger in ('manual', 'nightly', 'api')),
  preview boolean not null,
  apply boolean not null default false,
  asked_by text,
  queued_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  lease_until timestamptz,
  step text not null default 'Waiting to start',
  read int not null default 0,
  counts jsonb not null,
  cause jsonb,
  notes jsonb not null default '[]',
  primary key (site_id, id)
);
-- One live run a site: a double press is refused by the database, not by luck.
create unique index import_run_live on import_run (site_id) where state in ('queued', 'running');

create table import_change (
  site_id uuid not null,
  run_id uuid not null,
  n int not null,
  kind text not null,
  mis_id text,
  person_id uuid,
  name text not null,
  change text not null check (change in ('joiner', 'changed', 'returned', 'leaver', 'may-match', 'problem')),
  fields jsonb not null default '[]',
  before jsonb,
  cause jsonb,
  primary key (site_id, run_id, n),
  foreign key (site_id, run_id) references import_run (site_id, id)
);

create table attendance_code (
  site_id uuid not null references system.site,
  id uuid not null,
  mis_id text not null,
  code text not null,
  description text not null,
  public_screen boolean not null,
  listed boolean not null,
  primary key (site_id, id),
  unique (site_id, mis_id)
);

create table reason (
  site_id uuid not null references system.site,
  id uuid not null,
  name text not null,
  type text not null check (type in ('late-arrival', 'early-leave', 'return')),
  code text,
  codes_by_time jsonb,
  write_back boolean not null,
  on_conflict text not null check (on_conflict in ('site', 'ask', 'keep-theirs', 'reason-wins')),
  public_screen boolean not null,
  position int not null,
  archived boolean not null default false,
  primary key (site_id, id)
);

-- The log of movements. Corrections are new rows; nothing here is edited.
create table movement (
  site_id uuid not null references system.site,
  id uuid not null,
  type text not null check (type in ('late-arrival', 'early-leave', 'return', 'check-in', 'check-out', 'offsite')),
  person_id uuid not null,
  happened_at timestamptz not null,
  received_at timestamptz not null,
  time_uncertain boolean not null,
  date date not null,
  session text check (session in ('AM', 'PM')),
  minutes_late int,
  reason_id uuid,
  reason_name text,
  answers jsonb,
  note text,
  source text not null,
  request bytea not null,
  corrects uuid,
  voids boolean not null default false,
  primary key (site_id, id),
  foreign key (site_id, person_id) references person (site_id, id)
);
create index movement_day on movement (site_id, date, received_at, id);
create index movement_person on movement (site_id, person_id, date);
-- A movement is corrected once; a later correction corrects the correction.
create unique index movement_corrects on movement (site_id, corrects) where corrects is not null;

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is an append-only log: a correction is a new row', tg_table_name;
end $$;
create trigger movement_append_only before update or delete on movement
  for each row execute function refuse_change();

-- One row a mark owed: the row is the queue.
create table write_back (
  site_id uuid not null references system.site,
  id uuid not null,
  n bigint generated always as identity,
  movement_id uuid not null,
  person_id uuid not null,
  student_mis_id text,
  date date not null,
  session text check (session in ('AM', 'PM')),
  code text,
  minutes_late int,
  comment text,
  intent text not null check (intent in ('mark', 'correction', 'void')),
  situation text check (situation in ('A', 'B', 'C', 'D', 'E', 'R', 'R-after')),
  on_conflict text not null check (on_conflict in ('ask', 'keep-theirs', 'reason-wins')),
  happened_at timestamptz not null,
  state text not null check (state in ('waiting', 'sending', 'sent', 'confirmed', 'unconfirmed', 'refused',
    'conflict', 'held', 'not-required', 'superseded', 'resolved')),
  cause jsonb,
  attempts int not null default 0,
  unknown_results int not null default 0,
  look_after timestamptz,
  over_theirs boolean not null default false,
  after_day boolean not null default false,
  receipt text,
  provider text check (provider in ('accepted', 'written')),
  stood jsonb,
  seen jsonb,
  looks int not null default 0,
  owed_at timestamptz not null,
  day_ends_at timestamptz not null,
  due_at timestamptz,
  lease_until timestamptz,
  sent_at timestamptz,
  confirmed_at timestamptz,
  primary key (site_id, id),
  foreign key (site_id, movement_id) references movement (site_id, id)
);
create unique index write_back_one_waiting on write_back (site_id, person_id, date, session) where state = 'waiting';
create unique index write_back_one_sending on write_back (site_id, person_id, date, session) where state = 'sending';
-- What delivery asks: all that is alive, by when it is due.
create index write_back_due on write_back (site_id, due_at) where due_at is not null;
create index write_back_movement on write_back (site_id, movement_id);
create index write_back_key on write_back (site_id, person_id, date, session);
create index write_back_needs on write_back (site_id, n)
  where state in ('unconfirmed', 'refused', 'conflict', 'held');

create table write_back_event (
  site_id uuid not null,
  write_back_id uuid not null,
  n bigint generated always as identity,
  at timestamptz not null,
  from_state text,
  to_state text not null,
  note text not null,
  primary key (site_id, write_back_id, n),
  foreign key (site_id, write_back_id) references write_back (site_id, id)
);
create trigger write_back_event_append_only before update or delete on write_back_event
  for each row execute function refuse_change();

-- Commands of a kiosk that were refused: the dashboard shows them, the queue behind them moved on.
create table kiosk_problem (
  site_id uuid not null references system.site,
  id uuid not null,
  kiosk_id uuid not null,
  at timestamptz not null,
  command jsonb not null,
  code text not null,
  message text not null,
  primary key (site_id, id)
);

-- First answers to writes with an Idempotency-Key, kept thirty days.
create table repeat (
  site_id uuid not null references system.site,
  actor text not null, key text not null, request bytea not null,
  status int, body jsonb, at timestamptz not null,
  primary key (site_id, actor, key)
);

create table audit (
  site_id uuid not null references system.site,
  id uuid not null,
  at timestamptz not null,
  actor text not null,
  action text not null,
  subject text,
  detail jsonb,
  primary key (site_id, id)
);
create trigger audit_append_only before update or delete on audit
  for each row execute function refuse_change();
`

/** Tables of a site: each gets the policy. A test compares this list with the catalogue. */
export const siteTableNames = [
  'mis_connection',
  'person',
  'mis_person',
  'selection_default',
  'import_run',
  'import_change',
  'attendance_code',
  'reason',
  'movement',
  'write_back',
  'write_back_event',
  'kiosk_problem',
  'repeat',
  'audit',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(systemTables).execute(db)
  await sql.raw(siteTables).execute(db)
  await closeToOthers(db, siteTableNames)
}
