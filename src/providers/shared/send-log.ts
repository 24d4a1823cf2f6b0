import type { Clock } from '../../ports/clock'
import type { ProviderDocuments } from '../../ports/payment-provider'

/**
 * Remembers of every order whether a request for it may have been taken, across restarts. A refusal speaks of one
 * request; it proves something about the money only while no earlier request is unaccounted for.
 */
export interface SendLog {
  /**
   * Stores, before a request leaves, that from now on it may be taken.
   * @returns null when somebody else is sending the same order right now: nothing may be sent.
   */
  begin(orderKey: string): Promise<Sending | null>
  find(orderKey: string): Promise<Pick<Sending, 'attempt' | 'firstSentAt'> | null>
  /** The other side has shown, `afterMs` after the last request, that it has nothing of this order. */
  absent(orderKey: string, afterMs: number): Promise<void>
}

export interface Sending {
  /** Grows only after a refusal that used up the key. */
  readonly attempt: number
  /** True when an earlier request of this attempt may have been taken. */
  readonly isRepeat: boolean
  /** When the key of this attempt was used first. */
  readonly firstSentAt: Date
  /**
   * Stores that nothing was taken.
   * @param keyIsUsedUp The other side would answer this key with the same refusal for ever.
   * @returns false when another request of the same order has left meanwhile: nothing is proven.
   */
  refused(keyIsUsedUp: boolean): Promise<boolean>
}

interface Entry {
  readonly attempt: number
  readonly firstSentAt: string
  readonly lastSentAt: string
  readonly mayBeTaken: boolean
}

export function createSendLog(documents: ProviderDocuments, clock: Clock): SendLog {
  const idOf = (orderKey: string) => `order/${orderKey}`

  async function read(orderKey: string): Promise<{ entry: Entry; version: number } | null> {
    const document = await documents.read(idOf(orderKey))
    return document && { entry: document.value as Entry, version: document.version }
  }

  return {
    async begin(orderKey) {
      const known = await read(orderKey)
      const now = clock.now().toISOString()
      const isRepeat = known?.entry.mayBeTaken ?? false
      const entry: Entry = {
        attempt: known?.entry.attempt ?? 1,
        firstSentAt: known && isRepeat ? known.entry.firstSentAt : now,
        lastSentAt: now,
        mayBeTaken: true,
      }
      const isOurs = known
        ? await documents.replace(idOf(orderKey), entry, known.version)
        : await documents.create(idOf(orderKey), entry)
      if (!isOurs) return null
      const version = known ? known.version + 1 : 1
      return {
        attempt: entry.attempt,
        isRepeat,
        firstSentAt: new Date(entry.firstSentAt),
        refused(keyIsUsedUp) {
          const attempt = keyIsUsedUp ? entry.attempt + 1 : entry.attempt
          return documents.replace(idOf(orderKey), { ...entry, attempt, mayBeTaken: false }, version)
        },
      }
    },

    async find(orderKey) {
      const known = await read(orderKey)
      return known && { attempt: known.entry.attempt, firstSentAt: new Date(known.entry.firstSentAt) }
    },

    async absent(orderKey, afterMs) {
      const known = await read(orderKey)
      if (!known?.entry.mayBeTaken) return
      if (clock.now().getTime() - Date.parse(known.entry.lastSentAt) < afterMs) return
      await documents.replace(idOf(orderKey), { ...known.entry, mayBeTaken: false }, known.version)
    },
  }
}
