/**
 * The queue of movements on this device: written down before the pupil is thanked, sent in order, gone only once the
 * server has it. A command that is refused is the office's to see (the server kept it) and the queue moves on. Two
 * tabs never send at once.
 */
import { type Command, Later, Refused, send, Unpaired } from './wire.ts'

const database = 'erb-kiosk'
const store = 'outbox'

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(database, 1)
    request.addEventListener('upgradeneeded', () =>
      request.result.createObjectStore(store, { autoIncrement: true }),
    )
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('no storage')))
  })
}

async function run<T>(
  mode: IDBTransactionMode,
  work: (objects: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const db = await open()
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = db.transaction(store, mode, { durability: 'strict' })
      const request = work(transaction.objectStore(store))
      transaction.addEventListener('complete', () => resolve(request.result))
      transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('not stored')))
    })
  } finally {
    db.close()
  }
}

export const put = (command: Command) => run('readwrite', (objects) => objects.add(command))
export const waiting = () => run('readonly', (objects) => objects.count())
export const forget = () => run('readwrite', (objects) => objects.clear())

async function first(): Promise<{ key: IDBValidKey; command: Command } | null> {
  const [key] = await run('readonly', (objects) => objects.getAllKeys(null, 1))
  if (key === undefined) return null
  return { key, command: await run('readonly', (objects) => objects.get(key) as IDBRequest<Command>) }
}

export type Delivered = 'empty' | 'later' | 'unpaired'

/** Sends what waits, oldest first, until none is left or the network is away. */
export async function deliver(): Promise<Delivered> {
  const work = async (): Promise<Delivered> => {
    for (;;) {
      const next = await first()
      if (next === null) return 'empty'
      try {
        await send(next.command)
      } catch (error) {
        if (error instanceof Unpaired) return 'unpaired'
        if (error instanceof Later) return 'later'
        if (!(error instanceof Refused)) throw error
      }
      await run('readwrite', (objects) => objects.delete(next.key))
    }
  }
  if (!('locks' in navigator)) return await work()
  return await navigator.locks.request('erb-kiosk-outbox', work)
}
