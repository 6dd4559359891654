/** *Remove all imported employees*: for a school that keeps a list of its own (contract §3.3). */
import type { App } from '../app.ts'
import { lockFor, wake } from '../core/db/db.ts'
import { AppError } from '../core/errors.ts'
import { keepOutAll, listImported } from '../imports/selection.ts'

/**
 * Archives every employee that came from the MIS and turns the whole kind red, so that no import brings them back nor
 * others. `confirmCount` is the number the person saw; another number changes nothing. Nobody left: 0.
 */
export async function archiveImported(app: App, siteId: string, confirmCount: number): Promise<number> {
  return await app.db.write(siteId, async (tx) => {
    await lockFor(tx, 'import')
    const { length } = await listImported(tx, 'employee')
    if (length > 0 && length !== confirmCount) {
      const wrong = `there are ${length} imported employees, not ${confirmCount}; nothing was changed`
      throw new AppError(
        409,
        'people.other_count',
        `confirmCount: ${wrong}. If all ${length} are meant, say ${length}.`,
        {
          fields: { confirmCount: wrong },
        },
      )
    }
    const archived = await keepOutAll(tx, 'employee', app.clock.now())
    for (const what of ['people', 'imports']) wake(tx, 'changed', `${siteId}:${what}`)
    return archived
  })
}
