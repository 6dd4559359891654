import { describe, expect, it } from 'vitest'
import { isSealed, newKey, seal, unseal } from './seal.ts'

describe('what is kept on the device', () => {
  it('opens with its key and with no other, and shows nothing without', async () => {
    const key = await newKey()
    const kept = await seal(key, { name: 'Amara Okonkwo' })
    expect(isSealed(kept)).toBe(true)
    expect(Buffer.from(kept.sealed).toString('latin1')).not.toContain('Amara')
    expect(await unseal(key, kept)).toEqual({ name: 'Amara Okonkwo' })
    await expect(unseal(await newKey(), kept)).rejects.toThrow()
  })
  it('is never the same twice, and its key cannot be read', async () => {
    const key = await newKey()
    const [one, two] = [await seal(key, 'a'), await seal(key, 'a')]
    expect(Buffer.from(one.sealed)).not.toEqual(Buffer.from(two.sealed))
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow()
  })
  it('tells what an older page kept open', () => {
    expect(isSealed({ id: 'a', type: 'late-arrival' })).toBe(false)
  })
})
