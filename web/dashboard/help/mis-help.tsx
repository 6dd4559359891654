/** `/help/mis`: every question about the MIS link on one page, for anybody, before and after buying. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { MisHelp } from '../../../shared/licences.ts'
import { Loading, PageHead, Problem } from '../../ui/page.tsx'
import { answers } from './answers.tsx'
import './help.css'
import { MisTable } from './mis-table.tsx'
import { misHelpQuery } from './query.ts'

const more = [
  { id: 'which-mis', question: 'Which MIS can be read and written?' },
  { id: 'price', question: 'What does it cost?' },
  { id: 'ask', question: 'Who else can I ask?' },
]

export function MisHelpPage() {
  const help = useQuery(misHelpQuery)
  const ready = !help.isPending
  // What the address points at is there only once the table above or below it is.
  useEffect(() => {
    if (ready) document.getElementById(window.location.hash.slice(1))?.scrollIntoView()
  }, [ready])
  return (
    <div className="help">
      <p className="help-home">
        <Link to="/">e-Reception Book</Link>
      </p>
      <main>
        <PageHead
          title="Help with the MIS link"
          lead="How people come from your MIS and marks go back to it, and what to do when something is not as it should be."
        />
        <div className="help-body">
          <nav aria-label="Questions">
            <ul>
              {[...answers, ...more].map(({ id, question }) => (
                <li key={id}>
                  <a href={`#${id}`}>{question}</a>
                </li>
              ))}
            </ul>
          </nav>
          <article>
            {answers.map(({ id, question, answer }) => (
              <section key={id} id={id}>
                <h2>{question}</h2>
                {answer}
              </section>
            ))}
            {help.isPending && <Loading rows={10} />}
            {help.error && <Problem error={help.error} onRetry={() => void help.refetch()} />}
            {help.data && <Known help={help.data} />}
          </article>
        </div>
      </main>
    </div>
  )
}

const phases = {
  primary: 'A primary school',
  secondary: 'A secondary school',
  'all-through': 'An all-through school',
}
const pounds = (amount: string) => `£${amount.replace(/\.00$/, '')}`

function Known({ help }: { help: MisHelp }) {
  const { email, url } = help.support
  return (
    <>
      <section id="which-mis">
        <h2>Which MIS can be read and written?</h2>
        <p>
          “Not proven” is used and watched: the first mark that is seen in your MIS proves it, and a test mark
          proves it beforehand.
        </p>
        <MisTable table={help} />
      </section>
      <section id="price">
        <h2>What does it cost?</h2>
        <p>
          MIS integration is an option of the Education edition. It can be ordered at any time, runs for
          twelve months from the day you choose, and when it ends nothing is deleted.
        </p>
        <dl className="kv">
          {help.prices.map(({ phase, amount }) => (
            <div key={phase}>
              <dt>{phases[phase]}</dt>
              <dd className="num">{pounds(amount)} + VAT for 12 months</dd>
            </div>
          ))}
        </dl>
      </section>
      <section id="ask">
        <h2>Who else can I ask?</h2>
        {email === null && url === null ? (
          <p>Ask whoever runs the reception book at your school or trust.</p>
        ) : (
          <p>
            {email !== null && <a href={`mailto:${email}`}>{email}</a>}
            {email !== null && url !== null && ' or '}
            {url !== null && <a href={url}>{url}</a>}
          </p>
        )}
      </section>
    </>
  )
}
