/** The school's own reasons of one kind: what it says, the mark through the morning, whether it writes, its place. */
import { Button, Menu, Switch } from '@mantine/core'
import { IconAlertTriangle, IconArrowDown, IconArrowUp, IconDots } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { Reason, ReasonType } from '../../../shared/attendance.ts'
import { api } from '../../api.ts'
import { StatePill } from '../../ui/marks.tsx'
import type { Look } from '../../ui/states.ts'
import { schoolDayQuery } from '../queries.ts'
import { useCodeMeaning, useMisName, useSite } from '../site.tsx'
import { change } from './change.ts'
import { piecesOf } from './mark-bar.ts'
import type { Editing } from './reasons.tsx'

type TableProps = { rows: Reason[]; shown: ReasonType | 'archived'; onEdit: (editing: Editing) => void }

const bodyOf = ({ id: _id, state: _state, ...body }: Reason) => body

export function ReasonTable({ rows, shown, onEdit }: TableProps) {
  return (
    <table className="table reason-table">
      <thead>
        <tr>
          <th>What pupils tap</th>
          <th className="reason-bar-cell">{shown === 'early-leave' ? 'Mark' : 'Mark through the morning'}</th>
          <th className="reason-switch">{shown === 'archived' ? '' : 'On the kiosk'}</th>
          <th className="reason-more" aria-label="More" />
        </tr>
      </thead>
      <tbody>
        {rows.map((reason, i) => (
          <Row key={reason.id} reason={reason} rows={rows} at={i} shown={shown} onEdit={onEdit} />
        ))}
      </tbody>
    </table>
  )
}

type RowProps = TableProps & { reason: Reason; at: number }

function Row({ reason, rows, at, shown, onEdit }: RowProps) {
  const { id, can } = useSite()
  const may = can('settings.write')
  const path = `/sites/${id}/reasons/${reason.id}`
  const put = (set: Partial<Reason>) => api.put(path, bodyOf({ ...reason, ...set }))
  const restore = () => change(id, `“${reason.name}” is back.`, put({}))
  return (
    <tr>
      <td>
        <b className="m">{reason.name}</b>
        {reason.asksBack && <span className="q sm reason-asks">Asks when they will be back</span>}
      </td>
      <td className="reason-bar-cell">
        <MarkBar reason={reason} />
      </td>
      <td className="reason-switch">
        {reason.state === 'archived' ? (
          may && (
            <Button size="sm" variant="default" onClick={() => void restore()}>
              Bring back<span className="hidden">: {reason.name}</span>
            </Button>
          )
        ) : reason.state === 'broken' ? (
          <StatePill look={broken} />
        ) : (
          <Switch
            aria-label={`${reason.name} on the kiosk`}
            disabled={!may}
            checked={reason.publicScreen}
            onChange={(event) =>
              void change(id, 'Saved.', put({ publicScreen: event.currentTarget.checked }))
            }
          />
        )}
      </td>
      <td className="reason-more">
        {may && shown !== 'archived' && <More reason={reason} rows={rows} at={at} onEdit={onEdit} />}
      </td>
    </tr>
  )
}

const broken: Look = { word: 'Broken', tone: 'red', icon: IconAlertTriangle, fill: true }

function More({ reason, rows, at, onEdit }: Omit<RowProps, 'shown'>) {
  const { id } = useSite()
  const path = `/sites/${id}/reasons/${reason.id}`
  function move(by: -1 | 1) {
    const ids = rows.map((row) => row.id)
    ids.splice(at, 1)
    ids.splice(at + by, 0, reason.id)
    void change(
      id,
      'The kiosk has the new order.',
      api.put(`/sites/${id}/reasons/order`, { type: reason.type, ids }),
    )
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle" size="sm" px={6} aria-label={`More about ${reason.name}`}>
          <IconDots size={18} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onEdit({ reason, type: reason.type })}>Change…</Menu.Item>
        <Menu.Item leftSection={<IconArrowUp size={16} />} disabled={at === 0} onClick={() => move(-1)}>
          Move up
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowDown size={16} />}
          disabled={at === rows.length - 1}
          onClick={() => move(1)}
        >
          Move down
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          onClick={() =>
            void change(
              id,
              `“${reason.name}” is archived.`,
              api.delete(path),
              () => void change(id, `“${reason.name}” is back.`, api.put(path, bodyOf(reason))),
            )
          }
        >
          Archive
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** One piece a code, in the colour of before and after the close; words say the same. */
export function MarkBar({
  reason,
}: {
  reason: Pick<Reason, 'type' | 'code' | 'codesByTime' | 'writeBack' | 'state'>
}) {
  const { id } = useSite()
  const mis = useMisName()
  const meaning = useCodeMeaning()
  const day = useQuery(schoolDayQuery(id)).data
  if (day === undefined) return null
  const pieces = piecesOf(reason, day)
  if (pieces.every((piece) => piece.code === null)) return <span className="q">No mark. Kept here only</span>
  if (reason.state === 'broken')
    return (
      <span className="mark-bar">
        <span className="gone">
          <b>{[...new Set(pieces.map((piece) => piece.code ?? 'none'))].join(', ')}</b> not in {mis}
        </span>
      </span>
    )
  return (
    <span className="mark-bar num">
      {pieces.map((piece, i) => (
        <span
          key={i}
          className={piece.afterClose && i > 0 ? 'after' : ''}
          title={piece.code ? meaning(piece.code) : ''}
        >
          <b>{piece.code ?? 'No mark'}</b> {piece.until ? `to ${piece.until}` : i === 0 ? 'all day' : 'after'}
        </span>
      ))}
    </span>
  )
}
