/** The one door to the state: whatever happens is written to the journal first, then done. */
import { makeWorld, type World } from '../world/world.ts'
import { type Event, happen, type Outcome } from './events.ts'
import { type Journal, noJournal, openJournal } from './journal.ts'

export type Store = {
  readonly world: World
  record(event: Event): Outcome
  /** Everything as it was at the first start, with this seed or the one it has. */
  reset(seed: string | undefined): void
  close(): void
}

/** Opens what a folder holds, else begins with `seed`. A folder that has a state keeps its own seed. */
export function openStore({ folder, seed }: { folder: string | null; seed: string }): Store {
  const journal: Journal = folder === null ? noJournal : openJournal(folder)
  let world = makeWorld(journal.stored?.seed ?? seed)
  if (journal.stored === null) journal.restart(seed)
  for (const event of journal.stored?.events ?? []) happen(world, event)
  return {
    get world() {
      return world
    },
    record(event) {
      journal.append(event)
      return happen(world, event)
    },
    reset(next) {
      const seed = next ?? world.seed
      journal.restart(seed)
      world = makeWorld(seed)
    },
    close: () => journal.close(),
  }
}
