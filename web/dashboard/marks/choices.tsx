/** The buttons of a mark that needs a person. */
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { WriteBack } from '../../../shared/attendance.ts'
import { CodeTile } from '../../ui/marks.tsx'
import { useCodeMeaning, useSite } from '../site.tsx'
import { useSettle } from './act.ts'
import { choicesFor, fixPage } from './words.ts'

/** `quiet`: none of them stands out, for where many stand together. */
type ChoicesProps = { mark: WriteBack; person: string; small?: boolean; quiet?: boolean }

export function Choices({ mark, person, small, quiet }: ChoicesProps) {
  const { path, can, live } = useSite()
  const meaning = useCodeMeaning()
  const settle = useSettle()
  const fix = fixPage(mark)
  const mayFix = fix && can(fix.to.startsWith('settings') ? 'settings.write' : 'mis.read')
  return (
    <div className="choices">
      {mayFix && (
        <Button
          component={Link}
          to={`${path}/${fix.to}`}
          size={small ? 'sm' : 'md'}
          variant={quiet ? 'default' : 'filled'}
        >
          {fix.label}
        </Button>
      )}
      {choicesFor(mark).map((choice) => (
        <Button
          key={choice.act}
          size={small ? 'sm' : 'md'}
          variant={choice.primary && !mayFix && !quiet ? 'filled' : 'default'}
          disabled={!live.live}
          loading={settle.isPending && settle.variables.act === choice.act}
          onClick={() => settle.mutate({ marks: [mark.id], act: choice.act })}
          rightSection={
            choice.code && <CodeTile code={choice.code} meaning={meaning(choice.code)} size="little" />
          }
        >
          {choice.label}
          <span className="hidden"> for {person}</span>
        </Button>
      ))}
    </div>
  )
}
