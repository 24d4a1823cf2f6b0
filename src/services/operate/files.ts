import type { Store } from '../../db/store'
import { AppError } from '../../errors'
import type { Logger } from '../../ports/logger'
import type { Ingested, OutboxFile, PaymentProvider, ProviderFile } from '../../ports/payment-provider'

export interface FileDeps {
  readonly store: Pick<Store, 'wakeHinted' | 'recordOperatorAction'>
  readonly providerNamed: (name: string) => PaymentProvider | null
  readonly logger: Logger
}

/** Files that an operator carries between a provider and its bank. */
export interface FileExchange {
  /** @throws {AppError} `provider_not_found`; the provider works without files. */
  list(provider: string): Promise<readonly OutboxFile[]>
  /** @throws {AppError} `file_not_found`. */
  read(provider: string, name: string): Promise<{ content: Uint8Array; mediaType: string }>
  /** Largest document that `ingest` of this provider reads, in bytes. */
  ingestBytesMax(provider: string): number
  /** Takes in a document of the bank's; twice is once. @throws {AppError} `provider_not_found`. */
  ingest(provider: string, file: ProviderFile, actor: string): Promise<Ingested & { matched: number }>
}

/** A day's statement of a busy account, where a provider does not say. */
const INGEST_BYTES_MAX = 20_000_000

export function createFileExchange({ store, providerNamed, logger }: FileDeps): FileExchange {
  const outboxOf = (name: string) =>
    providerNamed(name)?.outbox ?? nobody('There is no provider of this name that writes files.')

  return {
    list: async (provider) => outboxOf(provider).list(),
    async read(provider, name) {
      const file = await outboxOf(provider).read(name)
      if (!file) throw new AppError('file_not_found', 'There is no such file.')
      return file
    },
    ingestBytesMax: (provider) => providerNamed(provider)?.ingestBytesMax ?? INGEST_BYTES_MAX,
    async ingest(name, file, actor) {
      const provider = providerNamed(name)
      if (!provider?.ingest) return nobody('There is no provider of this name that reads files.')
      const ingested = await provider.ingest(file)
      // After the provider has stored the facts: a look before that would find nothing new.
      const matched = await store.wakeHinted(name, ingested.payouts)
      await store.recordOperatorAction({
        actor,
        action: 'file.ingested',
        subject: name,
        reason: file.name.slice(0, 200),
        detail: { documentId: ingested.documentId, isRepeated: ingested.isRepeated, matched },
      })
      logger.info('file.ingested', {
        provider: name,
        documentId: ingested.documentId,
        matched,
        problems: ingested.problems.length,
      })
      return { ...ingested, matched }
    },
  }
}

function nobody(message: string): never {
  throw new AppError('provider_not_found', message)
}
