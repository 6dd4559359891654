/** The school's own list of staff: choose a file, look at what it would do line by line, then save. */
import { Button, FileButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconDownload, IconFileSpreadsheet, IconUpload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type DragEvent, useState } from 'react'
import { listColumns, type ListReply, listTemplate } from '../../../shared/people.ts'
import { api } from '../../api.ts'
import { Loading, PageHead, Problem } from '../../ui/page.tsx'
import { count, listed } from '../../ui/words.ts'
import { HelpLink } from '../help/help-link.tsx'
import { queryClient, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'
import './people.css'
import { RemoveImported } from './remove.tsx'
import { Review } from './review.tsx'

/** A file as it was when it was chosen: saved is what was looked at, whatever happens to it meanwhile. */
type Chosen = { name: string; bytes: Blob }
const asBytes = async (file: File): Promise<Chosen> => ({
  name: file.name,
  bytes: new Blob([await file.arrayBuffer()], { type: 'application/octet-stream' }),
})

export function StaffListPage() {
  const { id, can } = useSite()
  const [removing, { open, close }] = useDisclosure(false)
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const send = (file: Chosen, dryRun: boolean) =>
    api.upload<ListReply>(`/sites/${id}/employees/import`, { dryRun }, file.bytes)
  const look = useMutation({
    async mutationFn(file: File) {
      setChosen(null)
      const read = await asBytes(file)
      const reply = await send(read, true)
      setChosen(read)
      return reply
    },
  })
  const save = useMutation({
    mutationFn: () => send(chosen!, false),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: siteKey(id, 'people') }),
  })
  const choose = (file: File | null) => {
    if (file === null) return
    save.reset()
    look.mutate(file)
  }
  const back = (
    <Link key="staff" to="/sites/$site/staff" params={{ site: id }}>
      Staff
    </Link>
  )
  if (!can('people.write'))
    return (
      <>
        <PageHead title="Your own staff list" crumbs={[back]} />
        <p className="q">Uploading a list needs the right to change people. Ask an administrator.</p>
      </>
    )
  return (
    <>
      <PageHead
        title="Your own staff list"
        crumbs={[back]}
        lead="For staff who are not in the MIS, or a school that keeps its own list. Nothing is stored before you save."
      />
      <HelpLink about="own-list">Keeping your own list instead of the MIS’s</HelpLink>
      <div className="two list-page">
        <div className="stack">
          {save.data ? (
            <Saved reply={save.data} onAgain={choose} />
          ) : (
            <Drop onChoose={choose} again={chosen?.name ?? null} busy={look.isPending} />
          )}
          {look.isPending && <Loading rows={8} label="Reading the file" />}
          {look.error && <Problem title="Nothing was stored." error={look.error} />}
          {save.error && <Problem title="Nothing was stored." error={save.error} />}
          {chosen && look.data && !look.isPending && (
            <Review
              reply={save.data ?? look.data}
              saved={save.data !== undefined}
              saving={save.isPending}
              onSave={() => save.mutate()}
            />
          )}
        </div>
        <aside className="stack list-side">
          <Columns />
          <section>
            <h2>Leaving the MIS’s staff behind</h2>
            <p className="q">
              If you keep this list instead of the MIS’s, remove the imported staff first. Those who stand on
              your list come back as the same records.
            </p>
            <Button variant="default" data-danger onClick={open} mt={10}>
              Remove all imported staff…
            </Button>
          </section>
        </aside>
      </div>
      {removing && <RemoveImported onClose={close} />}
    </>
  )
}

type DropProps = { onChoose: (file: File | null) => void; again: string | null; busy: boolean }

function Drop({ onChoose, again, busy }: DropProps) {
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    onChoose(event.dataTransfer.files[0] ?? null)
  }
  return (
    <section
      className={over ? 'drop over' : 'drop'}
      aria-label="Choose a file"
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <IconFileSpreadsheet size={28} stroke={1.5} aria-hidden />
      <p className="grow">
        {again === null ? (
          <>
            <b>Drop a CSV or Excel file here</b>, or choose one. You see what it would do before anything
            changes.
          </>
        ) : (
          <b className="drop-name">{again}</b>
        )}
      </p>
      <Choose onChoose={onChoose} busy={busy} label={again === null ? 'Choose a file' : 'Choose another'} />
    </section>
  )
}

function Choose({
  onChoose,
  label,
  busy,
}: {
  onChoose: DropProps['onChoose']
  label: string
  busy?: boolean
}) {
  return (
    <FileButton accept=".csv,.tsv,.txt,.xlsx,text/csv" onChange={onChoose}>
      {(props) => (
        <Button {...props} variant="default" loading={busy ?? false} leftSection={<IconUpload size={16} />}>
          {label}
        </Button>
      )}
    </FileButton>
  )
}

function Saved({ reply: { counts }, onAgain }: { reply: ListReply; onAgain: DropProps['onChoose'] }) {
  const { id } = useSite()
  const done = [
    counts.new > 0 && `${counts.new} added`,
    counts.changed > 0 && `${counts.changed} changed`,
    counts.unchanged > 0 && `${counts.unchanged} as they were`,
  ].filter((word) => word !== false)
  return (
    <section className="drop" role="status">
      <p className="grow">
        <b>Saved: {done.length === 0 ? 'nothing changed' : listed(done)}.</b>{' '}
        {counts.refused > 0 && `${count(counts.refused, 'line')} could not be taken; they stand below.`}
      </p>
      <Choose onChoose={onAgain} label="Upload another" />
      <Button component={Link} to="/sites/$site/staff" params={{ site: id } as never}>
        See the staff
      </Button>
    </section>
  )
}

const meanings: Record<(typeof listColumns)[number], string> = {
  forename: 'or surname: one of them is needed',
  surname: '',
  email: 'by which somebody is known again',
  phone: '',
  vehicle: 'the registration',
  workingDays: 'Mon-Fri, or Mon Wed Fri',
}

function Columns() {
  const template = () => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([listTemplate], { type: 'text/csv;charset=utf-8' }))
    link.download = 'staff.csv'
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  }
  return (
    <section>
      <h2>What the file holds</h2>
      <p className="q">One person a line under these heads, in any order. An empty cell changes nothing.</p>
      <dl className="kv list-columns">
        {listColumns.map((column) => (
          <div key={column}>
            <dt>{column}</dt>
            <dd className="q sm">{meanings[column]}</dd>
          </div>
        ))}
      </dl>
      <Button variant="default" leftSection={<IconDownload size={16} />} onClick={template} mt={10}>
        Download an empty list
      </Button>
    </section>
  )
}
