/** The pages of one subject, as links; the one that is shown is marked. */
import { Link } from '@tanstack/react-router'
import { useSite } from './site.tsx'

type TabsProps = {
  label: string
  items: {
    to:
      | '/sites/$site/mis'
      | '/sites/$site/mis/people'
      | '/sites/$site/mis/imports'
      | '/sites/$site/mis/settings'
      | '/sites/$site/mis/licence'
      | '/sites/$site/settings'
      | '/sites/$site/settings/closures'
      | '/sites/$site/settings/reasons'
      | '/sites/$site/settings/messages'
      | '/sites/$site/settings/outbox'
      | '/sites/$site/settings/programs'
    label: string
  }[]
}

export function Tabs({ label, items }: TabsProps) {
  const { id } = useSite()
  return (
    <nav className="tabs" aria-label={label}>
      {items.map((item) => (
        <Link
          key={item.to}
          to={item.to}
          params={{ site: id }}
          activeProps={{ 'aria-current': 'page' }}
          activeOptions={{ exact: true, includeSearch: false }}
        >
          {item.label}
        </Link>
      ))}
    </nav>
  )
}
