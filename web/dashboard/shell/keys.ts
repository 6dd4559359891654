/** The keys of the dashboard (details.md §8). They sleep while somebody types or a panel is open. */
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'

/** The one search field of a page carries this attribute, and `/` goes to it. */
export const searchField = { 'data-search': '' }

export const keysInWords: [string[], string][] = [
  [['L'], 'Add a late pupil'],
  [['/'], 'Search this page'],
  [['G', 'T'], 'Go to Today'],
  [['G', 'M'], 'Go to Marks that need you'],
  [['G', 'P'], 'Go to Students'],
]

const pages = { t: '/sites/$site/today', m: '/sites/$site/marks', p: '/sites/$site/students' } as const
const isPage = (key: string): key is keyof typeof pages => key in pages

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
const panelOpen = () => document.querySelector('[role="dialog"]') !== null

/** `G` waits a second for its second letter. */
export function useKeys(site: string, mayAdd: boolean): void {
  const navigate = useNavigate()
  useEffect(() => {
    let goUntil = 0
    function onKey(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || panelOpen()) return
      const key = event.key.toLowerCase()
      const going = Date.now() < goUntil
      goUntil = key === 'g' && !going ? Date.now() + 1000 : 0
      if (going && isPage(key)) {
        event.preventDefault()
        void navigate({ to: pages[key], params: { site } })
      } else if (key === 'l' && mayAdd) {
        event.preventDefault()
        void navigate({
          to: '/sites/$site/today',
          params: { site },
          search: (before) => ({ ...before, add: 'late-arrival' }),
        })
      } else if (key === '/') {
        event.preventDefault()
        document.querySelector<HTMLElement>('[data-search]')?.focus()
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [site, mayAdd, navigate])
}
