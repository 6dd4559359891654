/** A page that is not there, and a page that broke. */
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { inWords } from '../ui/page.tsx'

export function PageMissing() {
  return (
    <main className="alone">
      <h1>There is no page here</h1>
      <p className="q">The address may be old, or a letter of it is missing.</p>
      <Link to="/">Go to Today</Link>
    </main>
  )
}

export function PageFault({ error }: { error: unknown }) {
  return (
    <main className="alone" role="alert">
      <h1>This page stopped</h1>
      <p className="q">{inWords(error)} Everything already written in the book is safe.</p>
      <Button onClick={() => window.location.reload()}>Load it again</Button>
    </main>
  )
}
