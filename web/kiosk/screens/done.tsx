import { useEffect, useState } from 'react'
import type { KioskHome } from '../../../shared/kiosks.ts'
import { spoken } from '../clock.ts'
import type { Device } from '../device.ts'
import { useSay } from '../words/words.ts'
import { doneWords, type Flow, forenameOf } from '../flow.ts'
import type { Person } from '../search.ts'
import { NoNetwork, Question, useKey } from './frame.tsx'

type DoneProps = {
  device: Device
  home: KioskHome
  person: Person
  flow: Flow
  when: number
  late: boolean
  onEnd: () => void
}

const shownSeconds = 4

/** Seen across the room, and gone by itself: a queue of thirty never waits for it (screens.md §5). */
export function Done({ device, home, person, flow, when, late, onEnd }: DoneProps) {
  const [left, setLeft] = useState(shownSeconds)
  useEffect(() => {
    if (left === 0) onEnd()
    const timer = setTimeout(() => setLeft(left - 1), 1000)
    return () => clearTimeout(timer)
  }, [left, onEnd])
  useKey('Enter', onEnd)
  useKey('Escape', onEnd)
  const say = useSay()
  const { title, line } = doneWords(flow, late)
  return (
    <main className="kiosk done" onClick={onEnd}>
      <div className="middle">
        <svg className="tick" viewBox="0 0 330 330" aria-hidden="true">
          <circle cx="165" cy="165" r="160" fill="#fff" opacity=".1" />
          <circle cx="165" cy="165" r="122" fill="#fff" />
          <path d="m108 169 40 40 76-82" pathLength="1" />
        </svg>
        <div role="status">
          <Question>
            {say(title)} <span className="time">{spoken(when, home.site.timeZone)}</span>
          </Question>
          <p>{say(line, { name: forenameOf(person.name) })}</p>
          <NoNetwork device={device} />
        </div>
      </div>
      <div className="next">
        <span className="count">
          <svg viewBox="0 0 44 44" aria-hidden="true">
            <circle cx="22" cy="22" r="18" opacity=".28" />
            <circle cx="22" cy="22" r="18" pathLength="1" className="ring" />
          </svg>
          <span aria-hidden="true">{say('readyIn', { n: left })}</span>
        </span>
        <button type="button" className="button" onClick={onEnd}>
          {say('nextPerson')}
        </button>
      </div>
    </main>
  )
}
