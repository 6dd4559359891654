/** What stands in a cluster's postmaster.pid, and whether it is true. */
import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

export type OwnerKind = 'server' | 'admin'

export type Postmaster = {
  pid: number
  socketDir: string
  ready: boolean
  /** Who started it, if that process is still its parent; null when it has been left behind. */
  owner: { kind: OwnerKind; pid: number } | null
}

/** The setting on the postmaster's own command line that says who started it; it cannot outlive or lag it. */
export const ownerSetting = (kind: OwnerKind): string => `erb.owner=${kind}:${process.pid}`

/** The live postmaster of this cluster (a real path). A stale file, or a pid that now is another program's, is none. */
export function findPostmaster(clusterDir: string): Postmaster | null {
  const lines = readLines(join(clusterDir, 'postmaster.pid'))
  const pid = Number(lines?.[0])
  if (lines === null || !Number.isInteger(pid) || pid < 1) return null
  const found = lookAtProcess(pid)
  if (found === null || !found.words.includes('postgres')) return null
  if (found.cwd === null ? !found.words.includes(clusterDir) : found.cwd !== clusterDir) return null
  const owner = /erb\.owner=(server|admin):(\d+)/.exec(found.words)
  return {
    pid,
    socketDir: lines[4] ?? '',
    ready: lines[7]?.startsWith('ready') ?? false,
    owner:
      owner !== null && Number(owner[2]) === found.parent
        ? { kind: owner[1] as OwnerKind, pid: found.parent }
        : null,
  }
}

/** True once this very process has finished its start, recovery included. */
export function isReady(clusterDir: string, pid: number): boolean {
  const lines = readLines(join(clusterDir, 'postmaster.pid'))
  return lines !== null && Number(lines[0]) === pid && (lines[7]?.startsWith('ready') ?? false)
}

/** Tells a process from a later one with the same number; null if there is none (or only a zombie). */
export function processIdentity(pid: number): string | null {
  if (process.platform === 'linux') {
    const stat = readStat(pid)
    return stat === null || stat.state === 'Z' ? null : `${pid}-${stat.startedAt}`
  }
  try {
    process.kill(pid, 0)
    return String(pid)
  } catch {
    return null
  }
}

type Process = { parent: number; words: string; cwd: string | null }

function lookAtProcess(pid: number): Process | null {
  if (process.platform !== 'linux') return lookByPs(pid)
  const stat = readStat(pid)
  // A zombie answers kill(pid, 0), and under an init that reaps nobody it does so for ever.
  if (stat === null || stat.state === 'Z') return null
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    let cwd: string | null = null
    try {
      cwd = readlinkSync(`/proc/${pid}/cwd`)
    } catch {
      // Another account's process: its command line has to do.
    }
    return { parent: stat.parent, words, cwd }
  } catch {
    return null
  }
}

function readStat(pid: number): { state: string; parent: number; startedAt: string } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in the brackets may itself hold blanks and brackets.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', parent: Number(fields[1]), startedAt: fields[19] ?? '' }
  } catch {
    return null
  }
}

function lookByPs(pid: number): Process | null {
  try {
    const line = execFileSync('ps', ['-ww', '-o', 'state=,ppid=,command=', '-p', String(pid)], {
      encoding: 'utf8',
    })
    const match = /^(\S+)\s+(\d+)\s+(.*)$/.exec(line.trim())
    if (match === null || match[1]?.startsWith('Z')) return null
    return { parent: Number(match[2]), words: match[3] ?? '', cwd: null }
  } catch {
    return null
  }
}

function readLines(path: string): string[] | null {
  try {
    return readFileSync(path, 'utf8').split('\n')
  } catch {
    return null
  }
}
