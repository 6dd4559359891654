import {
  IconBallFootball,
  IconBed,
  IconBus,
  IconCalendarEvent,
  IconCar,
  IconClock,
  IconDots,
  IconHome,
  IconMessageCircle,
  type Icon,
} from '@tabler/icons-react'
import { useState } from 'react'
import type { KioskHome } from '../../../shared/kiosks.ts'
import { choiceWords, type Flow, type Reason, reasonsOf } from '../flow.ts'
import { reasonName, useLanguage, useSay } from '../words/words.ts'
import type { Person } from '../search.ts'
import { Frame, NotYou, Question } from './frame.tsx'

type ReasonsProps = {
  home: KioskHome
  person: Person
  flow: Flow
  onReason: (reason: Reason) => void
  onBack: () => void
}

const mostTiles = 8

// For those who cannot read yet; a school's own words that say none of these get a plain one.
const pictures: [RegExp, Icon][] = [
  [/\b(woke|wake|slept|sleep|overslept|bed)/i, IconBed],
  [/\b(bus|train|coach|tram|taxi|transport)/i, IconBus],
  [/\b(traffic|car|road)\b/i, IconCar],
  [/\b(appointment|doctor|dentist|medical|hospital|interview)/i, IconCalendarEvent],
  [/\b(family|home|parent|sibling|brother|sister)/i, IconHome],
  [/\b(sport|trip|match|fixture)/i, IconBallFootball],
  [/\blate\b/i, IconClock],
]

export const pictureOf = (name: string): Icon =>
  pictures.find(([words]) => words.test(name))?.[1] ?? IconMessageCircle

/** One tap is the answer. Up to eight tiles; of more, seven and a way to the next (details.md §6 c). */
export function Reasons({ home, person, flow, onReason, onBack }: ReasonsProps) {
  const [from, setFrom] = useState(0)
  const say = useSay()
  const language = useLanguage()
  const left = reasonsOf(home, flow).slice(from)
  const shown = left.length > mostTiles ? left.slice(0, mostTiles - 1) : left
  const size = shown.length === left.length ? shown.length : mostTiles
  return (
    <Frame home={home} onBack={from > 0 ? () => setFrom(0) : onBack} person={person} className="reasons">
      <Question>{say(choiceWords[flow].question)}</Question>
      <div className={size > 6 ? 'tiles small' : 'tiles'}>
        {shown.map((reason) => (
          <Tile
            key={reason.id}
            picture={pictureOf(reason.name)}
            name={reasonName(reason.name, language)}
            onTap={() => onReason(reason)}
          />
        ))}
        {shown.length < left.length && (
          <Tile picture={IconDots} name={say('somethingElse')} onTap={() => setFrom(from + shown.length)} />
        )}
      </div>
      <footer className="foot">
        <span className="hint">{say('oneTap')}</span>
        <NotYou person={person} />
      </footer>
    </Frame>
  )
}

function Tile({ picture: Picture, name, onTap }: { picture: Icon; name: string; onTap: () => void }) {
  return (
    <button type="button" className="tile" onClick={onTap}>
      <span className="picture">
        <Picture size={56} stroke={1.75} aria-hidden />
      </span>
      {name}
    </button>
  )
}
