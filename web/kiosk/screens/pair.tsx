/** A device that no office has paired: six digits, and it belongs to one school (contract §3.6). */
import { IconBackspace } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { pair, useDevice } from '../device.ts'
import { Question } from './frame.tsx'

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0']
const length = 6

export function Pair() {
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const { waiting } = useDevice()
  useEffect(() => {
    if (!busy) field.current?.focus()
  }, [busy])

  async function type(text: string): Promise<void> {
    const next = text.replace(/\D/g, '').slice(0, length)
    setCode(next)
    if (next !== '') setProblem('')
    if (next.length < length) return
    setBusy(true)
    try {
      await pair(next)
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'That did not work. Try again.')
      setCode('')
    } finally {
      setBusy(false)
    }
  }
  return (
    <main className="kiosk pair">
      <section>
        <Question focus={false}>Pair this kiosk</Question>
        <p className="help">In the dashboard, open Kiosks and add one. Type its six digits here.</p>
        {waiting > 0 && (
          <p className="help">
            {waiting} {waiting === 1 ? 'entry is' : 'entries are'} kept on this device, and{' '}
            {waiting === 1 ? 'goes' : 'go'} once it is paired with the same school again.
          </p>
        )}
        <label className="code">
          <span className="hidden">Pairing code</span>
          <input
            ref={field}
            value={code}
            onChange={(event) => void type(event.currentTarget.value)}
            disabled={busy}
            inputMode="none"
            autoComplete="off"
            aria-describedby="pair-problem"
          />
          <span className="boxes" aria-hidden="true">
            {Array.from({ length }, (_, i) => (
              <span key={i} className={i === code.length ? 'next' : ''}>
                {code[i]}
              </span>
            ))}
          </span>
        </label>
        <p id="pair-problem" className="problem" role="alert">
          {problem}
        </p>
      </section>
      <div className="pad" role="group" aria-label="Digits" onPointerDown={(event) => event.preventDefault()}>
        {digits.map((digit) => (
          <button
            key={digit}
            type="button"
            className="key"
            disabled={busy}
            onClick={() => void type(code + digit)}
          >
            {digit}
          </button>
        ))}
        <button
          type="button"
          className="key"
          aria-label="Delete"
          disabled={busy}
          onClick={() => void type(code.slice(0, -1))}
        >
          <IconBackspace size={32} aria-hidden />
        </button>
      </div>
    </main>
  )
}
