import { Buffer } from 'node:buffer'

import type { EncryptionKey } from '../domain/encryption-key'
import type { Setting } from './setting'

const KEY_BYTES = 32
/** Of 32 random bytes fewer are different once in 10^15; of a pattern or a pass phrase they always are. */
const DISTINCT_BYTES_MIN = 20

/** Zeros, a byte that repeats, words typed on a keyboard: whoever has the table would guess it. */
export const isWeak = (secret: Uint8Array): boolean => new Set(secret).size < DISTINCT_BYTES_MIN

/** @returns null where it is not base64 of 32 bytes. */
function readBytes(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64')
  // The decoder leaves out what it does not know: half a key would pass for a whole one.
  const isExact = bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '')
  return isExact && bytes.length === KEY_BYTES ? bytes : null
}

/**
 * `2026a:BASE64,2025b:BASE64`: an id and 32 random bytes each. The first one seals, all of them open. What seals cannot be
 * guessed; the first version took any 32 bytes, and what it has sealed with them nobody else could open.
 */
export const encryptionKeys: Setting<readonly EncryptionKey[]> = {
  doc: 'Keys for stored account data, as id:base64 of 32 random bytes, comma-separated, newest first; `npm run keys` makes them. Empty: stored readable, and nobody notices a changed row.',
  fallback: [],
  secret: true,
  read(given) {
    const mustBe =
      'id:key pairs, comma-separated, each id once, each key 32 random bytes in base64 (npm run keys makes them)'
    if (typeof given !== 'string') return { mustBe }
    const keys = given.split(',').map((pair) => {
      const [id = '', secret = '', ...more] = pair.trim().split(':')
      return { id, secret: more.length === 0 ? readBytes(secret) : null }
    })
    const areWellFormed = keys.every(({ id }) => /^[A-Za-z0-9_-]{1,32}$/.test(id))
    // Of two keys with one id the second would open nothing, and what it sealed would be lost.
    const areDistinct = new Set(keys.map(({ id }) => id)).size === keys.length
    const sealing = keys.flatMap(({ id, secret }) => (secret === null ? [] : [{ id, secret }]))
    const isSafe = sealing.slice(0, 1).every(({ secret }) => !isWeak(secret))
    const areAllGood = areWellFormed && areDistinct && isSafe && sealing.length === keys.length
    return areAllGood ? { value: sealing } : { mustBe }
  },
}

export const hashKey: Setting<Uint8Array | null> = {
  doc: 'Key by which accounts are recognised without being readable, as base64 of 32 random bytes; it never changes, and `npm run keys` makes it. Empty: the oldest of the encryption keys, which can then never be removed.',
  fallback: null,
  secret: true,
  read(given) {
    if (given === null) return { value: null }
    const value = typeof given === 'string' ? readBytes(given.trim()) : null
    return value && !isWeak(value)
      ? { value }
      : { mustBe: '32 random bytes in base64 (npm run keys makes them)' }
  },
}
