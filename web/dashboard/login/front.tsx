/** Pages before log-in: the form at the left, and at the right a page of the book in scribble, for no name may show. */
import { IconArrowUp, IconBook2, IconChecks } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import './login.css'

/** Times, and the number of strokes of the two words beside each. */
const lines: [string, number, number][] = [
  ['8.58', 9, 8],
  ['9.00', 5, 9],
  ['9.03', 6, 5],
  ['9.04', 6, 10],
  ['9.09', 5, 8],
  ['9.12', 8, 6],
  ['9.14', 7, 7],
  ['9.20', 7, 9],
  ['9.28', 8, 9],
]

/** A hand that hurries: loops of uneven height on one line. */
function scribble(from: number, strokes: number): string {
  let x = from
  let path = `M${x} 22c2-10 5-16 7-14`
  for (let i = 0; i < strokes; i++) {
    const height = 13 + ((i * 7 + strokes * 3) % 6)
    path += `c3 2 2 14 4 14c3 0 4-${height} 6-${height}`
    x += 10
  }
  return `${path}c3 0 2 ${10 + (strokes % 4)} 6 13c4 2 8 1 12-1`
}

function ScribbledPage() {
  return (
    <div className="front-page" aria-hidden>
      <ol>
        {lines.map(([time, first, second], i) => (
          <li key={time}>
            <span className="num">{time}</span>
            <svg viewBox="0 0 300 32" preserveAspectRatio="xMinYMid meet">
              <path d={scribble(2, first)} />
              <path d={scribble(first * 10 + 60, second)} />
            </svg>
            {i < lines.length - 1 ? <IconChecks size={34} /> : <IconArrowUp className="going" size={28} />}
          </li>
        ))}
        <li />
        <li />
      </ol>
    </div>
  )
}

export function Front({ children, foot }: { children: ReactNode; foot: ReactNode }) {
  return (
    <div className="front">
      <div className="front-left">
        <p className="front-name">
          <IconBook2 size={22} stroke={1.75} aria-hidden />
          e-Reception Book
        </p>
        <main className="front-form">{children}</main>
        <p className="sm qq">{foot}</p>
      </div>
      <ScribbledPage />
    </div>
  )
}
