import { useNavigate, useSearch } from '@tanstack/react-router'

type Search = { mark?: string; q?: string; show?: string; add?: string }

/** The page's state that lives in the address; `undefined` takes a word out. */
export function useTodaySearch() {
  const search: Search = useSearch({ from: '/sites/$site/today' })
  const navigate = useNavigate({ from: '/sites/$site/today' })
  const set = (change: { [K in keyof Search]?: string | undefined }, replace = false) =>
    void navigate({ search: (before) => ({ ...before, ...change }) as Search, replace })
  return { search, set }
}
