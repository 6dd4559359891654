import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const hash = promisify(argon2)
/** OWASP's Argon2id minimum: 19 MiB, two passes, one lane. */
const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }

/** The stored form: `argon2id$m,t,p$salt$tag`, so that a later cost can stand beside an older one. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await hash('argon2id', { message: Buffer.from(password.normalize('NFC')), nonce, ...cost })
  return `argon2id$${cost.memory},${cost.passes},${cost.parallelism}$${nonce.toString('base64')}$${tag.toString('base64')}`
}

export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [kind, numbers, salt, tag] = stored.split('$')
  if (kind !== 'argon2id' || numbers === undefined || salt === undefined || tag === undefined) return false
  const [memory, passes, parallelism] = numbers.split(',').map(Number)
  const expected = Buffer.from(tag, 'base64')
  const found = await hash('argon2id', {
    message: Buffer.from(password.normalize('NFC')),
    nonce: Buffer.from(salt, 'base64'),
    memory: memory!,
    passes: passes!,
    parallelism: parallelism!,
    tagLength: expected.length,
  })
  return timingSafeEqual(found, expected)
}
