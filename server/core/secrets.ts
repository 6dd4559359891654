/**
 * Secrets at rest: AES-256-GCM under SECRET_KEY, bound to a context (such as the site and what it is for), so
 * that a sealed value copied to another row does not open there. Also the hashes of tokens.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

export type Sealer = {
  seal(plain: string, context: string): Buffer
  open(sealed: Buffer, context: string): string
}

export function createSealer(key: Buffer): Sealer {
  if (key.length !== 32) throw new Error('the secret key must be 32 bytes')
  return {
    seal(plain, context) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      cipher.setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.from([1]), nonce, cipher.getAuthTag(), body])
    },
    open(sealed, context) {
      if (sealed[0] !== 1) throw new Error('unknown form of sealed secret')
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 13))
      decipher.setAAD(Buffer.from(context))
      decipher.setAuthTag(sealed.subarray(13, 29))
      return Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()]).toString('utf8')
    },
  }
}

/** 32 random bytes as text fit for a URL or a header. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What we keep of a token: enough to know it again, useless to a thief. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
