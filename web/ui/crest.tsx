/** The school's shield in its colour, until it gives its own logo; and that colour for the page around it. */
import type { Phase } from '../../shared/sites.ts'

const marks: Record<string, string> = {
  primary:
    'M16 8c2.200 1 2.200 3 1.600 4 1.800-.6 3.400.6 3.200 2.600 1.800.4 2.200 2.600.6 4-1.200 1.200-3 1.600-4.600 1.400V27h-1.600v-7c-1.600.2-3.400-.2-4.600-1.400-1.600-1.400-1.200-3.600.6-4-.2-2 1.400-3.200 3.200-2.600-.6-1-.6-3 1.600-4z',
  secondary: 'M9 26V15a7 7 0 0 1 14 0v11h-4V15.500a3 3 0 0 0-6 0V26zM15.200 6h1.600v3h-1.600z',
  'all-through': 'M8 11c3.500-1.500 6-1 8 1 2-2 4.500-2.500 8-1v13c-3.500-1.500-6-1-8 1-2-2-4.500-2.500-8-1z',
}

/** Colours with white on the fill and the text colour on page both over 4.5:1, measured (details.md §2). */
const colours: Record<string, { fill: string; light: [string, string]; dark: [string, string] }> = {
  primary: { fill: '#1D5B45', light: ['#1D5B45', '#E4EFEA'], dark: ['#6FC3A2', '#17302A'] },
  secondary: { fill: '#7C2142', light: ['#7C2142', '#F6E8EE'], dark: ['#EE9CB6', '#381A26'] },
  'all-through': { fill: '#1F4E79', light: ['#1F4E79', '#E3EDF6'], dark: ['#8FC1EE', '#172A3C'] },
}

export function schoolColours(phase: Phase | string, dark: boolean): Record<string, string> {
  const found = colours[phase] ?? colours['primary']!
  const [school, tint] = dark ? found.dark : found.light
  return {
    '--school-fill': found.fill,
    '--school': school,
    '--school-t': tint,
    '--on-school': dark ? '#0E1117' : '#FFFFFF',
  }
}

export function Crest({ phase }: { phase: Phase | string }) {
  return (
    <svg className="crest" viewBox="0 0 32 36" aria-hidden="true">
      <path
        d="M1 5a4 4 0 0 1 4-4h22a4 4 0 0 1 4 4v15c0 8-7 13-15 15.500C8 33 1 28 1 20z"
        fill="var(--school)"
      />
      <path d={marks[phase] ?? marks['primary']} fill="var(--on-school)" />
    </svg>
  )
}
