/** The codes of the MIS, and which of them the kiosk shows; putting one there that says too much asks first. */
import { Button, Modal, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type AttendanceCode, reasonType } from '../../../shared/attendance.ts'
import { canProduce, screenName, warnsOnPublicScreen } from '../../../shared/codes.ts'
import { api } from '../../api.ts'
import { CodeTile } from '../../ui/marks.tsx'
import { Empty, Loading, Problem } from '../../ui/page.tsx'
import { count, listed } from '../../ui/words.ts'
import { codesQuery } from '../queries.ts'
import { useMisName, useSite } from '../site.tsx'
import { change } from './change.ts'

const canBeTapped = ({ code }: AttendanceCode) => reasonType.options.some((type) => canProduce(type, code))
const typeWords = { 'late-arrival': 'late', 'early-leave': 'leaving early', return: 'coming back' }
const usedFor = (code: string) =>
  reasonType.options.filter((type) => canProduce(type, code)).map((type) => typeWords[type])

export function CodeList() {
  const { id, can } = useSite()
  const mis = useMisName()
  const codes = useQuery(codesQuery(id))
  const [asking, setAsking] = useState<AttendanceCode | 'all' | null>(null)
  const may = can('settings.write')
  if (codes.isPending) return <Loading rows={8} />
  if (codes.error) return <Problem error={codes.error} onRetry={() => void codes.refetch()} />
  const rows = codes.data.filter(canBeTapped)
  if (rows.length === 0)
    return <Empty title="No codes yet">They come with the first import of the MIS.</Empty>
  const off = rows.filter((code) => !code.publicScreen)
  const show = (code: AttendanceCode, publicScreen: boolean) =>
    void change(id, 'Saved.', api.put(`/sites/${id}/attendance-codes/${code.id}`, { publicScreen }))
  const showAll = (publicScreen: 'all' | 'usual') =>
    void change(
      id,
      publicScreen === 'all' ? 'The kiosk shows every code.' : 'The kiosk shows the usual codes.',
      api.put(`/sites/${id}/attendance-codes`, { publicScreen }),
    )
  return (
    <>
      <div className="rule code-all">
        <span className="grow">
          <b className="m">Show all on the kiosk</b>
          <span className="q sm">
            {off.length === 0
              ? 'Every code is on the lobby screen, illness and absence too. Anybody who stands there can read them.'
              : `${count(off.length, 'code')} ${off.length === 1 ? 'is' : 'are'} kept for the office, because a lobby is no place for them.`}
          </span>
        </span>
        <Switch
          aria-label="Show all on the kiosk"
          disabled={!may}
          checked={off.length === 0}
          onChange={(event) => (event.currentTarget.checked ? setAsking('all') : showAll('usual'))}
        />
      </div>
      <table className="table code-table">
        <thead>
          <tr>
            <th>Code</th>
            <th>What pupils tap</th>
            <th className="code-mis">In {mis}</th>
            <th className="code-for">For</th>
            <th className="reason-switch">On the kiosk</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((code) => (
            <tr key={code.id}>
              <td>
                <CodeTile code={code.code} />
              </td>
              <td className="m">{screenName(code.code)}</td>
              <td className="q code-mis">{code.description}</td>
              <td className="q code-for">{listed(usedFor(code.code))}</td>
              <td className="reason-switch">
                <Switch
                  aria-label={`${code.code}, ${screenName(code.code)} on the kiosk`}
                  disabled={!may}
                  checked={code.publicScreen}
                  onChange={(event) =>
                    event.currentTarget.checked && warnsOnPublicScreen(code.code)
                      ? setAsking(code)
                      : show(code, event.currentTarget.checked)
                  }
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {asking && (
        <Modal opened onClose={() => setAsking(null)} title="Show this in the lobby?">
          <div className="stack">
            <p className="q">
              {asking === 'all'
                ? `Every pupil and visitor at the kiosk could read: ${listed(off.map((code) => screenName(code.code)))}. They say something about health, family, belief or blame.`
                : `“${screenName(asking.code)}” says something about a child that others in the lobby should not read. The office can use it without showing it there.`}
            </p>
            <div className="row wrap">
              <Button
                onClick={() => {
                  if (asking === 'all') showAll('all')
                  else show(asking, true)
                  setAsking(null)
                }}
              >
                Show {asking === 'all' ? 'them all' : 'it'}
              </Button>
              <Button variant="default" onClick={() => setAsking(null)}>
                Keep {asking === 'all' ? 'them' : 'it'} for the office
              </Button>
            </div>
          </div>
        </Modal>
      )}
    </>
  )
}
