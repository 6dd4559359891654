/** Wonde was asked for access to a school, and its answer is watched: one at a time for each site. */
import { type Kysely, sql } from 'kysely'
import { closeToOthers } from './own.ts'

export const siteTableNames = ['mis_access'] as const

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`create table mis_access (
        site_id uuid not null references system.site,
        provider text not null check (provider in ('wonde', 'sandbox')),
        school_id text not null,
        token_sealed bytea not null,
        state text not null check (state in ('pending', 'declined', 'revoked', 'unknown')),
        asked_at timestamptz not null,
        checked_at timestamptz not null,
        primary key (site_id)
      );`)
    .execute(db)
  await closeToOthers(db, siteTableNames)
}
