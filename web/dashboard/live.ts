/**
 * The live stream: "something changed" makes what is on screen stale, and the screen reads again. While it is down the
 * pages stay, with the amber line saying from when they are.
 */
import { useEffect, useState, useSyncExternalStore } from 'react'
import { base } from '../api.ts'
import { queryClient, siteKey } from './queries.ts'

const stale: Record<string, string[]> = {
  movements: ['today', 'needs-you', 'movements', 'reports'],
  'write-backs': ['today', 'needs-you', 'movements', 'reports'],
  imports: ['today', 'imports', 'mis', 'people', 'mis-people', 'codes', 'reasons'],
  people: ['today', 'people', 'mis-people'],
  notices: ['today'],
  messages: ['messages'],
  kiosks: ['today', 'kiosks'],
  settings: ['today', 'settings', 'reasons', 'codes'],
  mis: ['today', 'mis', 'site', 'settings', 'reasons'],
}

export type LiveState = { live: boolean; asOf: number }

/** Makes stale at most every 250 ms: at nine o'clock there are many at once. */
function createStaler(site: string) {
  const waiting = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  return (topics: string[]) => {
    for (const topic of topics) waiting.add(topic)
    timer ??= setTimeout(() => {
      timer = undefined
      const now = [...waiting]
      waiting.clear()
      for (const topic of now) void queryClient.invalidateQueries({ queryKey: siteKey(site, topic) })
    }, 250)
  }
}

export function useLive(site: string): LiveState {
  const [state, setState] = useState<LiveState>({ live: true, asOf: Date.now() })
  useEffect(() => {
    const makeStale = createStaler(site)
    let source: EventSource | undefined
    let reopen: ReturnType<typeof setTimeout> | undefined
    let grace: ReturnType<typeof setTimeout> | undefined
    let wait = 1000
    let wasDown = false
    function down(at: number) {
      grace ??= setTimeout(() => {
        wasDown = true
        setState((before) => (before.live ? { live: false, asOf: at } : before))
      }, 2500)
    }
    function up() {
      clearTimeout(grace)
      grace = undefined
      wait = 1000
      if (wasDown) void queryClient.invalidateQueries({ queryKey: siteKey(site) })
      wasDown = false
      setState({ live: true, asOf: Date.now() })
    }
    function open() {
      source?.close()
      source = new EventSource(`${base}/sites/${site}/events`)
      source.addEventListener('open', up)
      source.addEventListener('message', (event: MessageEvent<string>) => {
        const { topic } = JSON.parse(event.data) as { topic: string }
        makeStale(stale[topic] ?? ['today'])
      })
      source.addEventListener('error', () => {
        down(Date.now())
        if (source?.readyState === EventSource.CLOSED) {
          clearTimeout(reopen)
          reopen = setTimeout(open, wait)
          wait = Math.min(wait * 2, 30_000)
        }
      })
    }
    open()
    const offline = () => down(Date.now())
    const online = () => open()
    window.addEventListener('offline', offline)
    window.addEventListener('online', online)
    return () => {
      source?.close()
      clearTimeout(reopen)
      clearTimeout(grace)
      window.removeEventListener('offline', offline)
      window.removeEventListener('online', online)
    }
  }, [site])
  return state
}

/* The server's clock, learnt from its answers: a desk whose clock is wrong still shows the school's time. */
let ahead = 0
const listeners = new Set<() => void>()
let shown = Date.now()

export function learnNow(instant: string, receivedAt: number): void {
  ahead = Date.parse(instant) - receivedAt
  tick()
}
function tick(): void {
  shown = Date.now() + ahead
  for (const listener of listeners) listener()
}
setInterval(tick, 5000)

export const serverNow = () => Date.now() + ahead

/** Now, by the server's clock, every five seconds. */
export function useNow(): number {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => shown,
  )
}
