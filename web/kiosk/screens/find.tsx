/** Finding oneself: three letters at least, five names at most, with a keyboard of our own (screens.md §5). */
import { IconBackspace, IconChevronRight, IconSearch } from '@tabler/icons-react'
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import type { KioskHome } from '../../../shared/kiosks.ts'
import { findAtServer, findKept, useDevice } from '../device.ts'
import { enoughLetters, type Found, fresh, type Person, typed } from '../search.ts'
import { type Say, useSay } from '../words/words.ts'
import { Avatar, Frame, Question } from './frame.tsx'

type FindProps = {
  home: KioskHome
  text: string
  onType: (text: string) => void
  onFound: (person: Person) => void
  onBack: () => void
}

const pauseAfterTypingMs = 120
const askAgainMs = 3000
const longest = 60
const rows = ['QWERTYUIOP', 'ASDFGHJKL', 'ZXCVBNM’-']

// Of this device, not of one visit to the screen: going back and coming again is no way round it.
let patience = fresh

type Answer = { text: string; found: Found | null }

/** What the letters find: in the names kept here within the same frame, else at the server after a pause. */
function useAnswer(text: string, paused: boolean): Answer | null {
  const { directory } = useDevice()
  const asks = !paused && enoughLetters(text)
  const kept = useMemo(() => (asks && directory ? findKept(text) : null), [asks, directory, text])
  const told = useServerAnswer(text, asks && kept === null)
  return kept === null ? told : { text, found: kept }
}

/** An answer to older letters is dropped, and no answer is asked for again. */
function useServerAnswer(text: string, asks: boolean): Answer | null {
  const [answer, setAnswer] = useState<Answer | null>(null)
  useEffect(() => {
    if (!asks) {
      setAnswer(null)
      return undefined
    }
    let old = false
    const show = (found: Found | null) => {
      if (!old) setAnswer({ text, found })
    }
    const ask = () => {
      findAtServer(text).then(show, () => {
        show(null)
        if (!old) timer = setTimeout(ask, askAgainMs)
      })
    }
    let timer = setTimeout(ask, pauseAfterTypingMs)
    return () => {
      old = true
      clearTimeout(timer)
    }
  }, [text, asks])
  return answer
}

/** Somebody was entered: whoever comes next begins afresh. Going back from a name is no way round a pause. */
export function beginAfresh(): void {
  patience = fresh
}

/** Five searches without a choice: one minute's pause (attendance reference §7). */
function usePatience(shown: string): { paused: boolean; typing: (text: string) => void } {
  const [paused, setPaused] = useState(patience.pausedUntil > Date.now())
  useEffect(() => {
    if (shown !== '') patience = { ...patience, shown: true }
  }, [shown])
  useEffect(() => {
    if (!paused) return undefined
    const timer = setTimeout(() => setPaused(false), Math.max(0, patience.pausedUntil - Date.now()))
    return () => clearTimeout(timer)
  }, [paused])
  return {
    paused,
    typing(text) {
      if (patience.pausedUntil > Date.now()) return
      patience = typed(patience, text, Date.now())
      setPaused(patience.pausedUntil > Date.now())
    },
  }
}

export function Find({ home, text, onType, onFound, onBack }: FindProps) {
  const say = useSay()
  const [shown, setShown] = useState('')
  const { paused, typing } = usePatience(shown)
  const answer = useAnswer(text, paused)
  const people = answer?.found?.people ?? []
  const names = people.map((person) => person.id).join()
  useEffect(() => setShown(names), [names])
  const field = useRef<HTMLInputElement>(null)
  useFieldFocus(field)

  function type(next: string): void {
    const cut = next.slice(0, longest)
    onType(cut)
    typing(cut)
  }
  const choose = onFound
  return (
    <Frame home={home} onBack={onBack} className="find">
      <section className="ask">
        <Question focus={false}>{say('yourNameQuestion')}</Question>
        <label className="field">
          <IconSearch size={34} aria-hidden />
          <span className="hidden">{say('yourName')}</span>
          <input
            ref={field}
            value={text}
            inputMode="none"
            autoComplete="off"
            autoCorrect="off"
            spellCheck={false}
            onChange={(event) => type(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && people.length === 1) choose(people[0]!)
            }}
          />
        </label>
        <p className="help">{say('threeLetters')}</p>
      </section>
      <section
        className={people.length > 3 ? 'hits many' : 'hits'}
        aria-busy={!paused && enoughLetters(text) && answer?.text !== text}
      >
        <p className="hidden" role="status">
          {people.length > 0 && say(people.length === 1 ? 'oneFound' : 'manyFound', { n: people.length })}
        </p>
        {people.length > 0 && (
          <ul aria-label={say('namesFound')}>
            {people.map((person) => (
              <li key={person.id}>
                <button type="button" className="hit" onClick={() => choose(person)}>
                  <Avatar person={person} />
                  <span className="names">
                    <b>
                      <bdi>{person.name}</bdi>
                    </b>
                    <span className="hidden">, </span>
                    <span>{person.group}</span>
                  </span>
                  <IconChevronRight size={30} aria-hidden />
                </button>
              </li>
            ))}
          </ul>
        )}
        <p className="said" role="status">
          {saidOf(say, text, paused, answer)}
        </p>
      </section>
      <Keyboard onKey={(key) => type(text + key)} onDelete={() => type(text.slice(0, -1))} />
    </Frame>
  )
}

/** What cannot be found and who is not here look the same (screens.md §5). */
function saidOf(say: Say, text: string, paused: boolean, answer: Answer | null): string {
  if (paused) return say('paused')
  if (answer === null || !enoughLetters(text)) return ''
  if (answer.found === null) return say('cannotFind')
  if (answer.found.more) return say('keepTyping')
  if (answer.found.people.length === 0) return say('notFound')
  return say('notYouKeep')
}

/** A letter from a real keyboard goes to the field, wherever the focus is. */
function useFieldFocus(field: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    field.current?.focus()
    const press = (event: KeyboardEvent) => {
      const letter = event.key.length === 1 && event.key !== ' '
      if ((letter || event.key === 'Backspace') && !event.ctrlKey && !event.metaKey && !event.altKey)
        field.current?.focus()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [field])
}

function Keyboard({ onKey, onDelete }: { onKey: (key: string) => void; onDelete: () => void }) {
  const say = useSay()
  return (
    <div
      className="keys"
      role="group"
      aria-label={say('keyboard')}
      dir="ltr"
      onPointerDown={(event) => event.preventDefault()}
    >
      {rows.map((row, i) => (
        <div key={row}>
          {[...row].map((key) => (
            <button key={key} type="button" className="key" onClick={() => onKey(key.toLowerCase())}>
              {key}
            </button>
          ))}
          {i === rows.length - 1 && (
            <button type="button" className="key" aria-label={say('delete')} onClick={onDelete}>
              <IconBackspace size={32} aria-hidden />
            </button>
          )}
        </div>
      ))}
    </div>
  )
}
