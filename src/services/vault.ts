import { Buffer } from 'node:buffer'
import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto'

import { accountIdentity, type Destination } from '../domain/destination'
import type { EncryptionKey } from '../domain/encryption-key'
import type { Randomness } from '../ports/clock'

/** Seals destinations before they are stored. */
export interface Vault {
  /** @param withdrawalId Bound to the value: a sealed destination moved to another row does not open. */
  seal(withdrawalId: string, destination: Destination): string
  /** To show it. @throws {Error} The value was tampered with, or its key is not configured. */
  open(withdrawalId: string, sealed: string): Destination
  /**
   * To pay to it. @throws {Error} As `open`; also for a readable value where keys are configured: whoever can
   * write to the table could have put it there.
   */
  openToPay(withdrawalId: string, sealed: string): Destination
  /** Same account, same hash; keyed, so that a copy of the table does not reveal the accounts. */
  hash(destination: Destination): string
}

const PLAIN = 'plain:'
const SEALED = 'aes256gcm:'
/** The key's id, a nonce of 12 bytes, and the text with its tag of 16; nothing else may stand around them. */
const SEALED_SHAPE = /^aes256gcm:([A-Za-z0-9_-]+):([A-Za-z0-9_-]{16}):([A-Za-z0-9_-]{22,})$/

/**
 * AES-256-GCM with a random 96-bit nonce per value. The first key seals, all of them open. Without keys values
 * are stored readable, which is said loudly at start.
 */
export function createVault(keys: readonly EncryptionKey[], random: Pick<Randomness, 'bytes'>): Vault {
  const [current] = keys
  // The oldest key hashes: a rotation must not make known accounts look new.
  const hashing = keys.at(-1)
  function unseal(withdrawalId: string, sealed: string): Destination {
    const [, keyId, nonce = '', body = ''] = SEALED_SHAPE.exec(sealed) ?? damaged()
    const key = keys.find((candidate) => candidate.id === keyId)
    if (!key) throw new Error('The destination was sealed with a key we do not have.')
    const bytes = Buffer.from(body, 'base64url')
    // Two texts may decode to the same bytes; only the one that was written counts.
    if (bytes.toString('base64url') !== body) damaged()
    const decipher = createDecipheriv('aes-256-gcm', key.secret, Buffer.from(nonce, 'base64url'), {
      authTagLength: 16,
    })
    decipher.setAAD(associatedData(withdrawalId))
    decipher.setAuthTag(bytes.subarray(-16))
    const text = Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8')
    return parsed(text)
  }

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

    open: (withdrawalId, sealed) =>
      sealed.startsWith(PLAIN) ? parsed(sealed.slice(PLAIN.length)) : unseal(withdrawalId, sealed),

    openToPay(withdrawalId, sealed) {
      if (!sealed.startsWith(PLAIN)) return unseal(withdrawalId, sealed)
      if (current) throw new Error('The destination is stored readable though keys are configured.')
      return parsed(sealed.slice(PLAIN.length))
    },

    hash(destination) {
      const identity = accountIdentity(destination)
      const digest = hashing ? createHmac('sha256', hashing.secret) : createHash('sha256')
      return digest.update(identity).digest('hex')
    },
  }
}

const associatedData = (withdrawalId: string): Buffer => Buffer.from(`destination:${withdrawalId}`)

/** Without the parser's own message, which repeats what it could not read. */
function parsed(text: string): Destination {
  try {
    return JSON.parse(text) as Destination
  } catch {
    return damaged()
  }
}

function damaged(): never {
  throw new Error('The stored destination is damaged.')
}
