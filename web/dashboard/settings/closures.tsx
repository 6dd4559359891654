/** Holidays and INSET days: nobody is late on them. */
import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Closure } from '../../../shared/sites.ts'
import { api } from '../../api.ts'
import { Empty, Loading, PageHead, Problem } from '../../ui/page.tsx'
import { fullDay } from '../../ui/time.ts'
import { closuresQuery, queryClient, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toast } from '../toast.tsx'
import { SettingsTabs } from './tabs.tsx'

const none: Closure = { from: '', to: '', name: '' }

export function ClosuresPage() {
  const { id, can } = useSite()
  const stored = useQuery(closuresQuery(id))
  const [given, setGiven] = useState(none)
  const [fault, setFault] = useState<unknown>(null)
  const rows = stored.data ?? []
  async function put(data: Closure[], undo?: Closure[]) {
    setFault(null)
    try {
      await api.put(`/sites/${id}/closures`, { data: data.toSorted((a, b) => (a.from < b.from ? -1 : 1)) })
      await queryClient.invalidateQueries({ queryKey: siteKey(id, 'settings') })
      toast('Saved.', undo ? { undo: () => void put(undo) } : {})
      setGiven(none)
    } catch (error) {
      setFault(error)
    }
  }
  const may = can('settings.write')
  return (
    <>
      <PageHead title="Closures" lead="Holidays and INSET days. On these days no mark is sent." />
      <SettingsTabs />
      {stored.isPending && <Loading />}
      {stored.error && <Problem error={stored.error} onRetry={() => void stored.refetch()} />}
      {stored.data?.length === 0 && <Empty title="No closures">Add the holidays of this school year.</Empty>}
      <dl className="kv">
        {rows.map((row) => (
          <div key={`${row.from} ${row.name}`}>
            <dt>
              <b>{row.name}</b>{' '}
              <span className="q">
                {row.from === row.to ? fullDay(row.from) : `${fullDay(row.from)} to ${fullDay(row.to)}`}
              </span>
            </dt>
            <dd>
              {may && (
                <Button
                  size="sm"
                  variant="subtle"
                  aria-label={`Remove ${row.name}`}
                  onClick={() =>
                    void put(
                      rows.filter((other) => other !== row),
                      rows,
                    )
                  }
                >
                  Remove
                </Button>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {may && (
        <form
          className="form"
          style={{ marginTop: 24 }}
          onSubmit={(event: FormEvent) => {
            event.preventDefault()
            void put([...rows, { ...given, to: given.to || given.from }])
          }}
        >
          {fault !== null && <Problem error={fault} title="Not saved." />}
          <div className="row wrap">
            <TextInput
              label="Name"
              required
              value={given.name}
              onChange={(event) => setGiven({ ...given, name: event.currentTarget.value })}
            />
            <TextInput
              label="From"
              type="date"
              required
              value={given.from}
              onChange={(event) => setGiven({ ...given, from: event.currentTarget.value })}
            />
            <TextInput
              label="To"
              type="date"
              value={given.to}
              onChange={(event) => setGiven({ ...given, to: event.currentTarget.value })}
            />
          </div>
          <div className="row">
            <Button type="submit">Add</Button>
          </div>
        </form>
      )}
    </>
  )
}
