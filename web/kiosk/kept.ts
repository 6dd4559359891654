/** What this device keeps (IndexedDB): the home as last known, the directory, and the movements not yet delivered. */
import type { KioskHome } from '../../shared/kiosks.ts'
import type { Command, Directory } from './wire.ts'

type Facts = { home: KioskHome; offset: number; directory: Directory }
export type Waiting = { place: number; command: Command }

const stores = ['facts', 'outbox', 'refused'] as const
type Store = (typeof stores)[number]
const mostRefused = 100

let opened: Promise<IDBDatabase> | null = null

function open(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('kiosk', 1)
    request.addEventListener('upgradeneeded', () => {
      const db = request.result
      db.createObjectStore('facts')
      db.createObjectStore('outbox', { autoIncrement: true }).createIndex('id', 'id', { unique: true })
      db.createObjectStore('refused', { autoIncrement: true })
    })
    request.addEventListener('success', () => {
      request.result.addEventListener('close', () => {
        opened = null
      })
      resolve(request.result)
    })
    request.addEventListener('error', () => reject(request.error ?? new Error('This browser keeps nothing.')))
  }).catch((error: unknown) => {
    opened = null
    throw error
  })
  return opened
}

/** Resolves when the transaction is on the disk, not before. */
async function within<T>(
  names: readonly Store[],
  mode: IDBTransactionMode,
  work: (tx: IDBTransaction) => IDBRequest<T> | undefined,
): Promise<T | undefined> {
  const db = await open()
  return await new Promise((resolve, reject) => {
    const tx = db.transaction(names, mode, { durability: 'strict' })
    const request = work(tx)
    tx.addEventListener('complete', () => resolve(request?.result))
    tx.addEventListener('abort', () => reject(tx.error ?? new Error('Not kept.')))
  })
}

export async function keep<Key extends keyof Facts>(key: Key, value: Facts[Key]): Promise<void> {
  await within(['facts'], 'readwrite', (tx) => tx.objectStore('facts').put(value, key))
}

export async function recall<Key extends keyof Facts>(key: Key): Promise<Facts[Key] | undefined> {
  return await within<Facts[Key]>(['facts'], 'readonly', (tx) => tx.objectStore('facts').get(key))
}

/** Everything goes: what a device that is no longer paired may know is nothing. */
export async function forgetAll(): Promise<void> {
  await within(stores, 'readwrite', (tx) => {
    for (const store of stores) tx.objectStore(store).clear()
    return undefined
  })
}

/** The movements not yet delivered, oldest first. The same movement twice stays one. */
export const waiting = {
  async add(command: Command): Promise<void> {
    await within(['outbox'], 'readwrite', (tx) => {
      const request = tx.objectStore('outbox').add(command)
      request.addEventListener('error', (event) => {
        if (request.error?.name !== 'ConstraintError') return
        event.preventDefault()
        event.stopPropagation()
      })
      return undefined
    })
  },
  async first(): Promise<Waiting | null> {
    const cursor = await within(['outbox'], 'readonly', (tx) => tx.objectStore('outbox').openCursor())
    return cursor ? { place: cursor.key as number, command: cursor.value as Command } : null
  },
  async count(): Promise<number> {
    return (await within(['outbox'], 'readonly', (tx) => tx.objectStore('outbox').count())) ?? 0
  },
  async remove(place: number): Promise<void> {
    await within(['outbox'], 'readwrite', (tx) => tx.objectStore('outbox').delete(place))
  },
  /** Refused for good: out of the way of those behind it, in one step, and the latest of them kept. */
  async setAside({ place, command }: Waiting, why: string): Promise<void> {
    await within(['outbox', 'refused'], 'readwrite', (tx) => {
      tx.objectStore('outbox').delete(place)
      const refused = tx.objectStore('refused')
      const added = refused.add({ command, why })
      added.addEventListener('success', () => {
        const last = (added.result as number) - mostRefused
        if (last > 0) refused.delete(IDBKeyRange.upperBound(last))
      })
      return undefined
    })
  },
}
