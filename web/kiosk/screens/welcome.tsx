import { IconLanguage } from '@tabler/icons-react'
import type { KioskHome } from '../../../shared/kiosks.ts'
import { dayOf } from '../../ui/time.ts'
import { greeting } from '../clock.ts'
import type { Device } from '../device.ts'
import { offered, studentsLine } from '../flow.ts'
import { languages, longDayIn, useLanguage, useSay } from '../words/words.ts'
import { Clock, NoNetwork, Question, useNow } from './frame.tsx'

type WelcomeProps = { device: Device; home: KioskHome; onStudents: () => void; onLanguage: () => void }

/** Doors that are not in use vanish and the rest grow (details.md §6 a). */
export function Welcome({ device, home, onStudents, onLanguage }: WelcomeProps) {
  const instant = useNow()
  const zone = home.site.timeZone
  const say = useSay()
  const language = useLanguage()
  return (
    <main className="kiosk welcome">
      <header className="top">
        <Shield name={home.site.name} />
        <p className="school">{home.site.name}</p>
        <div className="when">
          <Clock zone={zone} />
          <span>{longDayIn(dayOf(instant, zone), language)}</span>
        </div>
      </header>
      <Question>{say(greeting(instant, zone))}</Question>
      {offered(home, instant).length > 0 ? (
        <button type="button" className="door" onClick={onStudents}>
          <span className="name">{say('students')}</span>
          <span>{say(studentsLine(home, instant))}</span>
          <Bag />
        </button>
      ) : (
        <div className="door closed">
          <span className="name">{say('askDesk')}</span>
          <span>{say(home.reasons.length > 0 ? 'nothingNow' : 'nothingYet')}</span>
        </div>
      )}
      <footer className="foot">
        <button type="button" className="language" onClick={onLanguage}>
          <IconLanguage size={26} aria-hidden />
          <span className="hidden">{say('language')}: </span>
          {languages[language].name}
        </button>
        <NoNetwork device={device} />
        <span className="product">e-Reception Book</span>
      </footer>
    </main>
  )
}

/** A shield in the school's colour with its first letter: a kiosk is told no more of a school than name and colour. */
function Shield({ name }: { name: string }) {
  return (
    <svg className="shield" viewBox="0 0 32 36" aria-hidden="true">
      <path
        d="M1 5a4 4 0 0 1 4-4h22a4 4 0 0 1 4 4v15c0 8-7 13-15 15.500C8 33 1 28 1 20z"
        fill="var(--school)"
      />
      <text x="16" y="23.500" textAnchor="middle" fill="var(--on-school)">
        {[...name][0]?.toUpperCase()}
      </text>
    </svg>
  )
}

function Bag() {
  return (
    <svg className="picture" viewBox="0 0 300 340" aria-hidden="true" fill="currentColor">
      <path d="M110 62V48a40 40 0 0 1 80 0v14h-22V50a18 18 0 0 0-36 0v12z" opacity=".55" />
      <path
        d="M30 170h-2a20 20 0 0 0-20 20v80a20 20 0 0 0 20 20h12zM270 170h2a20 20 0 0 1 20 20v80a20 20 0 0 1-20 20h-12z"
        opacity=".34"
      />
      <path
        d="M38 150a92 92 0 0 1 92-92h40a92 92 0 0 1 92 92v140a44 44 0 0 1-44 44H82a44 44 0 0 1-44-44z"
        opacity=".2"
      />
      <path
        d="M38 150a92 92 0 0 1 92-92h40a92 92 0 0 1 92 92v22a16 16 0 0 1-16 16H54a16 16 0 0 1-16-16z"
        opacity=".26"
      />
      <rect x="76" y="216" width="148" height="86" rx="22" opacity=".4" />
      <rect x="96" y="238" width="108" height="9" rx="4.500" opacity=".7" />
      <rect x="196" y="238" width="9" height="30" rx="4.500" opacity=".85" />
      <rect x="136" y="150" width="28" height="52" rx="10" opacity=".95" />
    </svg>
  )
}
