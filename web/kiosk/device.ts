/**
 * This device as a kiosk: whether it is paired, what it knows of its site, whether the server answers. The screens
 * read it with `useDevice`; a 401 on any call makes it forget everything (contract §3.6).
 */
import { useSyncExternalStore } from 'react'
import type { KioskHome } from '../../shared/kiosks.ts'
import { learned } from './clock.ts'
import * as kept from './kept.ts'
import { outbox } from './outbox.ts'
import { type Found, type Index, indexOf, search } from './search.ts'
import { type Command, Failure, findPeople, getDirectory, getHome, pairWith, sendMovement } from './wire.ts'

export type Device = {
  /** `silent`: never yet in contact, so it is not known whether this device is paired. */
  phase: 'starting' | 'silent' | 'unpaired' | 'ready'
  home: KioskHome | null
  reached: boolean
  waiting: number
  /** Whether names are found without a network. */
  directory: boolean
}

const beatMs = 60_000
const searchingMs = 10_000
const directoryMs = 10 * 60_000

let device: Device = { phase: 'starting', home: null, reached: true, waiting: 0, directory: false }
let offset: number | null = null
let index: Index | null = null
let directoryReadAt = Number.NEGATIVE_INFINITY
let nextBeat: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()
const tabs = new BroadcastChannel('kiosk')

function tell(news: 'paired' | 'forgotten'): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no target
  tabs.postMessage(news)
}

function set(change: Partial<Device>): void {
  device = { ...device, ...change }
  for (const listener of listeners) listener()
}

export function useDevice(): Device {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => device,
  )
}

/** The time as the server has it. */
export const now = (): number => Date.now() + (offset ?? 0)

const out = outbox({
  line: kept.waiting,
  send: sendMovement,
  // Only pages served over https or from this machine have locks; elsewhere the server takes the repeat as one.
  alone: async (work) =>
    navigator.locks ? await navigator.locks.request('kiosk-outbox', work) : await work(),
  onChange: () => void countWaiting(),
  onReached: (reached) => set({ reached }),
  onUnpaired: forget,
  onLost: lost,
})

async function countWaiting(): Promise<void> {
  set({ waiting: await kept.waiting.count() })
}

async function forget(): Promise<void> {
  clearTimeout(nextBeat)
  offset = null
  index = null
  directoryReadAt = Number.NEGATIVE_INFINITY
  set({ phase: 'unpaired', home: null, reached: true, waiting: 0, directory: false })
  await kept.forgetAll().catch(() => undefined)
  tell('forgotten')
}

/** What made this device known is gone, as after a crash: what it took is kept until it is paired again. */
function lost(): void {
  clearTimeout(nextBeat)
  index = null
  directoryReadAt = Number.NEGATIVE_INFINITY
  set({ phase: 'unpaired', home: null, reached: true, directory: false })
}

async function learn(home: KioskHome, asked: number): Promise<void> {
  offset = learned(offset, Date.parse(home.now), asked, Date.now())
  set({ phase: 'ready', home, reached: true })
  // A browser that keeps nothing still shows the page; what cannot be kept is said when it matters (record).
  await Promise.all([kept.keep('home', home), kept.keep('offset', offset)]).catch(() => undefined)
}

/** A directory that cannot be had now is asked for again at the next contact; the kiosk is no worse off without. */
async function readDirectory(): Promise<void> {
  if (kept.namesWereGivenUp()) directoryReadAt = Number.NEGATIVE_INFINITY
  if (Date.now() - directoryReadAt < directoryMs) return
  try {
    const known = index === null ? undefined : (await kept.recall('directory'))?.etag
    const fresh = await getDirectory(known)
    directoryReadAt = Date.now()
    if (fresh === null) return
    index = indexOf(fresh.people)
    set({ directory: true })
    await kept.keep('directory', fresh)
  } catch (error) {
    if (error instanceof Failure && error.verdict === 'unpaired') throw error
  }
}

/** One contact with the server: the clock, the reasons, the directory; then whatever waits is sent. */
export async function beat(): Promise<void> {
  clearTimeout(nextBeat)
  try {
    const asked = Date.now()
    await learn(await getHome(await kept.waiting.count().catch(() => 0)), asked)
    void out.deliver()
    await readDirectory()
  } catch (error) {
    if (error instanceof Failure && error.verdict === 'unpaired') return await forget()
    if (error instanceof Failure && error.verdict === 'lost') return lost()
    set({ reached: false, phase: device.phase === 'starting' ? 'silent' : device.phase })
  }
  clearTimeout(nextBeat)
  nextBeat = setTimeout(() => void beat(), device.reached ? beatMs : searchingMs)
}

/** What an earlier pairing left goes, unless it was with this school. Throws the failure, in words for the screen. */
export async function pair(code: string): Promise<void> {
  const asked = Date.now()
  const home = await pairWith(code)
  const before = await kept.recall('home').catch(() => undefined)
  if (before?.site.id !== home.site.id) await kept.forgetAll().catch(() => undefined)
  await learn(home, asked)
  await navigator.storage?.persist?.().catch(() => false)
  tell('paired')
  void beat()
}

/** Resolves when the movement is safe: on this device, or, where the browser keeps nothing, at the server. */
export async function record(command: Command): Promise<void> {
  try {
    await out.add(command)
  } catch {
    await sendMovement(command)
  }
}

/** The people a text finds in the kept directory, at once; `null` where none is kept. */
export const findKept = (text: string): Found | null => (index === null ? null : search(index, text))

/** The people a text finds at the server; throws when it cannot answer. */
export async function findAtServer(text: string): Promise<Found> {
  try {
    const { data, more } = await findPeople(text)
    set({ reached: true })
    return { people: data, more }
  } catch (error) {
    if (error instanceof Failure && error.verdict === 'unpaired') await forget()
    else set({ reached: false })
    throw error
  }
}

/** Shows what is kept at once, then makes contact. Call once. */
export async function start(): Promise<void> {
  tabs.addEventListener('message', ({ data }) => {
    if (data === 'paired') void beat()
    if (data === 'forgotten' && device.phase === 'ready') location.reload()
  })
  addEventListener('online', () => {
    if (device.phase !== 'unpaired') void beat()
  })
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && device.phase !== 'unpaired') void beat()
  })
  try {
    const [home, difference, directory] = await Promise.all([
      kept.recall('home'),
      kept.recall('offset'),
      kept.recall('directory'),
    ])
    offset = difference ?? null
    if (directory) index = indexOf(directory.people)
    // What an older page kept says nothing of the day.
    const day = { startsAt: '00:00', endsAt: '24:00' }
    if (home) set({ phase: 'ready', home: { ...home, day: home.day ?? day }, directory: index !== null })
    await countWaiting()
  } catch {
    // Nothing kept, or nothing can be: the server says the rest.
  }
  await beat()
}
