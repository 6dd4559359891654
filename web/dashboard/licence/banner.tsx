/**
 * What everybody should know about the licence: that it ends soon, that it has ended, or that a page needs what is not
 * bought. Each says how to go on.
 */
import './licence.css'
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { fullDay } from '../../ui/time.ts'
import { useSite } from '../site.tsx'
import { inDays, useDaysLeft } from './days.ts'
import { offerQuery } from './queries.ts'

const tellFrom = 60
const amberFrom = 30
const redFrom = 7

type NoteProps = { tone: '' | 'blue' | 'amber' | 'red'; title: string; children: ReactNode; onward?: string }

function Note({ tone, title, children, onward }: NoteProps) {
  const { id, can } = useSite()
  const path = useLocation().pathname
  const Icon = tone === 'red' || tone === 'amber' ? IconAlertTriangle : IconInfoCircle
  const here = path.endsWith('/mis/licence')
  return (
    <section className={`note licence-note ${tone}`} aria-label="Licence">
      <Icon aria-hidden />
      <div className="grow">
        <b>{title}</b> {children}{' '}
        {onward !== undefined && !can('settings.write') && 'An administrator of the school can see to it.'}
      </div>
      {onward !== undefined && can('settings.write') && !here && (
        <Link to="/sites/$site/mis/licence" params={{ site: id }}>
          {onward}
        </Link>
      )}
    </section>
  )
}

export function LicenceBanner() {
  const { id, site } = useSite()
  const path = useLocation().pathname
  const { edition, misIntegration } = site.licence
  const { state, startsOn, endsOn } = misIntegration
  const needsIt = path.startsWith(`/sites/${id}/mis`) || path.startsWith(`/sites/${id}/marks`)
  if (edition !== 'education') return null
  switch (state) {
    case 'active':
      return <EndsSoon />
    case 'lapsed':
      return (
        <Note tone="red" title={`MIS integration ended with ${fullDay(endsOn!)}.`} onward="Renew it">
          Nobody is imported, and marks are not sent: enter them in the MIS by hand. Nothing has been deleted.
        </Note>
      )
    case 'ordered':
      return needsIt && !path.endsWith('/mis/licence') ? (
        <Note tone="blue" title="MIS integration is ordered." onward="See the order">
          It begins on {fullDay(startsOn!)}, once it is confirmed. Until then the MIS is neither read nor
          written.
        </Note>
      ) : null
    case 'none':
      return needsIt && !path.endsWith('/mis/licence') ? (
        <Note tone="" title="MIS integration is not ordered." onward="See what it is and costs">
          Without it nobody is imported and marks are not sent. It can be ordered at any time.
        </Note>
      ) : null
  }
}

/** From 60 days before the end; stronger at 30 and at 7. */
function EndsSoon() {
  const { id, site, can } = useSite()
  const left = useDaysLeft()
  const soon = left !== null && left >= 0 && left <= tellFrom && can('settings.write')
  const offer = useQuery({ ...offerQuery(id), enabled: soon }).data
  if (!soon || offer === undefined || offer.refusal?.code === 'licence.bought_ahead') return null
  const title = `MIS integration ends on ${fullDay(site.licence.misIntegration.endsOn!)}, ${inDays(left)}.`
  if (offer.refusal?.code === 'licence.order_open')
    return (
      <Note tone={left <= redFrom ? 'amber' : ''} title={title} onward="See the order">
        Its renewal is ordered and waits to be confirmed.
      </Note>
    )
  return (
    <Note tone={left <= redFrom ? 'red' : left <= amberFrom ? 'amber' : ''} title={title} onward="Renew it">
      After that day nobody is imported and marks are not sent. The new term begins the day after.
    </Note>
  )
}
