import { schoolColours, Crest } from '../../ui/crest.tsx'
import { dayOf, longDay } from '../../ui/time.ts'
import { greeting, spoken } from '../clock.ts'
import { offered, studentsLine } from '../flow.ts'
import type { Home } from '../wire.ts'
import { useEffect } from 'react'

type WelcomeProps = { home: Home; now: number; zone: string; online: boolean; onStudents: () => void }

/** The school's own colour for the page. */
function useColours(accent: string): void {
  useEffect(() => {
    const phase = accent.toUpperCase() === '#7C2142' ? 'secondary' : 'primary'
    const dark = window.matchMedia('(prefers-color-scheme: dark)').matches
    const { style } = document.documentElement
    for (const [name, value] of Object.entries(schoolColours(phase, dark))) style.setProperty(name, value)
    if (dark) document.documentElement.dataset['theme'] = 'dark'
  }, [accent])
}

export function Welcome({ home, now, zone, online, onStudents }: WelcomeProps) {
  useColours(home.site.accent)
  const open = offered(home, now).length > 0
  return (
    <main className="k-page k-welcome">
      <header className="k-top">
        <Crest phase={home.site.accent.toUpperCase() === '#7C2142' ? 'secondary' : 'primary'} />
        <b>{home.site.name}</b>
        <span className="k-when">
          <time className="k-clock">{spoken(now, zone)}</time>
          <span>{longDay(dayOf(now, zone))}</span>
        </span>
      </header>
      <h1>{greeting(now, zone)}. Who are you?</h1>
      {open ? (
        <button type="button" className="k-students" onClick={onStudents}>
          <Bag />
          <span className="k-big">Students</span>
          <span>{studentsLine(home, now)}</span>
        </button>
      ) : (
        <div className="k-students k-closed">
          <span className="k-big">Nobody is late now</span>
          <span>Go straight in, or ask at the desk.</span>
        </div>
      )}
      <footer className="k-foot">
        <span>
          {online
            ? 'Ask at the desk if you need help.'
            : 'No network just now. Everything you enter is kept.'}
        </span>
        <span>e-Reception Book</span>
      </footer>
    </main>
  )
}

function Bag() {
  return (
    <svg viewBox="0 0 240 280" className="k-bag" aria-hidden="true">
      <path d="M86 48a34 34 0 0 1 68 0h-20a14 14 0 0 0-28 0z" opacity=".6" />
      <rect x="0" y="140" width="30" height="100" rx="14" opacity=".45" />
      <rect x="210" y="140" width="30" height="100" rx="14" opacity=".45" />
      <path d="M25 120a95 78 0 0 1 190 0v30H25z" opacity=".55" />
      <path d="M25 152h190v90a32 32 0 0 1-32 32H57a32 32 0 0 1-32-32z" opacity=".3" />
      <rect x="57" y="176" width="126" height="76" rx="14" opacity=".4" />
      <rect x="108" y="120" width="24" height="44" rx="8" />
    </svg>
  )
}
