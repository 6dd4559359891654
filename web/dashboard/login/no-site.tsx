/** An account that may see no site yet. */
import { useQuery } from '@tanstack/react-query'
import { meQuery } from '../queries.ts'

export function NoSite() {
  const me = useQuery(meQuery).data
  return (
    <main className="alone">
      <h1>No school is open to you yet</h1>
      <p className="q">
        You are logged in{me && ` as ${me.account.email}`}, and this account has no school. Ask your school’s
        administrator to add one, then load this page again.
      </p>
    </main>
  )
}
