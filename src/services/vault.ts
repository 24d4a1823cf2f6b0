import { createHmac } from 'node:crypto'

import { accountIdentity, type Destination, ERASED } from '../domain/destination'
import { sha256 } from '../domain/digest'
import type { EncryptionKey } from '../domain/encryption-key'
import {
  changedFacts,
  factsOf,
  type SealedFact,
  type SealedFacts,
  writesSealedFact,
} from '../domain/sealed-facts'
import type { Withdrawal, WithdrawalPatch } from '../domain/withdrawal'
import type { Randomness } from '../ports/clock'
import { createSealedBox, damaged, SealError } from './sealed-box'

/** A row with the value that was sealed for it. */
export type SealedRow = SealedFacts & Pick<Withdrawal, 'id' | 'destination'>

/** What the sealed value says of its row. */
export type Verdict =
  /** The row is what it was accepted as. */
  | { readonly kind: 'intact' }
  /** Sealed by a version that bound nothing but the destination: no more is known. */
  | { readonly kind: 'unbound' }
  /** There are no keys, and nothing is sealed: nothing is known. */
  | { readonly kind: 'bare' }
  /** There are keys, and this value is readable: whoever can write to the table could have put it there. */
  | { readonly kind: 'readable' }
  /** Somebody else has changed the row. `sealed` is what it was accepted as. */
  | {
      readonly kind: 'changed'
      readonly facts: readonly SealedFact[]
      readonly sealed: SealedFacts
    }
  /** It does not say where to pay to: damaged where nothing is sealed, or decided over by a person all the same. It is never paid. */
  | { readonly kind: 'vouched' }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'key_missing'; readonly keyId: string }

/** Seals destinations before they are stored, and with them what the withdrawal was accepted as. */
export interface Vault {
  /** Bound to the row's id: a sealed value moved to another row does not open. */
  seal(row: SealedFacts & Pick<Withdrawal, 'id'>, destination: Destination): string
  /** For a row of which nobody knows any more where it was to go: it is never paid. */
  sealWithout(row: SealedFacts & Pick<Withdrawal, 'id'>): string
  /** To show it. @throws {SealError} The value was tampered with, or its key is not configured. */
  open(withdrawalId: string, sealed: string): Destination
  /** Whether the row is what it was accepted as; asked before every step that moves money. */
  judge(row: SealedRow): Verdict
  /**
   * To pay to it. @throws {SealError} As `open`; also where the row was changed, and for a readable value where keys
   * are configured.
   */
  openToPay(row: SealedRow): Destination
  /**
   * For a patch of ours that writes what is sealed: the patch with the new value.
   *
   * @throws {SealError} The key of the old value is not configured.
   */
  resealing(row: SealedRow, patch: WithdrawalPatch): WithdrawalPatch
  /** For a person's decision over a row whose seal is damaged: what is left of it is sealed, without a destination. */
  vouching(row: SealedRow, patch: WithdrawalPatch): WithdrawalPatch
  /** The value for the newest key. What was changed stays as provably changed as it is. */
  rotate(row: SealedRow, sealsReadable: boolean): RotatedValue
  /** Same account, same hash; keyed, so that a copy of the table does not reveal the accounts. */
  hash(destination: Destination): string
}

export type RotatedValue =
  | { readonly kind: 'kept' | 'failed' }
  /** `hash` where the account is recognised by another one from now on. */
  | { readonly kind: 'resealed'; readonly value: string; readonly hash?: string }

const PLAIN = 'plain:'
/** Binds the id alone. */
const FIRST_FORMAT = 'aes256gcm:'
/** Holds the facts too. */
const SECOND_FORMAT = 'aes256gcm2:'

interface Content {
  /** null where a person has vouched for what was left. */
  readonly destination: Destination | null
  /** null in the first format. */
  readonly facts: SealedFacts | null
}

/** The first key seals, all of them open. Without keys values are stored readable, which is said loudly at start. */
export function createVault(
  keys: readonly EncryptionKey[],
  random: Pick<Randomness, 'bytes'>,
  hashKey: Uint8Array | null = null,
): Vault {
  const box = createSealedBox(keys, random)
  // Without a key of its own the oldest one hashes: a rotation must not make known accounts look new.
  const hash = hashWith(hashKey ?? keys.at(-1)?.secret)

  function contentOf(withdrawalId: string, sealed: string): Content {
    if (sealed.startsWith(SECOND_FORMAT))
      return parsed<Content>(box.open(sealed.slice(SECOND_FORMAT.length), secondBinding(withdrawalId)))
    if (!sealed.startsWith(FIRST_FORMAT)) return damaged()
    const text = box.open(sealed.slice(FIRST_FORMAT.length), firstBinding(withdrawalId))
    return { destination: parsed<Destination>(text), facts: null }
  }

  function seal(row: SealedFacts & Pick<Withdrawal, 'id'>, destination: Destination | null): string {
    if (keys.length === 0) return PLAIN + JSON.stringify(destination)
    return sealed(row.id, { destination, facts: factsOf(row) })
  }

  const sealed = (id: string, content: Content): string =>
    SECOND_FORMAT + box.seal(JSON.stringify(content), secondBinding(id))

  /** The verdict, with the destination where one was read for it: opening is most of what it costs. */
  function examine(row: SealedRow): { readonly verdict: Verdict; readonly destination: Destination | null } {
    if (row.destination.startsWith(PLAIN))
      return { verdict: judgePlain(row.destination, keys.length > 0), destination: null }
    try {
      const content = contentOf(row.id, row.destination)
      return { verdict: verdictOf(row, content), destination: content.destination }
    } catch (error) {
      const keyId = error instanceof SealError ? error.keyId : null
      const verdict: Verdict = keyId === null ? { kind: 'damaged' } : { kind: 'key_missing', keyId }
      return { verdict, destination: null }
    }
  }

  const judge = (row: SealedRow): Verdict => examine(row).verdict

  const open = (withdrawalId: string, sealed: string): Destination =>
    sealed.startsWith(PLAIN)
      ? parsed<Destination>(sealed.slice(PLAIN.length))
      : (contentOf(withdrawalId, sealed).destination ?? damaged())

  return {
    seal,
    sealWithout: (row) => seal(row, null),
    open,
    judge,

    openToPay(row) {
      const { verdict, destination } = examine(row)
      if (verdict.kind === 'readable')
        throw new Error('The destination is stored readable though keys are configured.')
      if (verdict.kind === 'changed') throw new Error('The withdrawal is not what it was accepted as.')
      // Where there is none, opening it says why.
      return destination ?? open(row.id, row.destination)
    },

    resealing(row, patch) {
      // Where nothing is sealed nothing is sealed anew: also what cannot be read goes on to where a person is asked.
      if (!writesSealedFact(patch) || row.destination.startsWith(PLAIN)) return patch
      const verdict = judge(row)
      // It could not be told from a forgery once the key is back.
      if (verdict.kind === 'key_missing') throw new SealError('key_missing', verdict.keyId)
      // What was changed stays changed: a new seal would vouch for it.
      if (verdict.kind !== 'intact' && verdict.kind !== 'vouched') return patch
      const { destination } = contentOf(row.id, row.destination)
      return { ...patch, destination: seal(patchedFacts(row, patch), destination) }
    },

    vouching(row, patch) {
      const isDamaged = judge(row).kind === 'damaged'
      return isDamaged ? { ...patch, destination: seal(patchedFacts(row, patch), null) } : patch
    },

    rotate(row, sealsReadable) {
      const { id, destination } = row
      if (staysAsItIs(destination, keys)) return { kind: 'kept' }
      try {
        if (destination.startsWith(PLAIN)) {
          if (!sealsReadable) return { kind: 'kept' }
          const opened = open(id, destination)
          return { kind: 'resealed', value: seal(row, opened), hash: hash(opened) }
        }
        const content = contentOf(id, destination)
        const bound = { ...content, facts: content.facts ?? factsOf(row) }
        return { kind: 'resealed', value: sealed(id, bound) }
      } catch {
        return { kind: 'failed' }
      }
    },

    hash,
  }
}

function verdictOf(row: SealedRow, { destination, facts: accepted }: Content): Verdict {
  if (accepted === null) return { kind: 'unbound' }
  const facts = changedFacts(row, accepted)
  if (facts.length > 0) return { kind: 'changed', facts, sealed: accepted }
  return { kind: destination === null ? 'vouched' : 'intact' }
}

/** Sealed with the newest key, or nothing to seal. */
const staysAsItIs = (destination: string, keys: readonly EncryptionKey[]): boolean =>
  destination === ERASED || keys.length === 0 || destination.startsWith(`${SECOND_FORMAT}${keys[0]?.id}:`)

const hashWith =
  (key: Uint8Array | undefined) =>
  (destination: Destination): string => {
    const identity = accountIdentity(destination)
    return key ? createHmac('sha256', key).update(identity).digest('hex') : sha256(identity)
  }

const firstBinding = (withdrawalId: string): string => `destination:${withdrawalId}`
const secondBinding = (withdrawalId: string): string => `withdrawal:${withdrawalId}`

const patchedFacts = (row: SealedRow, patch: WithdrawalPatch): SealedRow => ({ ...row, ...patch })

/** Also where nothing is sealed a value can be damaged, or left for lost by a person. */
const judgePlain = (plain: string, hasKeys: boolean): Verdict =>
  hasKeys ? { kind: 'readable' } : { kind: isReadable(plain) ? 'bare' : 'vouched' }

/** Whether it says where to pay to. */
function isReadable(plain: string): boolean {
  try {
    return parsed<Destination | null>(plain.slice(PLAIN.length)) !== null
  } catch {
    return false
  }
}

/** Without the parser's own message, which repeats what it could not read. */
function parsed<Value>(text: string): Value {
  try {
    return JSON.parse(text) as Value
  } catch {
    return damaged()
  }
}
