/** What this device keeps (IndexedDB): the home as last known, the directory, and the movements not yet delivered. */
import type { KioskHome } from '../../shared/kiosks.ts'
import { canSeal, isSealed, newKey, seal, unseal } from './seal.ts'
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

/** The key of this device, made once; of two tabs that make one at a time the first wins. Null where none can be. */
async function theKey(): Promise<CryptoKey | null> {
  if (!canSeal()) return null
  const known = await within<CryptoKey>(['facts'], 'readonly', (tx) => tx.objectStore('facts').get('key'))
  if (known !== undefined) return known
  const made = await newKey()
  const first = await within<CryptoKey>(['facts'], 'readwrite', (tx) => {
    const facts = tx.objectStore('facts')
    const there = facts.get('key')
    there.addEventListener('success', () => {
      if (there.result === undefined) facts.put(made, 'key')
    })
    return there
  })
  return first ?? made
}

async function sealed(value: unknown): Promise<unknown> {
  const key = await theKey()
  return key === null ? value : await seal(key, value)
}

/** Undefined where it was sealed with a key that went when the device was unpaired: nobody can read it now. */
async function unsealed<T>(value: unknown): Promise<T | undefined> {
  if (!isSealed(value)) return value as T
  const key = (await theKey())!
  try {
    return (await unseal(key, value)) as T
  } catch (error) {
    if (error instanceof DOMException && error.name === 'OperationError') return undefined
    throw error
  }
}

/** Names are never kept where they cannot be sealed; such a page could not start without a network anyway. */
export async function keep<Key extends keyof Facts>(key: Key, value: Facts[Key]): Promise<void> {
  if (key === 'directory' && !canSeal()) return
  const safe = await sealed(value)
  await within(['facts'], 'readwrite', (tx) => tx.objectStore('facts').put(safe, key))
}

export async function recall<Key extends keyof Facts>(key: Key): Promise<Facts[Key] | undefined> {
  const found = await within<unknown>(['facts'], 'readonly', (tx) => tx.objectStore('facts').get(key))
  return found === undefined ? undefined : await unsealed<Facts[Key]>(found)
}

/** Everything goes, the key too: what a device that is no longer paired may know is nothing. */
export async function forgetAll(): Promise<void> {
  await within(stores, 'readwrite', (tx) => {
    for (const store of stores) tx.objectStore(store).clear()
    return undefined
  })
}

async function put(entry: unknown): Promise<void> {
  await within(['outbox'], 'readwrite', (tx) => {
    const request = tx.objectStore('outbox').add(entry)
    request.addEventListener('error', (event) => {
      if (request.error?.name !== 'ConstraintError') return
      event.preventDefault()
      event.stopPropagation()
    })
    return undefined
  })
}

const isFull = (error: unknown) => error instanceof DOMException && error.name === 'QuotaExceededError'

let gaveUp = false

/** Once after the names made room for a movement: they are to be had again. */
export function namesWereGivenUp(): boolean {
  const was = gaveUp
  gaveUp = false
  return was
}

/** A full disk: what was refused makes room first, then the names, which come back where that did not help. */
async function putInRoomOfOthers(entry: unknown): Promise<void> {
  await within(['refused'], 'readwrite', (tx) => tx.objectStore('refused').clear())
  try {
    return await put(entry)
  } catch (error) {
    if (!isFull(error)) throw error
  }
  const facts = <T>(work: (store: IDBObjectStore) => IDBRequest<T>) =>
    within(['facts'], 'readwrite', (tx) => work(tx.objectStore('facts')))
  const names = await facts((store) => store.get('directory'))
  await facts((store) => store.delete('directory'))
  try {
    await put(entry)
    gaveUp = names !== undefined
  } catch (error) {
    if (names !== undefined) await facts((store) => store.put(names, 'directory')).catch(() => undefined)
    throw error
  }
}

/** The movements not yet delivered, oldest first. The same movement twice stays one. */
export const waiting = {
  async add(command: Command): Promise<void> {
    const body = await sealed(command)
    // Its id stays open: it names nobody, and makes the same movement one.
    const entry = isSealed(body) ? { id: command.id, ...body } : command
    try {
      await put(entry)
    } catch (error) {
      if (!isFull(error)) throw error
      await putInRoomOfOthers(entry)
    }
  },
  async first(): Promise<Waiting | null> {
    for (;;) {
      const cursor = await within(['outbox'], 'readonly', (tx) => tx.objectStore('outbox').openCursor())
      if (!cursor) return null
      const place = cursor.key as number
      const command = await unsealed<Command>(cursor.value)
      if (command !== undefined) return { place, command }
      await waiting.remove(place)
    }
  },
  async count(): Promise<number> {
    return (await within(['outbox'], 'readonly', (tx) => tx.objectStore('outbox').count())) ?? 0
  },
  async remove(place: number): Promise<void> {
    await within(['outbox'], 'readwrite', (tx) => tx.objectStore('outbox').delete(place))
  },
  /** Refused for good: out of the way of those behind it, in one step, and the latest of them kept. */
  async setAside({ place, command }: Waiting, why: string): Promise<void> {
    const safe = await sealed({ command, why })
    await within(['outbox', 'refused'], 'readwrite', (tx) => {
      tx.objectStore('outbox').delete(place)
      const refused = tx.objectStore('refused')
      const added = refused.add(safe)
      added.addEventListener('success', () => {
        const last = (added.result as number) - mostRefused
        if (last > 0) refused.delete(IDBKeyRange.upperBound(last))
      })
      return undefined
    })
  },
}
