import { IconClock, IconHome } from '@tabler/icons-react'
import type { KioskHome } from '../../../shared/kiosks.ts'
import { spoken } from '../clock.ts'
import { now } from '../device.ts'
import { backTimes } from '../flow.ts'
import type { Person } from '../search.ts'
import { useSay } from '../words/words.ts'
import { Frame, NotYou, Question } from './frame.tsx'

type BackProps = {
  home: KioskHome
  person: Person
  onBackAt: (at: string | null) => void
  onBack: () => void
}

/** When a leaver returns, to the quarter of an hour: the office expects them, and asks if they do not come. */
export function Back({ home, person, onBackAt, onBack }: BackProps) {
  const say = useSay()
  return (
    <Frame home={home} onBack={onBack} person={person} className="reasons">
      <Question>{say('backToday')}</Question>
      <div className="tiles">
        <button type="button" className="tile" onClick={() => onBackAt(null)}>
          <span className="picture">
            <IconHome size={56} stroke={1.75} aria-hidden />
          </span>
          {say('no')}
        </button>
        {backTimes(home, now()).map((at) => (
          <button
            type="button"
            className="tile"
            key={at}
            onClick={() => onBackAt(new Date(at).toISOString())}
          >
            <span className="picture">
              <IconClock size={56} stroke={1.75} aria-hidden />
            </span>
            {say('yesBy', { time: spoken(at, home.site.timeZone) })}
          </button>
        ))}
      </div>
      <footer className="foot">
        <span className="hint">{say('oneTap')}</span>
        <NotYou person={person} />
      </footer>
    </Frame>
  )
}
