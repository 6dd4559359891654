/** The Licence page: what MIS integration is, what it costs, ordering, renewing, and what each MIS takes. */
import { useQuery } from '@tanstack/react-query'
import type { Site } from '../../../shared/sites.ts'
import { StatePill } from '../../ui/marks.tsx'
import { Loading, PageHead, Problem } from '../../ui/page.tsx'
import { licenceLooks } from '../../ui/states.ts'
import { fullDay } from '../../ui/time.ts'
import { HelpLink } from '../help/help-link.tsx'
import { Support } from '../help/support.tsx'
import { MisTabs } from '../mis/tabs.tsx'
import { useSite } from '../site.tsx'
import { CompatibilityTable } from './compatibility.tsx'
import { inDays, useDaysLeft } from './days.ts'
import { OrderForm, Price } from './order-form.tsx'
import { OpenOrder, PastOrders } from './orders.tsx'
import { offerQuery, ordersQuery } from './queries.ts'

const editions: Record<Site['edition'], string> = {
  business: 'Business',
  professional: 'Professional',
  education: 'Education',
  care: 'Care',
}

export function LicencePage() {
  const { id, site, can } = useSite()
  const buys = can('settings.write')
  const orders = useQuery({ ...ordersQuery(id), enabled: buys })
  const open = orders.data?.find(({ state }) => state === 'ordered')
  const past = (orders.data ?? []).filter((order) => order !== open)
  return (
    <>
      <PageHead
        title="Licence"
        lead={`${editions[site.edition]} edition. MIS integration is an option of it, for twelve months at a time.`}
      />
      <MisTabs />
      <div className="licence">
        <div className="about">
          <Standing />
          <WhatItIs />
        </div>
        <aside className="buy stack">
          {buys && orders.isPending && <Loading rows={6} />}
          {orders.error && <Problem error={orders.error} onRetry={() => void orders.refetch()} />}
          {!buys && <PriceOnly />}
          {open && <OpenOrder order={open} />}
          {buys && orders.data && !open && <Buying />}
        </aside>
        <div className="more-about">
          <PastOrders orders={past} />
          <CompatibilityTable />
          <HelpLink about="what-crosses">Every question about the MIS link</HelpLink>
          <Support />
        </div>
      </div>
    </>
  )
}

function Standing() {
  const { site } = useSite()
  const { state, startsOn, endsOn } = site.licence.misIntegration
  const left = useDaysLeft()
  const words = {
    none: 'It can be ordered at any time.',
    ordered: `From ${startsOn && fullDay(startsOn)}, once the order is confirmed.`,
    active: `From ${startsOn && fullDay(startsOn)} to ${endsOn && fullDay(endsOn)}. It ends ${inDays(left ?? 0)}.`,
    lapsed: `It ended with ${endsOn && fullDay(endsOn)}. Nothing has been deleted, and it goes on as it was once it is renewed.`,
  }
  return (
    <section className="row wrap">
      <StatePill look={licenceLooks[state]} />
      <span className="num">{words[state]}</span>
    </section>
  )
}

function WhatItIs() {
  return (
    <section>
      <h2>What MIS integration does</h2>
      <ul>
        <li>Pupils, staff and groups come from your MIS every night, and whenever you ask.</li>
        <li>
          A late arrival or an early leave at the kiosk becomes the right mark in your register, with minutes
          late.
        </li>
        <li>
          Every mark is looked for afterwards. What did not arrive stands on a list until somebody has seen to
          it.
        </li>
      </ul>
      <p className="q">
        Without it the kiosk and this book work all the same: people are added by hand or from a list, and
        marks are entered in the MIS by hand.
      </p>
    </section>
  )
}

function PriceOnly() {
  const { id } = useSite()
  const offer = useQuery(offerQuery(id)).data
  if (offer === undefined) return null
  return (
    <section className="card">
      <h2>What it costs</h2>
      <Price price={offer.price} />
      <p className="q sm">An administrator of the school orders it here.</p>
    </section>
  )
}

function Buying() {
  const { id } = useSite()
  const offer = useQuery(offerQuery(id)).data
  return (
    <section className="card">
      {offer?.refusal ? (
        <>
          <h2>What it costs</h2>
          <Price price={offer.price} />
          <p>{offer.refusal.message}</p>
        </>
      ) : (
        <OrderForm />
      )}
    </section>
  )
}
