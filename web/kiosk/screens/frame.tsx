/** What every screen has: the way back on the left, the time on the right, one question below. */
import { type ReactNode, useEffect, useRef } from 'react'
import { initials } from '../../ui/words.ts'
import { spoken } from '../clock.ts'
import type { Person } from '../search.ts'

type FrameProps = {
  now: number
  zone: string
  onBack: () => void
  question: string
  who?: ReactNode
  children: ReactNode
  className?: string
  /** Where a field takes the focus instead of the question. */
  ownFocus?: boolean
}

export function Frame({
  now,
  zone,
  onBack,
  question,
  who,
  children,
  className,
  ownFocus = false,
}: FrameProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (!ownFocus) heading.current?.focus()
  }, [ownFocus])
  return (
    <main className={className === undefined ? 'k-page' : `k-page ${className}`}>
      <header className="k-top">
        <button type="button" className="k-back" onClick={onBack}>
          <Arrow /> Back
        </button>
        {who}
        <time className="k-clock">{spoken(now, zone)}</time>
      </header>
      <h1 ref={heading} tabIndex={-1}>
        {question}
      </h1>
      {children}
    </main>
  )
}

export function Arrow() {
  return (
    <svg viewBox="0 0 24 24" className="k-arrow" aria-hidden="true">
      <path d="M19 12H5m6-6-6 6 6 6" />
    </svg>
  )
}

export function Face({ person }: { person: Person }) {
  const tone = [...person.id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 4
  return (
    <span className={`k-face tone-${tone}`} aria-hidden="true">
      {initials(person.name.replace('.', ''))}
    </span>
  )
}

export function Who({ person }: { person: Person }) {
  return (
    <span className="k-who">
      <Face person={person} />
      <span>
        {person.name}
        {person.group === null ? '' : `, ${person.group}`}
      </span>
    </span>
  )
}
