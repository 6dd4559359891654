/** From where a question arises to its answer on `/help/mis`. */
import { IconHelpCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Answer } from './answers.tsx'

export function HelpLink({ about, children }: { about: Answer; children: string }) {
  return (
    <p className="help-link sm">
      <Link to="/help/mis" hash={about}>
        <IconHelpCircle size={18} aria-hidden /> {children}
      </Link>
    </p>
  )
}
