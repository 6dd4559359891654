import { describe, expect, test } from 'vitest'
import { createSealer } from '../core/secrets.ts'
import { resealed } from './link.ts'

const [ours, theirs, nobodys] = ['11', '22', '33'].map((byte) =>
  createSealer(Buffer.from(byte.repeat(32), 'hex')),
)

describe('a sealed token after a restore', () => {
  const token = theirs!.seal('t0ken', 'place')
  test('is left alone where the present key opens it', () => {
    expect(resealed(token, 'place', { present: () => theirs!, brought: null })).toBeNull()
  })
  test('is sealed anew where only the key that came along opens it', () => {
    const sealed = resealed(token, 'place', { present: () => ours!, brought: theirs! })!
    expect(ours!.open(sealed, 'place')).toBe('t0ken')
    expect(() => theirs!.open(sealed, 'place')).toThrow()
  })
  test('stops the restore where neither does, with the setting to look at', () => {
    for (const brought of [null, nobodys!])
      expect(() => resealed(token, 'place', { present: () => ours!, brought })).toThrow('SECRET_KEY: ')
    expect(() => resealed(token, 'elsewhere', { present: () => ours!, brought: theirs! })).toThrow(
      'SECRET_KEY: ',
    )
  })
})
