import { choiceWords, type Flow, offered } from '../flow.ts'
import type { Person } from '../search.ts'
import type { Home } from '../wire.ts'
import { Frame, Who } from './frame.tsx'

type ChooseProps = {
  home: Home
  now: number
  zone: string
  person: Person
  onBack: () => void
  onChoose: (flow: Flow) => void
}

export function Choose({ home, now, zone, person, onBack, onChoose }: ChooseProps) {
  return (
    <Frame now={now} zone={zone} onBack={onBack} question="What are you doing?" who={<Who person={person} />}>
      <div className="k-tiles">
        {offered(home, now).map((flow) => (
          <button key={flow} type="button" onClick={() => onChoose(flow)}>
            {choiceWords[flow].tile}
          </button>
        ))}
      </div>
    </Frame>
  )
}
