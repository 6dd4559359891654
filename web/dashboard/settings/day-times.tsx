/** The clock times of one day: when it starts, breaks and ends, and both registers. Errors stand at their field. */
import { TextInput } from '@mantine/core'
import type { SchoolDay } from '../../../shared/sites.ts'

type Times = Omit<SchoolDay, 'days'>
type DayTimesProps<T extends Times> = {
  value: T
  onChange: (value: T) => void
  /** by field, such as `am.closesAt` */
  errors: Record<string, string>
  disabled: boolean
}

const registers = { am: 'Morning register', pm: 'Afternoon register' }
const windows = { opensAt: 'Opens', endsAt: 'Late from', closesAt: 'Closes' }

export function DayTimes<T extends Times>({ value, onChange, errors, disabled }: DayTimesProps<T>) {
  return (
    <>
      <div className="times">
        <TextInput
          label="The day starts"
          value={value.startsAt}
          disabled={disabled}
          error={errors['startsAt']}
          onChange={(event) => onChange({ ...value, startsAt: event.currentTarget.value })}
        />
        <TextInput
          label="Lunch starts"
          placeholder="None"
          value={value.lunchStartsAt ?? ''}
          disabled={disabled}
          error={errors['lunchStartsAt']}
          onChange={(event) => onChange({ ...value, lunchStartsAt: event.currentTarget.value || null })}
        />
        <TextInput
          label="The day ends"
          value={value.endsAt}
          disabled={disabled}
          error={errors['endsAt']}
          onChange={(event) => onChange({ ...value, endsAt: event.currentTarget.value })}
        />
      </div>
      {(['am', 'pm'] as const).map((name) => (
        <fieldset key={name}>
          <legend className="m">{registers[name]}</legend>
          <div className="times">
            {(['opensAt', 'endsAt', 'closesAt'] as const).map((field) => (
              <TextInput
                key={field}
                label={windows[field]}
                placeholder="HH:MM"
                value={value[name][field]}
                disabled={disabled}
                error={errors[`${name}.${field}`]}
                onChange={(event) =>
                  onChange({ ...value, [name]: { ...value[name], [field]: event.currentTarget.value } })
                }
              />
            ))}
          </div>
        </fieldset>
      ))}
    </>
  )
}
