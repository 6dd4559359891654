/** A morning or afternoon as a strip: each dot a pupil, and the line where L becomes U. */
import { useElementSize } from '@mantine/hooks'
import './day-strip.css'
import { timeOf } from './time.ts'

export type StripTimes = { opensAt: number; endsAt: number; closesAt: number; until: number }
type DayStripProps = { times: StripTimes; dots: number[]; now: number }
type Label = { at: number; text: string; className: string; priority: number }

/** Where the strip ends: half an hour after the close, or now, or the last dot, within the session. */
export function stripEnd(times: StripTimes, dots: number[], now: number): number {
  const wanted = Math.max(times.closesAt + 30, now + 5, ...dots.map((dot) => dot + 5))
  return Math.max(times.closesAt, Math.min(wanted, times.until))
}

/** Of labels that would run into each other, the less important goes. */
function labelsThatFit(labels: Label[], width: number, place: (at: number) => number): Label[] {
  const letter = 6.4
  const kept: Label[] = []
  for (const label of labels.toSorted((a, b) => a.priority - b.priority)) {
    const left = place(label.at) * width
    const right = left + label.text.length * letter
    const clear = kept.every((other) => {
      const otherLeft = place(other.at) * width
      return right + 8 < otherLeft || left > otherLeft + other.text.length * letter + 8
    })
    if (clear) kept.push(label)
  }
  return kept
}

export function DayStrip({ times, dots, now }: DayStripProps) {
  const { ref, width } = useElementSize()
  const end = stripEnd(times, dots, now)
  const span = Math.max(1, end - times.opensAt)
  const place = (at: number) => Math.min(1, Math.max(0, (at - times.opensAt) / span))
  const left = (at: number) => `${place(at) * 100}%`
  const closed = now >= times.closesAt
  const labels = labelsThatFit(
    [
      { at: times.opensAt, text: `${timeOf(times.opensAt)} register opens`, className: '', priority: 3 },
      { at: times.endsAt, text: `${timeOf(times.endsAt)} late from here`, className: '', priority: 2 },
      {
        at: times.closesAt,
        text: closed
          ? `${timeOf(times.closesAt)} register closed, now marked U`
          : `${timeOf(times.closesAt)} register closes, then U`,
        className: 'amber',
        priority: 1,
      },
    ],
    width || 700,
    place,
  )
  const before = dots.filter((dot) => dot < times.closesAt).length
  const summary = `Arrivals between ${timeOf(times.opensAt)} and ${timeOf(end)}: ${before} before the register closed at ${timeOf(times.closesAt)}, ${dots.length - before} after.`
  const zone = (from: number, to: number, className: string) => (
    <span
      className={`strip-zone ${className}`}
      style={{ left: left(from), right: `${100 - place(to) * 100}%` }}
    />
  )
  return (
    <div className="strip" ref={ref} role="img" aria-label={summary}>
      {zone(times.opensAt, times.endsAt, 'open')}
      {zone(times.endsAt, times.closesAt, 'late')}
      {zone(times.closesAt, end, 'after')}
      {[times.opensAt, times.endsAt, times.closesAt].map((at, i) => (
        <span key={i} className={i === 2 ? 'strip-tick amber' : 'strip-tick'} style={{ left: left(at) }} />
      ))}
      {labels.map((label) => (
        <StripLabel key={label.text} label={label} place={place(label.at)} width={width} />
      ))}
      {dots.map((dot, i) => (
        <span key={i} className="strip-dot" style={{ left: left(dot) }} />
      ))}
      {now >= times.opensAt && now <= end && (
        <>
          <span className="strip-now" style={{ left: left(now) }} />
          <span
            className="strip-now-word num"
            style={{ left: `clamp(32px, ${left(now)}, calc(100% - 32px))` }}
          >
            {timeOf(now)} now
          </span>
        </>
      )}
    </div>
  )
}

function StripLabel({ label, place, width }: { label: Label; place: number; width: number }) {
  const overflows = width > 0 && place * width + label.text.length * 6.4 > width
  const style = overflows ? { right: 0 } : { left: `calc(${place * 100}% + 2px)` }
  return (
    <span className={`strip-label num ${label.className}`} style={style}>
      {label.text}
    </span>
  )
}
