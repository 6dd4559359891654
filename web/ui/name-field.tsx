/** The field over a list that finds a name in it. */
import { TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'

export function NameField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <TextInput
      aria-label="Name"
      placeholder="Name"
      leftSection={<IconSearch size={16} />}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
