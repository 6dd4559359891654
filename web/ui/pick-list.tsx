/** A field with its list always in view: type, arrows, Enter. Used for names and reasons, where speed matters. */
import { IconSearch } from '@tabler/icons-react'
import { type KeyboardEvent, type ReactNode, type RefObject, useId, useState } from 'react'
import './pick-list.css'

type PickListProps<T> = {
  label: string
  placeholder: string
  items: T[]
  text: string
  onText: (text: string) => void
  onPick: (item: T) => void
  keyOf: (item: T) => string
  show: (item: T) => ReactNode
  /** Said under the field when the list is empty. */
  none: ReactNode
  inputRef: RefObject<HTMLInputElement | null>
  busy?: boolean
  error?: string | undefined
}

export function PickList<T>(props: PickListProps<T>) {
  const id = useId()
  const [at, setAt] = useState(0)
  const current = Math.min(at, props.items.length - 1)
  const optionId = (i: number) => `${id}-${i}`
  function onKeyDown(event: KeyboardEvent) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) {
      event.preventDefault()
      setAt(Math.max(0, Math.min(props.items.length - 1, current + step)))
      document.getElementById(optionId(current + step))?.scrollIntoView({ block: 'nearest' })
    } else if (event.key === 'Enter') {
      event.preventDefault()
      const item = props.items[current]
      if (item !== undefined) props.onPick(item)
    }
  }
  return (
    <div className="pick">
      <label className="pick-label" htmlFor={`${id}-field`}>
        {props.label}
      </label>
      <div className="pick-field">
        <IconSearch size={18} aria-hidden />
        <input
          id={`${id}-field`}
          ref={props.inputRef}
          // A dialog gives its focus to this field and not to its Close button.
          data-autofocus
          role="combobox"
          aria-expanded={props.items.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={current >= 0 ? optionId(current) : undefined}
          aria-autocomplete="list"
          aria-invalid={props.error !== undefined}
          aria-describedby={props.error ? `${id}-error` : undefined}
          autoComplete="off"
          spellCheck={false}
          placeholder={props.placeholder}
          value={props.text}
          onChange={(event) => {
            setAt(0)
            props.onText(event.currentTarget.value)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      {props.error && (
        <p className="pick-error" id={`${id}-error`}>
          {props.error}
        </p>
      )}
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={props.label}
        className="pick-list"
        aria-busy={props.busy}
      >
        {props.items.map((item, i) => (
          <div
            key={props.keyOf(item)}
            id={optionId(i)}
            role="option"
            tabIndex={-1}
            aria-selected={i === current}
            onMouseMove={() => setAt(i)}
            onClick={() => props.onPick(item)}
            onKeyDown={() => {}}
          >
            {props.show(item)}
          </div>
        ))}
      </div>
      {props.items.length === 0 && <p className="pick-none">{props.none}</p>}
    </div>
  )
}
