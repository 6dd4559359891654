import { useEffect, useRef } from 'react'
import { spoken } from '../clock.ts'
import { doneWords, type Flow, forenameOf } from '../flow.ts'
import type { Person } from '../search.ts'

type DoneProps = { zone: string; person: Person; flow: Flow; when: number; onEnd: () => void }

export function Done({ zone, person, flow, when, onEnd }: DoneProps) {
  const words = doneWords(flow, forenameOf(person.name))
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <main className="k-page k-done" onPointerDown={onEnd}>
      <svg viewBox="0 0 96 96" aria-hidden="true">
        <circle cx="48" cy="48" r="44" />
        <path d="M28 50l14 14 28-30" />
      </svg>
      <h1 ref={heading} tabIndex={-1}>
        {words.title} {spoken(when, zone)}
      </h1>
      <p>{words.line}</p>
    </main>
  )
}
