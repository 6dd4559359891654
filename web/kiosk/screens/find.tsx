/** Finding oneself: three letters at least, five names at most, with a keyboard of our own. */
import { useEffect, useState } from 'react'
import { enoughLetters, type Found, fresh, searched } from '../search.ts'
import type { Person } from '../search.ts'
import { findPeople, Later } from '../wire.ts'
import { Face, Frame } from './frame.tsx'

type FindProps = { now: number; zone: string; onBack: () => void; onFound: (person: Person) => void }

const keys = ['QWERTYUIOP', 'ASDFGHJKL', 'ZXCVBNM’-']
let patience = fresh

/** Asks 120 ms after the last letter; an answer to older letters is dropped. */
function useFound(text: string): { found: Found | null; trouble: string | null } {
  const [state, setState] = useState<{ found: Found | null; trouble: string | null }>({
    found: null,
    trouble: null,
  })
  const enough = enoughLetters(text)
  useEffect(() => {
    if (!enough) {
      setState({ found: null, trouble: null })
      return undefined
    }
    let old = false
    const timer = setTimeout(() => {
      findPeople(text).then(
        ({ data, more }) => {
          if (!old) setState({ found: { people: data, more }, trouble: null })
        },
        (error: unknown) => {
          const words =
            error instanceof Later
              ? 'No network just now. Ask at the desk.'
              : 'That did not work. Ask at the desk.'
          if (!old) setState({ found: null, trouble: words })
        },
      )
    }, 120)
    return () => {
      old = true
      clearTimeout(timer)
    }
  }, [text, enough])
  return state
}

export function Find({ now, zone, onBack, onFound }: FindProps) {
  const [text, setText] = useState('')
  const [paused, setPaused] = useState(patience.pausedUntil > Date.now())
  const { found, trouble } = useFound(paused ? '' : text)
  function type(next: string): void {
    const before = enoughLetters(text)
    setText(next.slice(0, 40))
    if (before || !enoughLetters(next)) return
    patience = searched(patience, Date.now())
    setPaused(patience.pausedUntil > Date.now())
  }
  useEffect(() => {
    if (!paused) return undefined
    const timer = setTimeout(() => setPaused(false), Math.max(0, patience.pausedUntil - Date.now()))
    return () => clearTimeout(timer)
  }, [paused])
  const choose = (person: Person) => {
    patience = fresh
    onFound(person)
  }
  return (
    <Frame now={now} zone={zone} onBack={onBack} question="What’s your name?" className="k-find" ownFocus>
      <div className="k-ask">
        <label className="k-field">
          <span className="k-hidden">Your last name</span>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M10 4a6 6 0 1 1 0 12 6 6 0 0 1 0-12m4.500 10.500L20 20" />
          </svg>
          <input
            value={text}
            autoFocus
            autoComplete="off"
            autoCorrect="off"
            spellCheck={false}
            inputMode="none"
            onChange={(event) => type(event.currentTarget.value)}
            onKeyDown={(event) => {
              const [only] = found?.people ?? []
              if (event.key === 'Enter' && only !== undefined && found?.people.length === 1) choose(only)
            }}
          />
        </label>
        <p className="k-hint" role="status">
          {paused ? 'Too many searches. Ask at the desk.' : hintOf(text, found, trouble)}
        </p>
      </div>
      <div className="k-found">
        <ul aria-label="Names found">
          {(found?.people ?? []).map((person) => (
            <li key={person.id}>
              <button type="button" onClick={() => choose(person)}>
                <Face person={person} />
                <span>
                  <b>{person.name}</b>
                  <span>{person.group}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
        {found !== null && found.people.length > 0 && (
          <p className="k-hint">Not you? Keep typing, or ask at the desk.</p>
        )}
      </div>
      <div className="k-keys" aria-label="Keyboard" role="group">
        {keys.map((row, i) => (
          <div key={row}>
            {[...row].map((key) => (
              <button key={key} type="button" onClick={() => type(text + key.toLowerCase())}>
                {key}
              </button>
            ))}
            {i === keys.length - 1 && (
              <button type="button" aria-label="Delete" onClick={() => type(text.slice(0, -1))}>
                ⌫
              </button>
            )}
          </div>
        ))}
      </div>
    </Frame>
  )
}

function hintOf(text: string, found: Found | null, trouble: string | null): string {
  if (trouble !== null) return trouble
  if (!enoughLetters(text)) return 'Type three letters of your last name.'
  if (found === null) return ''
  if (found.more) return 'Many names begin like that. Type more letters.'
  return found.people.length === 0 ? 'No such name. Check the letters, or ask at the desk.' : ''
}
