/** What every question of the kiosk stands in: Back, who it is about, the clock, the question. */
import { IconArrowLeft, IconWifiOff } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { KioskHome } from '../../../shared/kiosks.ts'
import { initials } from '../../ui/words.ts'
import { useSay } from '../words/words.ts'
import { spoken } from '../clock.ts'
import { type Device, now } from '../device.ts'
import { forenameOf } from '../flow.ts'
import type { Person } from '../search.ts'

/** The server's time, looked at each second. */
export function useNow(): number {
  const [instant, setInstant] = useState(now)
  useEffect(() => {
    const timer = setInterval(() => setInstant(now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return instant
}

export function Clock({ zone }: { zone: string }) {
  const instant = useNow()
  return (
    <time className="clock" dateTime={new Date(instant).toISOString()}>
      {spoken(instant, zone)}
    </time>
  )
}

/** The question; it takes the focus, so that a screen reader says where one is. */
export function Question({ children, focus = true }: { children: ReactNode; focus?: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (focus) heading.current?.focus()
  }, [focus])
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  )
}

type FrameProps = {
  home: KioskHome
  onBack: () => void
  person?: Person
  className: string
  children: ReactNode
}

export function Frame({ home, onBack, person, className, children }: FrameProps) {
  useKey('Escape', onBack)
  const say = useSay()
  return (
    <main className={`kiosk ${className}`}>
      <header className="top">
        <button type="button" className="button quiet" onClick={onBack}>
          <IconArrowLeft size={28} aria-hidden />
          {say('back')}
        </button>
        {person && (
          <p className="who">
            <Avatar person={person} />
            <bdi>
              {person.name}
              {person.group !== null && `, ${person.group}`}
            </bdi>
          </p>
        )}
        <Clock zone={home.site.timeZone} />
      </header>
      {children}
    </main>
  )
}

/** Calls for a key pressed anywhere; one that is held down counts once. */
export function useKey(key: string, onPress: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== key || event.repeat) return
      event.preventDefault()
      onPress()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [key, onPress])
}

export function Avatar({ person }: { person: Person }) {
  const tone = [...person.id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 6
  return (
    <span className={`avatar t${tone}`} aria-hidden="true">
      {initials(person.name)}
    </span>
  )
}

export function NotYou({ person }: { person: Person }) {
  const say = useSay()
  return <span>{say('notYou', { name: forenameOf(person.name) })}</span>
}

/** Only when it is true, and the pupil's affair only where something does not work (details.md §1: offline). */
export function NoNetwork({ device }: { device: Device }) {
  const say = useSay()
  if (device.reached) return null
  return (
    <p className="no-network" role="status">
      <IconWifiOff size={28} aria-hidden />
      <span>
        <b>{say(device.directory ? 'noNetworkWorks' : 'noNetworkDesk')}</b>
        {device.waiting > 0 && ` ${say('waiting', { n: device.waiting })}`}
      </span>
    </p>
  )
}

type NoticeProps = { title: string; children: ReactNode; action?: { word: string; onTap: () => void } }

/** A screen that only says something. */
export function Notice({ title, children, action }: NoticeProps) {
  return (
    <main className="kiosk notice">
      <Question>{title}</Question>
      <p>{children}</p>
      {action && (
        <button type="button" className="button" onClick={action.onTap}>
          {action.word}
        </button>
      )}
    </main>
  )
}
