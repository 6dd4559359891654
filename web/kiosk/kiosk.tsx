/** One question a screen; back to the welcome by itself when nobody is there. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { learned } from './clock.ts'
import { type Flow, offered, type Reason } from './flow.ts'
import * as outbox from './outbox.ts'
import { Choose } from './screens/choose.tsx'
import { Done } from './screens/done.tsx'
import { Find } from './screens/find.tsx'
import { Pair } from './screens/pair.tsx'
import { Reasons } from './screens/reasons.tsx'
import { Welcome } from './screens/welcome.tsx'
import type { Person } from './search.ts'
import * as wire from './wire.ts'

type Screen =
  | { at: 'welcome' }
  | { at: 'find' }
  | { at: 'choose'; person: Person }
  | { at: 'reasons'; person: Person; flow: Flow }
  | { at: 'done'; person: Person; flow: Flow; when: number }

const idleMs = 30_000
const doneMs = 5_000
const homeEveryMs = 60_000

type Link = { home: wire.Home | null; paired: boolean | null; online: boolean; offset: number | null }

/** Keeps what the server says: who we are, what can be chosen, its clock; and whether it is there. */
function useLink() {
  const [link, setLink] = useState<Link>({ home: null, paired: null, online: true, offset: null })
  const take = useCallback((home: wire.Home, asked: number) => {
    const answered = Date.now()
    const server = Date.parse(home.now)
    setLink((before) => ({
      home,
      paired: true,
      online: true,
      offset: learned(before.offset, server, asked, answered),
    }))
  }, [])
  const unpaired = useCallback(() => {
    void outbox.forget().catch(() => undefined)
    setLink({ home: null, paired: false, online: true, offset: null })
  }, [])
  const ask = useCallback(async () => {
    const asked = Date.now()
    try {
      take(await wire.home(), asked)
    } catch (error) {
      if (error instanceof wire.Unpaired) unpaired()
      else setLink((before) => ({ ...before, online: false }))
    }
  }, [take, unpaired])
  const deliver = useCallback(async () => {
    const how = await outbox.deliver().catch(() => 'later' as const)
    if (how === 'unpaired') unpaired()
    else setLink((before) => ({ ...before, online: how === 'empty' }))
    return how
  }, [unpaired])
  useEffect(() => {
    void ask()
    const asking = setInterval(() => void ask(), homeEveryMs)
    const delivering = setInterval(() => {
      void outbox.waiting().then((n) => (n > 0 ? deliver() : undefined))
    }, 5_000)
    const back = () => void ask().then(deliver)
    window.addEventListener('online', back)
    return () => {
      clearInterval(asking)
      clearInterval(delivering)
      window.removeEventListener('online', back)
    }
  }, [ask, deliver])
  return { ...link, take, deliver, ask }
}

function useNow(offset: number | null): number {
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return now + (offset ?? 0)
}

export function Kiosk() {
  const link = useLink()
  const now = useNow(link.offset)
  const [screen, setScreen] = useState<Screen>({ at: 'welcome' })
  const busy = useRef(false)
  const { home } = link
  const start = useCallback(() => setScreen({ at: 'welcome' }), [])

  useEffect(() => {
    busy.current = false
    if (screen.at === 'welcome') return undefined
    const after = screen.at === 'done' ? doneMs : idleMs
    let timer = setTimeout(start, after)
    const again = () => {
      if (screen.at === 'done') return
      clearTimeout(timer)
      timer = setTimeout(start, after)
    }
    window.addEventListener('pointerdown', again)
    window.addEventListener('keydown', again)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('pointerdown', again)
      window.removeEventListener('keydown', again)
    }
  }, [screen, start])

  if (link.paired === false) return <Pair onPaired={link.take} />
  if (home === null) return <Waiting online={link.online} onRetry={() => void link.ask()} />

  async function record(person: Person, flow: Flow, reason: Reason | null): Promise<void> {
    // A second tap while the first is written down is the same tap.
    if (busy.current) return
    busy.current = true
    const when = Date.now() + (link.offset ?? 0)
    await outbox.put({
      id: wire.newId(),
      type: flow,
      person: person.id,
      reason: reason?.id ?? null,
      happenedAt: new Date(when).toISOString(),
    })
    setScreen({ at: 'done', person, flow, when })
    void link.deliver()
  }

  const zone = home.site.timeZone
  const common = { home, now, zone, online: link.online }
  switch (screen.at) {
    case 'welcome':
      return <Welcome {...common} onStudents={() => setScreen({ at: 'find' })} />
    case 'find':
      return (
        <Find
          {...common}
          onBack={start}
          onFound={(person) => {
            const [only, ...others] = offered(home, now)
            if (only !== undefined && others.length === 0) setScreen({ at: 'reasons', person, flow: only })
            else setScreen({ at: 'choose', person })
          }}
        />
      )
    case 'choose':
      return (
        <Choose
          {...common}
          person={screen.person}
          onBack={() => setScreen({ at: 'find' })}
          onChoose={(flow) => setScreen({ at: 'reasons', person: screen.person, flow })}
        />
      )
    case 'reasons':
      return (
        <Reasons
          {...common}
          person={screen.person}
          flow={screen.flow}
          onBack={() => setScreen({ at: 'find' })}
          onReason={(reason) => void record(screen.person, screen.flow, reason)}
        />
      )
    case 'done':
      return <Done {...common} person={screen.person} flow={screen.flow} when={screen.when} onEnd={start} />
  }
}

function Waiting({ online, onRetry }: { online: boolean; onRetry: () => void }) {
  return (
    <main className="k-wait" aria-busy={online}>
      <p>{online ? 'One moment …' : 'No network. This kiosk starts as soon as it is back.'}</p>
      {!online && (
        <button type="button" className="k-button" onClick={onRetry}>
          Try again
        </button>
      )}
    </main>
  )
}
