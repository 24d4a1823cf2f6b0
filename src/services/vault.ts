import { Buffer } from 'node:buffer'
import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto'

import { accountIdentity, type Destination } from '../domain/destination'
import type { Randomness } from '../ports/clock'

export interface EncryptionKey {
  /** Stored in front of each value, so that old values stay readable after a rotation. */
  readonly id: string
  /** 32 bytes. */
  readonly secret: Buffer
}

/** Seals destinations before they are stored. */
export interface Vault {
  /** @param withdrawalId Bound to the value: a sealed destination moved to another row does not open. */
  seal(withdrawalId: string, destination: Destination): string
  /** @throws {Error} The value was tampered with, or its key is not configured. */
  open(withdrawalId: string, sealed: string): Destination
  /** Same account, same hash; keyed, so that a copy of the table does not reveal the accounts. */
  hash(destination: Destination): string
}

const PLAIN = 'plain:'
const SEALED = 'aes256gcm:'

/**
 * AES-256-GCM with a random 96-bit nonce per value. The first key seals, all of them open. Without keys values
 * are stored readable, which is said loudly at start.
 */
export function createVault(keys: readonly EncryptionKey[], random: Pick<Randomness, 'bytes'>): Vault {
  const [current] = keys
  // The oldest key hashes: a rotation must not make known accounts look new.
  const hashing = keys.at(-1)
  return {
    seal(withdrawalId, destination) {
      const text = JSON.stringify(destination)
      if (!current) return PLAIN + text
      const nonce = random.bytes(12)
      const cipher = createCipheriv('aes-256-gcm', current.secret, nonce)
      cipher.setAAD(associatedData(withdrawalId))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${SEALED}${current.id}:${Buffer.from(nonce).toString('base64url')}:${body.toString('base64url')}`
    },

    open(withdrawalId, sealed) {
      if (sealed.startsWith(PLAIN)) return JSON.parse(sealed.slice(PLAIN.length)) as Destination
      const [keyId, nonce, body] = sealed.slice(SEALED.length).split(':')
      const key = keys.find((candidate) => candidate.id === keyId)
      if (!key || !nonce || !body) throw new Error('The destination was sealed with a key we do not have.')
      const bytes = Buffer.from(body, 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', key.secret, Buffer.from(nonce, 'base64url'), {
        authTagLength: 16,
      })
      decipher.setAAD(associatedData(withdrawalId))
      decipher.setAuthTag(bytes.subarray(-16))
      const text = Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8')
      return JSON.parse(text) as Destination
    },

    hash(destination) {
      const identity = accountIdentity(destination)
      const digest = hashing ? createHmac('sha256', hashing.secret) : createHash('sha256')
      return digest.update(identity).digest('hex')
    },
  }
}

const associatedData = (withdrawalId: string): Buffer => Buffer.from(`destination:${withdrawalId}`)
