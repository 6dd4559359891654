/** What happened to a movement and its marks: one line an event, along the margin line. */
import { IconDoorEnter, IconDoorExit, type Icon, IconPencil, IconTrash } from '@tabler/icons-react'
import type { Movement, WriteBack } from '../../../shared/attendance.ts'
import { markLooks, type Tone } from '../../ui/states.ts'
import { clockWithSeconds, dayOf, shortDay } from '../../ui/time.ts'
import { useMisName } from '../site.tsx'
import { movementWords, noteInWords } from './words.ts'

type Event = { at: string; title: string; words: string; icon: Icon; tone: Tone }

function began(movement: Movement): Event {
  const leaving =
    movement.type === 'early-leave' || movement.type === 'check-out' || movement.type === 'offsite'
  const said = [movement.reasonText, movement.note].filter(Boolean).join(', ')
  const written =
    movement.corrects === null ? 'Written in this book first, so it can’t be lost.' : 'Put right here.'
  return {
    at: movement.receivedAt,
    title: movement.void ? 'Taken out of the book' : movementWords[movement.type],
    words: [
      said && `“${said}”.`,
      written,
      movement.timeUncertain && 'The kiosk’s clock was ahead; its time is a guess.',
    ]
      .filter(Boolean)
      .join(' '),
    icon: movement.void ? IconTrash : movement.corrects ? IconPencil : leaving ? IconDoorExit : IconDoorEnter,
    tone: 'grey',
  }
}

/** With two sessions marked, each event says which of them it is about. */
function moves(marks: WriteBack[], mis: string): Event[] {
  const several = new Set(marks.map((mark) => mark.session)).size > 1
  return marks.flatMap((mark) => {
    let tries = 0
    return mark.history.map((event) => {
      const look = markLooks[event.to]
      if (event.to === 'sending') tries++
      return {
        at: event.at,
        title: several && mark.session ? `${look.word}, ${mark.session}` : look.word,
        words: noteInWords(event.note, mis, tries),
        icon: look.icon,
        tone: look.tone,
      }
    })
  })
}

export function MarkHistory({ movement, zone }: { movement: Movement; zone: string }) {
  const mis = useMisName()
  const events = [began(movement), ...moves(movement.writeBacks, mis)].toSorted((a, b) =>
    a.at.localeCompare(b.at),
  )
  const today = dayOf(movement.receivedAt, zone)
  return (
    <ol className="tl num">
      {events.map((event, i) => {
        const Icon = event.icon
        const day = dayOf(event.at, zone)
        return (
          <li className="tl-ev" key={i}>
            <span className="tl-time">
              {clockWithSeconds(event.at, zone)}
              {day !== today && <span className="xs qq"> {shortDay(day)}</span>}
            </span>
            <span className={`tl-node ${event.tone}`}>
              <Icon size={16} stroke={2} aria-hidden />
            </span>
            <div className="tl-words">
              <b>{event.title}</b>
              <p>{event.words}</p>
            </div>
          </li>
        )
      })}
    </ol>
  )
}
