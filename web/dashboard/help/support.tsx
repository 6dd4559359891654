import { useSite } from '../site.tsx'

/** Who helps, as the installation was told (SUPPORT_EMAIL, SUPPORT_URL). */
export function Support() {
  const { email, url } = useSite().me.support
  if (email === null && url === null) return null
  return (
    <section>
      <h2>Questions</h2>
      <p>
        {email !== null && <a href={`mailto:${email}`}>{email}</a>}
        {email !== null && url !== null && ' · '}
        {url !== null && <a href={url}>{url}</a>}
      </p>
    </section>
  )
}
