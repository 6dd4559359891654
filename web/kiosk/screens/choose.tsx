import { IconArrowBackUp, IconDoorEnter, IconDoorExit } from '@tabler/icons-react'
import type { KioskHome } from '../../../shared/kiosks.ts'
import { now } from '../device.ts'
import { choiceWords, type Flow, offered } from '../flow.ts'
import type { Person } from '../search.ts'
import { useSay } from '../words/words.ts'
import { Frame, NotYou, Question } from './frame.tsx'

type ChooseProps = { home: KioskHome; person: Person; onChoose: (flow: Flow) => void; onBack: () => void }

const pictures = { 'late-arrival': IconDoorEnter, 'early-leave': IconDoorExit, return: IconArrowBackUp }

export function Choose({ home, person, onChoose, onBack }: ChooseProps) {
  const say = useSay()
  return (
    <Frame home={home} onBack={onBack} person={person} className="choose">
      <Question>{say('whatDoing')}</Question>
      <div className="tiles">
        {offered(home, now()).map((flow) => {
          const Picture = pictures[flow]
          return (
            <button key={flow} type="button" className="tile" onClick={() => onChoose(flow)}>
              <span className="picture">
                <Picture size={56} stroke={1.75} aria-hidden />
              </span>
              {say(choiceWords[flow].tile)}
            </button>
          )
        })}
      </div>
      <footer className="foot">
        <NotYou person={person} />
      </footer>
    </Frame>
  )
}
