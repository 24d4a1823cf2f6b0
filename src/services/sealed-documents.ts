import type { EncryptionKey } from '../domain/encryption-key'
import type { Randomness } from '../ports/clock'
import type { ProviderDocuments } from '../ports/payment-provider'
import { createSealedBox, SealError } from './sealed-box'

/** What stands in place of a document that is sealed; no provider's own document has a member of this name. */
export const SEALED_MEMBER = '$sealed'

/** Seals and opens what a provider keeps: orders and bank files have account numbers in them, and tokens are money. */
export interface DocumentSeals {
  seal(at: DocumentPlace, value: unknown): unknown
  /** @throws {SealError} It was tampered with or moved, or its key is not configured. */
  open(at: DocumentPlace, stored: unknown): unknown
  /** The stored value for the newest key; null where it is that already. @throws {SealError} */
  rotate(at: DocumentPlace, stored: unknown): unknown
}

export interface DocumentPlace {
  readonly provider: string
  readonly id: string
}

/** Without keys documents are stored as they are; what was stored so is read on when there are keys. */
export function createDocumentSeals(
  keys: readonly EncryptionKey[],
  random: Pick<Randomness, 'bytes'>,
): DocumentSeals {
  const box = createSealedBox(keys, random)
  const seal: DocumentSeals['seal'] = (at, value) =>
    keys.length === 0 ? value : { [SEALED_MEMBER]: box.seal(JSON.stringify(value), bindingOf(at)) }
  const open: DocumentSeals['open'] = (at, stored) => {
    const sealed = sealedIn(stored)
    return sealed === null ? stored : parsed(box.open(sealed, bindingOf(at)))
  }
  return {
    seal,
    open,
    rotate(at, stored) {
      const isCurrent = keys.length === 0 || sealedIn(stored)?.startsWith(`${keys[0]?.id}:`) === true
      return isCurrent ? null : seal(at, open(at, stored))
    },
  }
}

/** The documents of one provider, sealed where they are stored and nowhere else. */
export const sealedDocuments = (
  provider: string,
  stored: ProviderDocuments,
  { seal, open }: DocumentSeals,
): ProviderDocuments => ({
  async read(id) {
    const found = await stored.read(id)
    return found && { ...found, value: open({ provider, id }, found.value) }
  },
  create: (id, value) => stored.create(id, seal({ provider, id }, value)),
  replace: (id, value, version) => stored.replace(id, seal({ provider, id }, value), version),
  async list(prefix) {
    const found = await stored.list(prefix)
    return found.map((document) => ({
      ...document,
      value: open({ provider, id: document.id }, document.value),
    }))
  },
})

const bindingOf = ({ provider, id }: DocumentPlace): string => JSON.stringify(['document', provider, id])

function sealedIn(stored: unknown): string | null {
  if (typeof stored !== 'object' || stored === null || !Object.hasOwn(stored, SEALED_MEMBER)) return null
  const sealed = (stored as Record<string, unknown>)[SEALED_MEMBER]
  return typeof sealed === 'string' ? sealed : ''
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new SealError('damaged')
  }
}
