/** The three numbers. "Here now" says what it does not hold: in a fire a wrong number of pupils would mislead. */
import { Link } from '@tanstack/react-router'
import { count, listed, number } from '../../ui/words.ts'
import { useSite } from '../site.tsx'
import type { Today } from '../wire.ts'

export function Band({ counts }: { counts: Today['counts'] }) {
  const { id: site } = useSite()
  const parts = [
    counts.employees > 0 && `${number(counts.employees)} staff`,
    counts.visitors > 0 && count(counts.visitors, 'visitor'),
    `${count(counts.students, 'pupil')} through reception`,
  ].filter((part) => part !== false)
  return (
    <dl className="band num">
      <div>
        <dt>Here now</dt>
        <dd className="band-n">{number(counts.hereNow)}</dd>
        <dd className="band-words">{listed(parts)}. The registers hold the other pupils.</dd>
      </div>
      <div>
        <dt>Late today</dt>
        <dd className="band-n">{number(counts.lateToday)}</dd>
        <dd className="band-words">
          {number(counts.lateBeforeClose)} before the register closed, {number(counts.lateAfterClose)} after
        </dd>
      </div>
      <div>
        <dt>Need you</dt>
        <dd className="band-n">
          {counts.needYou === 0 ? (
            0
          ) : (
            <Link
              to="/sites/$site/marks"
              params={{ site }}
              aria-label={`${count(counts.needYou, 'mark')} for you`}
            >
              {number(counts.needYou)}
            </Link>
          )}
        </dd>
        <dd className="band-words">
          {number(counts.inMis)} in the MIS, {number(counts.onTheirWay)} on their way
        </dd>
      </div>
    </dl>
  )
}
