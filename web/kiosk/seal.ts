/**
 * Names and movements at rest on this device are sealed (AES-GCM) with a key that no script can read and that goes
 * when the device is unpaired; what a copy of the disk still holds is then noise.
 */
export type Sealed = { iv: Uint8Array<ArrayBuffer>; sealed: ArrayBuffer }

/** Only pages served over https or from this machine have it. */
export const canSeal = (): boolean => globalThis.crypto?.subtle !== undefined

export async function newKey(): Promise<CryptoKey> {
  return await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

export async function seal(key: CryptoKey, value: unknown): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const plain = new TextEncoder().encode(JSON.stringify(value))
  return { iv, sealed: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, plain) }
}

/** Throws where the key is another one. */
export async function unseal(key: CryptoKey, { iv, sealed }: Sealed): Promise<unknown> {
  const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed)
  return JSON.parse(new TextDecoder().decode(plain))
}

export function isSealed(value: unknown): value is Sealed {
  return typeof value === 'object' && value !== null && 'iv' in value && 'sealed' in value
}
