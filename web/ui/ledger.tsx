/** The ledger: times in the left margin, then the margin line in the school's colour. */
import type { ReactNode } from 'react'

type LedgerProps = { children: ReactNode; label?: string; days?: boolean }

export function Ledger({ children, label, days }: LedgerProps) {
  return (
    <ol className={days ? 'ledger day' : 'ledger'} aria-label={label}>
      {children}
    </ol>
  )
}

type LedgerRowProps = { time: string; children: ReactNode; onOpen?: () => void; className?: string }

/** With `onOpen` the whole row is a button. */
export function LedgerRow({ time, children, onOpen, className }: LedgerRowProps) {
  const inner = (
    <>
      <span className="ledger-time">{time}</span>
      {children}
    </>
  )
  return (
    <li className={className}>
      {onOpen ? (
        <button type="button" className="ledger-row" onClick={onOpen}>
          {inner}
        </button>
      ) : (
        <div className="ledger-row">{inner}</div>
      )}
    </li>
  )
}
