/** The small parts a mark is shown with: StatePill, CodeTile, ImportSwitch. */
import { Tooltip } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import type { Look } from './states.ts'

/** `about` is read before the word: "Mark: in the MIS". */
export function StatePill({ look, about, word }: { look: Look; about?: string; word?: string }) {
  const Icon = look.icon
  return (
    <span className={`st ${look.tone}${look.fill ? ' fill' : ''}`}>
      <Icon stroke={2} aria-hidden />
      <span>
        {about && <span className="hidden">{about}: </span>}
        {word ?? look.word}
      </span>
    </span>
  )
}

type CodeTileProps = { code: string; meaning?: string | undefined; size?: 'little' | 'big'; faint?: boolean }

/** The code's meaning is its tooltip and what a screen reader says; never shown on the kiosk. */
export function CodeTile({ code, meaning, size, faint }: CodeTileProps) {
  const tile = (
    <span className={`code${size ? ` ${size}` : ''}${faint ? ' faint' : ''}`}>
      <span aria-hidden={meaning !== undefined}>{code}</span>
      {meaning !== undefined && <span className="hidden">{`${code}, ${meaning}`}</span>}
    </span>
  )
  return meaning === undefined ? tile : <Tooltip label={meaning}>{tile}</Tooltip>
}

type ImportSwitchProps = {
  importing: boolean
  name: string
  onChange: (importing: boolean) => void
  disabled?: boolean
}

export function ImportSwitch({ importing, name, onChange, disabled }: ImportSwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      className="imp"
      aria-checked={importing}
      aria-label={`Import ${name}`}
      disabled={disabled}
      onClick={() => onChange(!importing)}
    >
      {!importing && <span className="knob" />}
      {importing ? <IconCheck stroke={2.6} aria-hidden /> : <IconX stroke={2.6} aria-hidden />}
      {importing ? 'Importing' : 'Not importing'}
      {importing && <span className="knob" />}
    </button>
  )
}
