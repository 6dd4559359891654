import { closeSync, copyFileSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs'

const limit = 5_000_000

/** PostgreSQL's own log: one file and one older one, whatever happens. */
export type ServerLog = {
  readonly fd: number
  /** Where it ends now; `since` gives what was said from there on. */
  mark(): number
  since(mark: number): string
  close(): void
}

export function openServerLog(path: string): ServerLog {
  const fd = openSync(path, 'a+', 0o600)
  const rotate = () => {
    // PostgreSQL holds the same file open for appending, so it is copied and emptied, not renamed.
    if (fstatSync(fd).size < limit) return
    copyFileSync(path, `${path}.1`)
    ftruncateSync(fd)
  }
  rotate()
  let closed = false
  const timer = setInterval(rotate, 600_000).unref()
  return {
    fd,
    mark: () => fstatSync(fd).size,
    since(mark) {
      const buffer = Buffer.alloc(Math.max(0, Math.min(fstatSync(fd).size - mark, 20_000)))
      return buffer.toString('utf8', 0, readSync(fd, buffer, 0, buffer.length, mark))
    },
    close() {
      if (closed) return
      closed = true
      clearInterval(timer)
      closeSync(fd)
    },
  }
}
