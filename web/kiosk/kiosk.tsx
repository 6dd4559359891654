/** The kiosk: which screen is shown, and how one pupil's way through them begins and ends (screens.md §5). */
import { type MouseEvent, type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import type { KioskHome } from '../../shared/kiosks.ts'
import { newId } from '../api.ts'
import { type Device, now, record, useDevice } from './device.ts'
import { asksBack, asksReason, type Flow, nobodyIsLate, offered, type Reason, reasonsOf } from './flow.ts'
import { schoolColours } from './school.ts'
import { Back } from './screens/back.tsx'
import { Choose } from './screens/choose.tsx'
import { Done } from './screens/done.tsx'
import { beginAfresh, Find } from './screens/find.tsx'
import { Notice } from './screens/frame.tsx'
import { Languages } from './screens/languages.tsx'
import { Pair } from './screens/pair.tsx'
import { Reasons } from './screens/reasons.tsx'
import { StillThere } from './screens/still-there.tsx'
import { Welcome } from './screens/welcome.tsx'
import type { Person } from './search.ts'
import { isOutdated } from './version.ts'
import { speak, useLanguage, useSay } from './words/words.ts'

type Step =
  | { at: 'welcome' | 'failed' | 'languages' }
  | { at: 'find' }
  | { at: 'choose'; person: Person }
  | { at: 'reasons'; person: Person; flow: Flow }
  | { at: 'back'; person: Person; flow: Flow; reason: Reason }
  | { at: 'done'; person: Person; flow: Flow; when: number; late: boolean }

const welcome: Step = { at: 'welcome' }
const quietLanguageMs = 30_000
const versionEveryMs = 30 * 60_000

export function Kiosk() {
  const device = useDevice()
  useColours(device.home?.site.accent)
  if (device.phase === 'starting') return <Starting />
  if (device.phase === 'unpaired') return <Pair />
  if (device.home === null)
    return <Notice title="No network yet">This screen starts by itself as soon as there is one.</Notice>
  return <Journey device={device} home={device.home} />
}

/** Nothing for 300 ms, then a quiet word (details.md §5). */
function Starting() {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 300)
    return () => clearTimeout(timer)
  }, [])
  return <main className="kiosk">{shown && <p className="one-moment">One moment</p>}</main>
}

function Journey({ device, home }: { device: Device; home: KioskHome }) {
  const [step, setStep] = useState<Step>(welcome)
  const [text, setText] = useState('')
  // One id for each way through, whatever is tapped twice (contract §3.4: the same id is the same movement).
  const id = useRef(newId())
  const busy = useRef(false)
  const reset = useCallback(() => {
    id.current = newId()
    busy.current = false
    setText('')
    setStep(welcome)
    speak('en')
  }, [])
  useNewVersion(step.at === 'welcome')
  useEnglishWhenQuiet(step.at === 'welcome')
  const say = useSay()

  async function finish(
    person: Person,
    flow: Flow,
    reason: Reason | undefined,
    expectedBackAt: string | null = null,
  ): Promise<void> {
    if (busy.current) return
    busy.current = true
    const when = now()
    try {
      const happenedAt = new Date(when).toISOString()
      const said = { reason: reason?.id ?? null, happenedAt, ...(expectedBackAt && { expectedBackAt }) }
      await record({ id: id.current, type: flow, person: person.id, ...said })
      beginAfresh()
      setStep({ at: 'done', person, flow, when, late: !nobodyIsLate(home, when) })
    } catch {
      busy.current = false
      setStep({ at: 'failed' })
    }
  }
  function choose(person: Person, flow: Flow): void {
    if (asksReason(home, flow)) setStep({ at: 'reasons', person, flow })
    else void finish(person, flow, reasonsOf(home, flow)[0])
  }
  function pick(person: Person, flow: Flow, reason: Reason): void {
    if (asksBack(home, reason, now())) setStep({ at: 'back', person, flow, reason })
    else void finish(person, flow, reason)
  }
  function found(person: Person): void {
    const [first, ...more] = offered(home, now())
    if (first !== undefined && more.length === 0) choose(person, first)
    else setStep({ at: 'choose', person })
  }

  const find = () => setStep({ at: 'find' })
  const common = { device, home }
  return (
    <Once step={step.at}>
      {step.at === 'welcome' && (
        <Welcome {...common} onStudents={find} onLanguage={() => setStep({ at: 'languages' })} />
      )}
      {step.at === 'languages' && (
        <Languages
          home={home}
          onBack={reset}
          onChoose={(language) => {
            speak(language)
            setStep(welcome)
          }}
        />
      )}
      {step.at === 'find' && <Find {...common} text={text} onType={setText} onFound={found} onBack={reset} />}
      {step.at === 'choose' && (
        <Choose
          {...common}
          person={step.person}
          onChoose={(flow) => choose(step.person, flow)}
          onBack={find}
        />
      )}
      {step.at === 'reasons' && (
        <Reasons
          {...common}
          person={step.person}
          flow={step.flow}
          onReason={(reason) => pick(step.person, step.flow, reason)}
          onBack={() =>
            offered(home, now()).length > 1 ? setStep({ at: 'choose', person: step.person }) : find()
          }
        />
      )}
      {step.at === 'back' && (
        <Back
          home={home}
          person={step.person}
          onBackAt={(at) => void finish(step.person, step.flow, step.reason, at)}
          onBack={() => setStep({ at: 'reasons', person: step.person, flow: step.flow })}
        />
      )}
      {step.at === 'done' && <Done {...common} {...step} onEnd={reset} />}
      {step.at === 'failed' && (
        <Notice title={say('notWritten')} action={{ word: say('toStart'), onTap: reset }}>
          {say('tellDesk')}
        </Notice>
      )}
      {step.at !== 'welcome' && step.at !== 'done' && <StillThere onGone={reset} />}
    </Once>
  )
}

const ghostMs = 500
const ghostPx = 30

/** The second tap of a double tap must not press what has come to stand under the finger. */
function Once({ step, children }: { step: string; children: ReactNode }) {
  const last = useRef({ step, x: 0, y: 0, at: Number.NEGATIVE_INFINITY })
  function guard(event: MouseEvent): void {
    const before = last.current
    const { clientX: x, clientY: y, timeStamp: at, detail } = event
    const touch = (event.nativeEvent as PointerEvent).pointerType === 'touch'
    const same = at - before.at < ghostMs && Math.hypot(x - before.x, y - before.y) < ghostPx
    if (before.step !== step && same && (touch || detail > 1)) {
      event.preventDefault()
      event.stopPropagation()
      return
    }
    last.current = { step, x, y, at }
  }
  return (
    <div className="once" onClickCapture={guard} role="presentation">
      {children}
    </div>
  )
}

/** Who chose a language and went away leaves English behind. */
function useEnglishWhenQuiet(welcoming: boolean): void {
  const language = useLanguage()
  useEffect(() => {
    if (!welcoming || language === 'en') return undefined
    const timer = setTimeout(() => speak('en'), quietLanguageMs)
    return () => clearTimeout(timer)
  }, [welcoming, language])
}

/** The school's colour, and light or dark as the device is set. */
function useColours(accent: string | undefined): void {
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const paint = () => {
      const { dataset, style } = document.documentElement
      dataset['theme'] = dark.matches ? 'dark' : 'light'
      for (const [name, value] of Object.entries(schoolColours(accent ?? '', dark.matches)))
        style.setProperty(name, value)
    }
    paint()
    dark.addEventListener('change', paint)
    return () => dark.removeEventListener('change', paint)
  }, [accent])
}

/** The page becomes new by itself, only while nobody is using it. */
function useNewVersion(free: boolean): void {
  const looked = useRef(Date.now())
  useEffect(() => {
    if (!free) return undefined
    let left = false
    const look = async () => {
      if (Date.now() - looked.current < versionEveryMs) return
      looked.current = Date.now()
      if ((await isOutdated()) && !left) location.reload()
    }
    void look()
    const timer = setInterval(() => void look(), 60_000)
    return () => {
      left = true
      clearInterval(timer)
    }
  }, [free])
}
