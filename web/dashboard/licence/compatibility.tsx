/** The table of the MIS on the licence page, ours marked in it. */
import { useQuery } from '@tanstack/react-query'
import { Loading, Problem } from '../../ui/page.tsx'
import { MisTable } from '../help/mis-table.tsx'
import { misHelpQuery } from '../help/query.ts'
import { connectionQuery } from '../queries.ts'
import { useSite } from '../site.tsx'

export function CompatibilityTable() {
  const { id, can } = useSite()
  const table = useQuery(misHelpQuery)
  const ours = useQuery({ ...connectionQuery(id), enabled: can('mis.read') }).data?.mis.toLowerCase()
  return (
    <section>
      <h2>What each MIS takes</h2>
      <p className="q">
        Not every MIS takes everything. “Not proven” is used and watched: the first mark that is seen in your
        MIS proves it.
      </p>
      {table.isPending && <Loading rows={10} />}
      {table.error && <Problem error={table.error} onRetry={() => void table.refetch()} />}
      {table.data && <MisTable table={table.data} ours={ours} />}
    </section>
  )
}
