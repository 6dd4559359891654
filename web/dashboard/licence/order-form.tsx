/** The order: who, for when, for how much. The total stands on the button. */
import { Button, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Offer, Order, PriceWithVat } from '../../../shared/licences.ts'
import { api, Fault } from '../../api.ts'
import { Loading, Problem } from '../../ui/page.tsx'
import { fullDay } from '../../ui/time.ts'
import { queryClient, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toast } from '../toast.tsx'
import { offerQuery } from './queries.ts'

export function Price({ price }: { price: PriceWithVat }) {
  return (
    <dl className="sums num">
      <div>
        <dt>Twelve months</dt>
        <dd>£{price.net}</dd>
      </div>
      <div>
        <dt title={`The rate since ${fullDay(price.vatSince)}`}>VAT at {price.vatPercent} %</dt>
        <dd>£{price.vat}</dd>
      </div>
      <div className="total">
        <dt>Total</dt>
        <dd>£{price.total}</dd>
      </div>
    </dl>
  )
}

export function OrderForm() {
  const { id, me } = useSite()
  const [given, setGiven] = useState({
    startsOn: '',
    name: me.account.name,
    email: me.account.email,
    purchaseOrder: '',
    invoiceAddress: '',
  })
  const [fault, setFault] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const offer = useQuery(offerQuery(id, given.startsOn || undefined))
  const errors = { ...fieldsOf(offer.error), ...fieldsOf(fault) }
  const set = (field: keyof typeof given) => (event: { currentTarget: { value: string } }) =>
    setGiven({ ...given, [field]: event.currentTarget.value })

  async function order(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setFault(null)
    try {
      const { startsOn, purchaseOrder, ...rest } = given
      const made = await api.post<Order>(`/sites/${id}/orders`, {
        ...rest,
        purchaseOrder: purchaseOrder || null,
        ...(startsOn === '' ? {} : { startsOn }),
      })
      toast(`Order ${made.number} is placed.`)
      await queryClient.invalidateQueries({ queryKey: siteKey(id) })
    } catch (error) {
      setFault(error)
    } finally {
      setBusy(false)
    }
  }

  if (offer.data === undefined)
    return offer.error ? (
      <Problem error={offer.error} onRetry={() => void offer.refetch()} />
    ) : (
      <Loading rows={5} />
    )
  if (offer.data.refusal !== null) return null
  return (
    <form className="form" onSubmit={(event) => void order(event)}>
      <h2>{offer.data.renewal ? 'Renew for twelve months' : 'Order for twelve months'}</h2>
      {fault !== null && Object.keys(errors).length === 0 && <Problem error={fault} title="Not ordered." />}
      <StartDay
        offer={offer.data}
        value={given.startsOn}
        error={errors['startsOn']}
        onChange={set('startsOn')}
      />
      <TextInput
        label="Who orders"
        required
        value={given.name}
        error={errors['name']}
        onChange={set('name')}
      />
      <TextInput
        label="E-mail"
        description="The confirmation goes here"
        type="email"
        required
        value={given.email}
        error={errors['email']}
        onChange={set('email')}
      />
      <TextInput
        label="Your order number"
        description="If your finance office gives one"
        value={given.purchaseOrder}
        error={errors['purchaseOrder']}
        onChange={set('purchaseOrder')}
      />
      <Textarea
        label="Invoice address"
        description="School, department, street, town, postcode: up to 8 lines"
        required
        autosize
        minRows={4}
        maxRows={8}
        value={given.invoiceAddress}
        error={errors['invoiceAddress']}
        onChange={set('invoiceAddress')}
      />
      <Price price={offer.data.price} />
      <Button type="submit" loading={busy} disabled={offer.error !== null}>
        Order for £{offer.data.price.total}
      </Button>
      <p className="q sm">
        Nothing is paid here. The order waits to be confirmed; you can cancel it until then. When the twelve
        months end, reading and writing stop by themselves and nothing is deleted.
      </p>
    </form>
  )
}

type StartDayProps = {
  offer: Offer
  value: string
  error: string | undefined
  onChange: (event: { currentTarget: { value: string } }) => void
}

function StartDay({ offer, value, error, onChange }: StartDayProps) {
  const term = `${fullDay(offer.startsOn)} to ${fullDay(offer.endsOn)}`
  if (offer.renewal)
    return (
      <p>
        The new term follows without a gap: <b>{term}</b>.
      </p>
    )
  return (
    <TextInput
      label="First day"
      description={error ? undefined : `Twelve months, ${term}`}
      type="date"
      min={offer.earliestOn}
      max={offer.latestOn}
      value={value || offer.earliestOn}
      error={error}
      onChange={onChange}
    />
  )
}

const fieldsOf = (fault: unknown): Record<string, string> => (fault instanceof Fault ? fault.fields : {})
