import { choiceWords, type Flow, forenameOf, type Reason, reasonsOf } from '../flow.ts'
import type { Person } from '../search.ts'
import type { Home } from '../wire.ts'
import { Frame, Who } from './frame.tsx'

type ReasonsProps = {
  home: Home
  now: number
  zone: string
  person: Person
  flow: Flow
  onBack: () => void
  onReason: (reason: Reason) => void
}

export function Reasons({ home, now, zone, person, flow, onBack, onReason }: ReasonsProps) {
  return (
    <Frame
      now={now}
      zone={zone}
      onBack={onBack}
      question={choiceWords[flow].question}
      who={<Who person={person} />}
    >
      <div className="k-tiles">
        {reasonsOf(home, flow).map((reason) => (
          <button key={reason.id} type="button" onClick={() => onReason(reason)}>
            {reason.name}
          </button>
        ))}
      </div>
      <footer className="k-foot">
        <span>One tap and you’re done.</span>
        <span>Not {forenameOf(person.name)}? Tap Back.</span>
      </footer>
    </Frame>
  )
}
