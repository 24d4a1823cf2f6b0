import { Buffer } from 'node:buffer'
import { createCipheriv, createDecipheriv } from 'node:crypto'

import type { EncryptionKey } from '../domain/encryption-key'
import type { Randomness } from '../ports/clock'

/** A value could not be opened; nothing of it is said. */
export class SealError extends Error {
  override readonly name = 'SealError'

  constructor(
    readonly why: 'damaged' | 'key_missing',
    /** Of a key that is missing. */
    readonly keyId: string | null = null,
  ) {
    super(
      why === 'damaged'
        ? 'The stored value is damaged.'
        : `The stored value was sealed with a key we do not have: ${keyId}.`,
    )
  }
}

/** The key's id, a nonce of 12 bytes, and the text with its tag of 16; nothing else may stand around them. */
const SHAPE = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9_-]{16}):([A-Za-z0-9_-]{22,})$/

/** AES-256-GCM with a random 96-bit nonce per value. The first key seals, all of them open. */
export interface SealedBox {
  /** @param binding What the value belongs to: it opens with the same only. */
  seal(text: string, binding: string): string
  /** @throws {SealError} */
  open(sealed: string, binding: string): string
}

/** @param keys At least one. */
export function createSealedBox(
  keys: readonly EncryptionKey[],
  random: Pick<Randomness, 'bytes'>,
): SealedBox {
  return {
    seal(text, binding) {
      const [key] = keys
      if (!key) throw new Error('There is no key to seal with.')
      const nonce = random.bytes(12)
      const cipher = createCipheriv('aes-256-gcm', key.secret, nonce)
      cipher.setAAD(Buffer.from(binding))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${key.id}:${Buffer.from(nonce).toString('base64url')}:${body.toString('base64url')}`
    },

    open(sealed, binding) {
      const [, keyId = '', nonce = '', body = ''] = SHAPE.exec(sealed) ?? damaged()
      const key = keys.find(({ id }) => id === keyId)
      if (!key) throw new SealError('key_missing', keyId)
      const bytes = Buffer.from(body, 'base64url')
      // Two texts may decode to the same bytes; only the one that was written counts.
      if (bytes.toString('base64url') !== body) damaged()
      try {
        const decipher = createDecipheriv('aes-256-gcm', key.secret, Buffer.from(nonce, 'base64url'), {
          authTagLength: 16,
        })
        decipher.setAAD(Buffer.from(binding))
        decipher.setAuthTag(bytes.subarray(-16))
        return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8')
      } catch {
        return damaged()
      }
    },
  }
}

export const keyIdOf = (sealed: string): string | null => SHAPE.exec(sealed)?.[1] ?? null

export function damaged(): never {
  throw new SealError('damaged')
}
