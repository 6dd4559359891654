import { Link } from '@tanstack/react-router'
import { useSite } from '../site.tsx'

export function SettingsTabs() {
  const { id } = useSite()
  const params = { site: id }
  const active = {
    activeProps: { 'aria-current': 'page' as const },
    activeOptions: { exact: true, includeSearch: false },
  }
  return (
    <nav className="tabs" aria-label="Settings">
      <Link to="/sites/$site/settings" params={params} {...active}>
        School day
      </Link>
      <Link to="/sites/$site/settings/closures" params={params} {...active}>
        Closures
      </Link>
      <Link to="/sites/$site/settings/reasons" params={params} {...active}>
        Reasons and marks
      </Link>
    </nav>
  )
}
