import { expect, test } from 'vitest'
import { resourceNamed, faultKinds } from '../state/faults.ts'
import { startWorld } from '../testing.ts'

test('the page comes under a policy that lets nothing else in, and keeps to it', async () => {
  const { sandbox } = await startWorld()
  const page = await fetch(`${sandbox.url}/`)
  expect(page.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; script-src 'self'; style-src 'self';/,
  )
  const html = await page.text()
  expect(html).not.toMatch(/<script(?![^>]* src=)|<style| style=| on[a-z]+=/)
  const wanted = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!)
  const script = await (await fetch(`${sandbox.url}/page.js`)).text()
  wanted.push(...[...script.matchAll(/from '\.(\/[^']+)'/g)].map(([, path]) => path!))
  expect(wanted.length).toBeGreaterThan(4)
  for (const path of wanted) {
    const reply = await fetch(`${sandbox.url}${path}`)
    expect([reply.status, reply.headers.get('x-content-type-options')], path).toEqual([200, 'nosniff'])
  }
})

test('every part that the script speaks of is on the page', async () => {
  const { sandbox } = await startWorld()
  const html = await (await fetch(`${sandbox.url}/`)).text()
  const script = await (await fetch(`${sandbox.url}/page.js`)).text()
  const ids = new Set([...script.matchAll(/(?:\$|listen|fill)\('([\w-]+)'/g)].map(([, id]) => id!))
  expect(ids.size).toBeGreaterThan(20)
  for (const id of ids) expect(html).toContain(`id="${id}"`)
})

type Switch = { name: string; fault: { on: string; kind: string } }

test('every kind of fault has a switch', async () => {
  const file = new URL('faults.js', import.meta.url).href
  const { usual, more } = (await import(file)) as { usual: Switch[]; more: Switch[] }
  const switches = [...usual, ...more]
  expect(new Set(switches.map(({ fault }) => fault.kind))).toEqual(new Set(faultKinds))
  for (const { fault } of switches) expect(resourceNamed(fault.on)).toBe(fault.on)
})
