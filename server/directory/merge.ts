/**
 * Two records of one person become one (contract §3.3, product.md §12.4). The one that is kept has both histories,
 * the link to the MIS and what the school itself knew of either. Nothing of the log is rewritten: the other record
 * stays, archived, and points to the one that is kept; everything that asks whose a movement is follows it.
 *
 * Refuses: two kinds, and two people who each have a record of their own in the MIS. Cannot be taken back.
 */
import type { PersonKind } from '../../shared/mis.ts'
import type { App } from '../app.ts'
import { lockFor, type Tx, wake } from '../core/db/db.ts'
import { AppError, conflict, invalid } from '../core/errors.ts'
import { asId } from '../core/ids.ts'
import { followMerge, offeredOf } from '../imports/selection.ts'
import {
  displayName,
  findPerson,
  getPerson,
  type ListedPerson,
  mergedAlready,
  setMerged,
  updateOwnFields,
  updatePeople,
} from '../people/people.ts'
import { moveMarks } from '../write-backs/merge.ts'

type Merge = { kind: PersonKind; id: string; into: string; by: string }

/** Merges a record into another of its kind; gives the one that is kept. The same again: that one, as it is now. */
export async function mergePerson(
  app: App,
  siteId: string,
  { kind, id, into, by }: Merge,
): Promise<ListedPerson> {
  return await app.db.write(siteId, async (tx) => {
    await lockFor(tx, 'import')
    const from = await getPerson(tx, kind, id)
    const kept = await keptOf(tx, kind, into)
    if (from.merged_into === kept.id) return kept
    if (from.id === kept.id) throw invalid('into', 'is the record itself; name the one to keep')
    for (const one of [from, kept])
      if (one.merged_into !== null) throw mergedAlready(await findPerson(tx, one.id))
    // Nobody checks in as either of them meanwhile.
    for (const one of [from.id, kept.id].toSorted()) await lockFor(tx, `movement:${one}`)
    const now = app.clock.now()
    const linked = await linkedOf(tx, from, kept)
    await setMerged(tx, from.id, { into: kept.id, at: now, by })
    await updatePeople(tx, [{ ...kept, ...united(from, kept, linked), updated_at: now }])
    await updateOwnFields(tx, [
      {
        id: kept.id,
        phone: kept.phone ?? from.phone,
        vehicle: kept.vehicle ?? from.vehicle,
        working_days: kept.working_days ?? from.working_days,
        updated_at: now,
      },
    ])
    await moveMarks(tx, from.id, kept.id, now)
    await followMerge(tx, kind, from.id, kept.id)
    for (const what of ['people', 'movements']) wake(tx, 'changed', `${siteId}:${what}`)
    app.log.info({ siteId, from: from.id, into: kept.id }, 'two records were merged')
    return await getPerson(tx, kind, kept.id)
  })
}

async function keptOf(tx: Tx, kind: PersonKind, into: string): Promise<ListedPerson> {
  const known = asId(into)
  const person = known === null ? undefined : await findPerson(tx, known)
  if (known === null || person === undefined)
    throw new AppError(404, 'people.unknown_person', 'into: there is nobody with this id at this site', {
      fields: { into: 'there is nobody with this id at this site' },
    })
  if (person.kind !== kind)
    throw invalid('into', `is no ${kind}: a student is never merged with an employee`, 'people.other_kind')
  return await getPerson(tx, kind, known)
}

/** Whose link to the MIS is kept: the only one, or of two the one that the MIS still offers. */
async function linkedOf(tx: Tx, from: ListedPerson, kept: ListedPerson): Promise<ListedPerson> {
  if (from.mis_id === null) return kept
  if (kept.mis_id === null) return from
  const offered = await offeredOf(tx, kept.kind, [from.mis_id, kept.mis_id])
  if (offered.size > 1) {
    const [one, other] = [from, kept].map((row) => displayName(row.forename, row.surname))
    throw conflict(
      'people.both_in_mis',
      `${one} and ${other} each have a record of their own in the MIS. If they are one person, merge them in the MIS; ` +
        'the next import takes the leaver out here.',
    )
  }
  return offered.has(from.mis_id) ? from : kept
}

/** What the kept record says afterwards: the MIS's fields as the linked one has them, gaps filled from the other. */
function united(from: ListedPerson, kept: ListedPerson, linked: ListedPerson) {
  const other = linked === kept ? from : kept
  const { forename, surname } = linked
  return {
    ...{ mis_id: linked.mis_id, forename, surname },
    upi: linked.upi ?? other.upi,
    date_of_birth: linked.date_of_birth ?? other.date_of_birth,
    year_group: linked.year_group ?? other.year_group,
    reg_group: linked.reg_group ?? other.reg_group,
    email: linked.email ?? other.email,
    // Whoever is in use under either record stays in use.
    state: from.state === 'active' ? ('active' as const) : kept.state,
  }
}
