/** The order that waits, with what can be done with it; and all that were placed. */
import { Button } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import type { Order } from '../../../shared/licences.ts'
import { api, base } from '../../api.ts'
import { StatePill } from '../../ui/marks.tsx'
import { orderLooks } from '../../ui/states.ts'
import { dayOf, fullDay } from '../../ui/time.ts'
import { queryClient, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toast, toastFault } from '../toast.tsx'

const pdfOf = (site: string, order: Order) => `${base}/sites/${site}/orders/${order.id}/confirmation.pdf`

function useSettle(order: Order) {
  const { id } = useSite()
  return useMutation({
    mutationFn: (as: 'confirm' | 'cancel') => api.post<Order>(`/sites/${id}/orders/${order.id}/${as}`),
    onSuccess: (settled) => {
      toast(`Order ${settled.number} is ${settled.state}.`)
      return queryClient.invalidateQueries({ queryKey: siteKey(id) })
    },
    onError: toastFault,
  })
}

export function OpenOrder({ order }: { order: Order }) {
  const { id, me, zone } = useSite()
  const settle = useSettle(order)
  return (
    <section className="card stack">
      <div className="row between wrap">
        <h2>Order {order.number}</h2>
        <StatePill look={orderLooks[order.state]} />
      </div>
      <dl className="kv">
        <div>
          <dt>Term</dt>
          <dd>
            {fullDay(order.startsOn)} to {fullDay(order.endsOn)}
            {order.renewal && ' (renewal)'}
          </dd>
        </div>
        <div>
          <dt>Ordered</dt>
          <dd>
            {fullDay(dayOf(order.orderedAt, zone))} by {order.name}, {order.email}
          </dd>
        </div>
        {order.purchaseOrder !== null && (
          <div>
            <dt>Your order number</dt>
            <dd>{order.purchaseOrder}</dd>
          </div>
        )}
        <div>
          <dt>Invoice address</dt>
          <dd className="lines">{order.invoiceAddress}</dd>
        </div>
        <div>
          <dt>Total</dt>
          <dd className="num">
            £{order.price.total} <span className="q">with £{order.price.vat} VAT</span>
          </dd>
        </div>
      </dl>
      <div className="row wrap">
        {me.operator && (
          <Button loading={settle.isPending} onClick={() => settle.mutate('confirm')}>
            Confirm the order
          </Button>
        )}
        <Button
          variant="default"
          component="a"
          href={pdfOf(id, order)}
          target="_blank"
          leftSection={<IconPrinter size={16} />}
        >
          Print
        </Button>
        <Button variant="subtle" disabled={settle.isPending} onClick={() => settle.mutate('cancel')}>
          Cancel the order
        </Button>
      </div>
      <p className="q sm">
        {me.operator
          ? 'You administer this installation, so you confirm orders yourself. Nothing is paid here.'
          : 'It is confirmed by whoever runs this service for you. You get an e-mail once it is.'}
      </p>
    </section>
  )
}

export function PastOrders({ orders }: { orders: Order[] }) {
  const { id, zone } = useSite()
  if (orders.length === 0) return null
  return (
    <section>
      <h2>Orders</h2>
      <div className="scroll" tabIndex={0} role="group" aria-label="Orders">
        <table className="table num">
          <thead>
            <tr>
              <th>Order</th>
              <th>Term</th>
              <th className="right">Total</th>
              <th>State</th>
              <th>
                <span className="hidden">To print</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {orders.map((order) => (
              <tr key={order.id}>
                <th scope="row">
                  {order.number}
                  <span className="ordered q">{fullDay(dayOf(order.orderedAt, zone))}</span>
                </th>
                <td>
                  <span className="nowrap">{fullDay(order.startsOn)} to</span>{' '}
                  <span className="nowrap">{fullDay(order.endsOn)}</span>
                </td>
                <td className="right">£{order.price.total}</td>
                <td>
                  <StatePill look={orderLooks[order.state]} />
                </td>
                <td>
                  {order.state !== 'cancelled' && (
                    <a href={pdfOf(id, order)} target="_blank" rel="noreferrer">
                      Print<span className="hidden"> {order.number}</span>
                    </a>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
