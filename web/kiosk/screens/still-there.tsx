import { useEffect, useRef, useState } from 'react'
import { useSay } from '../words/words.ts'

const quietMs = 20_000
const askedMs = 10_000

/** After 20 s without a touch it asks for 10 s, then nothing of this person stays on the screen (screens.md §5). */
export function StillThere({ onGone }: { onGone: () => void }) {
  const [left, setLeft] = useState<number | null>(null)
  const touched = useRef(performance.now())
  const gone = useRef(onGone)
  useEffect(() => {
    gone.current = onGone
  }, [onGone])
  useEffect(() => {
    const look = () => {
      const rest = touched.current + quietMs + askedMs - performance.now()
      if (rest <= 0) gone.current()
      else setLeft(rest > askedMs ? null : Math.ceil(rest / 1000))
    }
    const timer = setInterval(look, 250)
    return () => clearInterval(timer)
  }, [])
  const asked = left !== null
  const here = () => {
    touched.current = performance.now()
    setLeft(null)
  }
  useEffect(() => {
    // While it asks, a tap must end on the question and not on what lies under it.
    const touch = () => {
      if (!asked) touched.current = performance.now()
    }
    const key = (event: KeyboardEvent) => {
      if (asked) {
        event.preventDefault()
        event.stopPropagation()
      }
      touched.current = performance.now()
      setLeft(null)
    }
    addEventListener('pointerdown', touch)
    addEventListener('keydown', key, true)
    return () => {
      removeEventListener('pointerdown', touch)
      removeEventListener('keydown', key, true)
    }
  }, [asked])
  const say = useSay()
  if (!asked) return null
  return (
    <div className="still" role="alertdialog" aria-modal="true" aria-labelledby="still" onClick={here}>
      <div>
        <p id="still" className="h1">
          {say('stillThere')}
        </p>
        <p aria-hidden="true">{say('clearsIn', { n: left })}</p>
        <button type="button" className="button" autoFocus onClick={here}>
          {say('stillHere')}
        </button>
      </div>
    </div>
  )
}
