/** What every page is made of: its head, its tabs, and what it shows while empty, loading or broken. */
import { Button, Skeleton } from '@mantine/core'
import { useTimeout } from '@mantine/hooks'
import { IconAlertTriangle, IconChevronRight, IconRefresh } from '@tabler/icons-react'
import { Fragment, type ReactNode, useEffect, useState } from 'react'
import { Fault, NoNetwork } from '../api.ts'

type PageHeadProps = {
  title: string
  lead?: ReactNode
  crumbs?: ReactNode[]
  actions?: ReactNode
}

/** The page's one h1; it takes the focus when the page changes, so that a screen reader hears where it is. */
export function PageHead({ title, lead, crumbs, actions }: PageHeadProps) {
  useEffect(() => {
    document.title = `${title} · e-Reception Book`
  }, [title])
  return (
    <header className="top">
      <div className="grow">
        {crumbs && (
          <nav className="crumb" aria-label="Where this is">
            {crumbs.map((crumb, i) => (
              <Fragment key={i}>
                {i > 0 && <IconChevronRight size={14} aria-hidden />}
                {crumb}
              </Fragment>
            ))}
          </nav>
        )}
        <h1 tabIndex={-1}>{title}</h1>
        {lead && <p className="num">{lead}</p>}
      </div>
      {actions && <div className="acts">{actions}</div>}
    </header>
  )
}

type SegProps<T extends string> = {
  label: string
  value: T
  onChange: (value: T) => void
  items: { value: T; label: string; count?: number | undefined }[]
}

export function Seg<T extends string>({ label, value, onChange, items }: SegProps<T>) {
  return (
    <div className="seg" role="group" aria-label={label}>
      {items.map((item) => (
        <button
          key={item.value}
          type="button"
          aria-pressed={item.value === value}
          onClick={() => onChange(item.value)}
        >
          {item.label}
          {item.count !== undefined && <span className="n">{item.count.toLocaleString('en-GB')}</span>}
        </button>
      ))}
    </div>
  )
}

export function Empty({
  title,
  children,
  action,
}: {
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action && <div className="row wrap">{action}</div>}
    </div>
  )
}

/** Nothing for 300 ms, then quiet bars at real height. */
export function Loading({ rows = 8, label = 'Loading' }: { rows?: number; label?: string }) {
  const [shown, setShown] = useState(false)
  useTimeout(() => setShown(true), 300, { autoInvoke: true })
  if (!shown) return <div aria-busy="true" style={{ minHeight: rows * 43 }} />
  return (
    <div className="bars" aria-busy="true">
      <span className="hidden" role="status">
        {label}
      </span>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i}>
          <Skeleton height={12} width={`${[62, 48, 71, 55][i % 4]}%`} radius="sm" />
        </div>
      ))}
    </div>
  )
}

/** What went wrong, what is safe, what to do. */
export function inWords(error: unknown): string {
  if (error instanceof NoNetwork) return 'No network. What you typed is still here; try again in a moment.'
  if (error instanceof Fault) return error.message
  return 'This page could not be shown. Nothing was changed.'
}

export function Problem({ error, onRetry, title }: { error: unknown; onRetry?: () => void; title?: string }) {
  return (
    <div className="note red" role="alert">
      <IconAlertTriangle aria-hidden />
      <div className="grow">
        {title && <b>{title} </b>}
        {inWords(error)}
      </div>
      {onRetry && (
        <Button variant="default" size="sm" leftSection={<IconRefresh size={16} />} onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  )
}
