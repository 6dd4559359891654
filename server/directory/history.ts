/** What became of a person's record: what imports changed, and which records were merged into it. */
import type { PersonKind } from '../../shared/mis.ts'
import type { PersonHistory } from '../../shared/people.ts'
import type { Db } from '../core/db/db.ts'
import { listChangesOfPeople } from '../imports/imports.ts'
import { displayName, getPerson, listMerged } from '../people/people.ts'

const most = 100

/** Newest first. What an import did to a record that was merged since is told of the one that was kept. */
export async function personHistory(db: Db, kind: PersonKind, id: string): Promise<PersonHistory> {
  const person = await getPerson(db, kind, id)
  const merged = await listMerged(db, person.id)
  const changes = await listChangesOfPeople(db, [person.id, ...merged.map((row) => row.id)], most)
  return {
    imports: changes.map((row) => ({
      run: row.run_id,
      at: row.finished_at?.toISOString() ?? null,
      change: row.change,
      fields: row.fields,
      undone: row.state === 'undone',
    })),
    merged: merged.map((row) => ({
      person: row.id,
      name: displayName(row.forename, row.surname),
      at: row.merged_at!.toISOString(),
      by: row.merged_by!,
    })),
  }
}
