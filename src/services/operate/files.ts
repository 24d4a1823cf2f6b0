import type { RecordedAction, Store } from '../../db/store'
import { redactText } from '../../domain/redaction'
import { AppError } from '../../errors'
import type { Logger } from '../../ports/logger'
import type { OutboxFile, PaymentProvider } from '../../ports/payment-provider'
import { maskedFile } from './masked-file'
import { type FileDecision, INGESTED, readerNamed, type TakeIn } from './take-in'

export interface FileDeps {
  readonly store: Pick<Store, 'wakeHinted' | 'recordOperatorAction' | 'listOperatorActions' | 'readStop'>
  readonly providerNamed: (name: string) => PaymentProvider | null
  readonly takeIn: Pick<TakeIn, 'handIn'> & { readonly readReport: TakeIn['read'] }
  readonly logger: Logger
}

/** Files that an operator carries between a provider and its bank. */
export interface FileExchange {
  /** As `TakeIn`. */
  readonly handIn: TakeIn['handIn']
  readonly readReport: TakeIn['read']
  /** @throws {AppError} `provider_not_found`; the provider works without files. */
  list(provider: string): Promise<readonly OutboxFile[]>
  /**
   * As the bank gets it; who read it and why is on record before it is handed out.
   *
   * @throws {AppError} `file_not_found`; `action_not_possible` while everything is stopped.
   */
  read(
    provider: string,
    name: string,
    reader: FileDecision,
  ): Promise<{ content: Uint8Array; mediaType: string }>
  /** With accounts and names masked, for somebody who only looks. @throws {AppError} `file_not_found`, `forbidden`. */
  readMasked(provider: string, name: string): Promise<{ content: Uint8Array; mediaType: string }>
  /** Largest document that `ingest` of this provider reads, in bytes. */
  ingestBytesMax(provider: string): number
  /** What was handed in, the latest first. @throws {AppError} `provider_not_found`. */
  reports(provider: string, limit: number): Promise<readonly RecordedAction[]>
  /**
   * The bank never got this file and never will: its payouts are looked up as voided from now on. Twice is once.
   *
   * @returns How many withdrawals are looked at because of it.
   * @throws {AppError} `provider_not_found`, also for one that voids no files; `file_not_found`;
   *   `action_not_possible` where the bank has answered for it.
   */
  void(provider: string, name: string, decision: FileDecision): Promise<{ matched: number }>
  /** @throws {AppError} As `void`, before the provider is asked; changes nothing. */
  checkVoid(provider: string, name: string): Promise<OutboxFile>
}

/** A day's statement of a busy account, where a provider does not say. */
const INGEST_BYTES_MAX = 20_000_000

export function createFileExchange(deps: FileDeps): FileExchange {
  const { store, providerNamed, logger } = deps
  const outboxOf = (name: string) =>
    providerNamed(name)?.outbox ?? nobody('There is no provider of this name that writes files.')

  async function checkVoid(provider: string, name: string): Promise<OutboxFile> {
    const outbox = outboxOf(provider)
    if (!outbox.void) return nobody('There is no provider of this name whose files can be voided.')
    const file = (await outbox.list()).find((listed) => listed.name === name)
    if (!file) throw noFile()
    return file
  }

  return {
    list: async (provider) => outboxOf(provider).list(),
    async read(provider, name, { actor, reason }) {
      const outbox = outboxOf(provider)
      // It may not be at the bank yet, and nobody takes it there now.
      if ((await store.readStop()).isStopped)
        throw new AppError('action_not_possible', 'Everything is stopped: no payment file is handed out.')
      const file = await outbox.read(name)
      if (!file) throw noFile()
      await store.recordOperatorAction({
        ...{ actor, action: 'file.read', subject: provider, reason, detail: { file: name } },
      })
      return file
    },
    async readMasked(provider, name) {
      const file = await outboxOf(provider).read(name)
      if (!file) throw noFile()
      const content = maskedFile(file.content, file.mediaType)
      if (!content) throw new AppError('forbidden', 'This file cannot be masked, and is for operators only.')
      return { content, mediaType: file.mediaType }
    },
    ingestBytesMax: (provider) => providerNamed(provider)?.ingestBytesMax ?? INGEST_BYTES_MAX,

    ...deps.takeIn,

    async reports(name, limit) {
      readerNamed(providerNamed, name)
      return store.listOperatorActions({ subject: name, action: INGESTED, limit })
    },

    checkVoid,

    async void(provider, name, { actor, reason }) {
      await checkVoid(provider, name)
      const outbox = outboxOf(provider)
      const record = (action: string, detail: Record<string, unknown>) =>
        store.recordOperatorAction({
          actor,
          action,
          subject: provider,
          reason,
          detail: { file: name, ...detail },
        })
      // Who wanted it is on record before it is so, whatever happens in between.
      await record('file.void_asked', {})
      const voided = await outbox.void?.(name)
      if (!voided) throw noFile()
      if (voided.kind === 'refused') {
        await record('file.void_refused', { message: redactText(voided.message) })
        throw new AppError('action_not_possible', voided.message)
      }
      const matched = await store.wakeHinted(provider, voided.payouts)
      await record('file.voided', { matched, payouts: voided.payouts.length })
      logger.warn('file.voided', { provider, file: name, actor, matched })
      return { matched }
    },
  }
}

const noFile = () => new AppError('file_not_found', 'There is no such file.')

function nobody(message: string): never {
  throw new AppError('provider_not_found', message)
}
