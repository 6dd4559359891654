/** A device that no office has paired yet: six digits, and it belongs to one school. */
import { useState } from 'react'
import { type Home, Later, pair } from '../wire.ts'

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '', '0']

export function Pair({ onPaired }: { onPaired: (home: Home, asked: number) => void }) {
  const [code, setCode] = useState('')
  const [trouble, setTrouble] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  async function type(next: string): Promise<void> {
    const plain = next.replace(/\D/g, '').slice(0, 6)
    setCode(plain)
    setTrouble(null)
    if (plain.length < 6 || busy) return
    setBusy(true)
    const asked = Date.now()
    try {
      onPaired(await pair(plain), asked)
    } catch (error) {
      const lost = error instanceof Later && !('status' in error)
      setTrouble(
        lost
          ? 'No network. Try again in a moment.'
          : error instanceof Error && error.message
            ? error.message
            : 'That did not work.',
      )
      setCode('')
    } finally {
      setBusy(false)
    }
  }
  return (
    <main className="k-page k-pair">
      <h1>Pair this kiosk</h1>
      <p>In the dashboard, open Kiosks, add one, and enter its six digits here.</p>
      <label>
        <span className="k-hidden">Pairing code</span>
        <input
          className="k-code"
          value={code}
          autoFocus
          inputMode="numeric"
          autoComplete="off"
          placeholder="······"
          onChange={(event) => void type(event.currentTarget.value)}
        />
      </label>
      <p className="k-trouble" role="alert">
        {trouble}
      </p>
      <div className="k-pad" role="group" aria-label="Digits">
        {digits.map((digit, i) =>
          digit === '' ? (
            <span key={i} />
          ) : (
            <button key={i} type="button" disabled={busy} onClick={() => void type(code + digit)}>
              {digit}
            </button>
          ),
        )}
        <button type="button" aria-label="Delete" onClick={() => void type(code.slice(0, -1))}>
          ⌫
        </button>
      </div>
    </main>
  )
}
