import { useQuery } from '@tanstack/react-query'
import { PageHead } from '../../ui/page.tsx'
import { meQuery } from '../queries.ts'

export function NoSite() {
  const support = useQuery(meQuery).data?.support
  return (
    <main className="alone">
      <PageHead title="No school yet" />
      <p>Your account reaches no school. Ask whoever runs this installation to add you to one.</p>
      {support?.email && <a href={`mailto:${support.email}`}>{support.email}</a>}
    </main>
  )
}
