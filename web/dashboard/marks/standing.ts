/** What is true of the marks that need nobody: in the MIS, on their way, waiting, or kept here because none can go. Pure. */
import type { Connection } from '../../../shared/mis.ts'
import type { Licence } from '../../../shared/sites.ts'
import { count } from '../../ui/words.ts'

export type Standing = {
  /** under the page's title */
  lead: string
  /** said while nothing needs anybody */
  title: string
  words: string
  page: { to: string; label: string } | null
}
type Known = {
  licence: Licence['misIntegration']['state']
  connection: Pick<Connection, 'mis' | 'state' | 'capabilities'> | null
  onTheirWay: number
}

const nothing = 'Nothing here sorts itself out.'
const mend = { to: 'mis', label: 'The MIS page' }

/** The first that fits: no licence, no link, a MIS that takes none, a link that is down, marks on their way. */
export function standingOf({ licence, connection, onTheirWay }: Known): Standing {
  const mis = connection?.mis ?? 'the MIS'
  const kept = (why: string, words: string, page: Standing['page']): Standing => ({
    lead: `${nothing} ${why}, so no other mark goes there: they are kept here.`,
    title: 'No mark needs you.',
    words: `${why}, so none goes to ${mis}. ${words}`,
    page,
  })
  if (licence !== 'active')
    return kept(
      licence === 'lapsed' ? 'MIS integration has ended' : 'MIS integration isn’t active',
      `Until it is, enter each mark in ${mis} by hand; Reports has the list.`,
      { to: 'mis/licence', label: 'The licence page' },
    )
  if (connection === null)
    return kept('No MIS is linked', 'Link it, and marks go by themselves from then on.', mend)
  if (connection.capabilities.sessionMark === 'no')
    return kept(`${mis} takes no marks from us`, `Enter each mark in ${mis} by hand; Reports has the list.`, {
      to: 'mis',
      label: `What ${mis} takes`,
    })
  if (connection.state === 'unauthorised' || connection.state === 'revoked')
    return kept(
      `${mis} doesn’t let us in any more`,
      'Mend the link, and the marks of today go by themselves.',
      mend,
    )
  if (connection.state !== 'connected')
    return {
      lead: `${nothing} ${mis} isn’t answering; everything else waits here and goes by itself.`,
      title: 'No mark needs you.',
      words: `${mis} isn’t answering. ${count(onTheirWay, 'mark')} ${onTheirWay === 1 ? 'waits' : 'wait'} here and ${onTheirWay === 1 ? 'goes' : 'go'} by ${onTheirWay === 1 ? 'itself' : 'themselves'}.`,
      page: mend,
    }
  return {
    lead: `${nothing} Everything else is on its way or already in ${mis}.`,
    title: onTheirWay === 0 ? `Every mark is in ${mis}.` : 'No mark needs you.',
    words: onTheirWay === 0 ? '' : `${count(onTheirWay, 'mark')} on the way to ${mis}, the others are there.`,
    page: null,
  }
}
