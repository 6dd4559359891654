/** What the journeys share: processes started as a stranger would, and pages held against WCAG. */
import { AxeBuilder } from '@axe-core/playwright'
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'

export const root = join(import.meta.dirname, '../..')

/** Starts a script as a stranger would, and waits for a line that it prints. */
export async function start(
  script: string,
  env: Record<string, string>,
  line: RegExp,
): Promise<{ child: ChildProcess; said: RegExpMatchArray }> {
  const child = spawn('sh', [join(root, 'scripts/node.sh'), join(root, script)], {
    env: { ...process.env, ...env },
    cwd: root,
  })
  let output = ''
  const said = await new Promise<RegExpMatchArray>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      output += chunk.toString()
      const found = output.match(line)
      if (found !== null) resolve(found)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code}: ${output}`)))
  })
  return { child, said }
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill('SIGTERM')
  await new Promise((resolve) => child.once('exit', resolve))
}

export async function accessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`),
  ).toEqual([])
}
