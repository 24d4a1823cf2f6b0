import type { RecordedAction, Store, StoredWithdrawal } from '../../db/store'
import { redactText } from '../../domain/redaction'
import { AppError } from '../../errors'
import type { Logger } from '../../ports/logger'
import type {
  DocumentQuestion,
  Ingested,
  OutboxFile,
  PaymentProvider,
  ProviderFile,
} from '../../ports/payment-provider'
import type { Raise } from '../raise'

export interface FileDeps {
  readonly store: Pick<
    Store,
    'findHinted' | 'wakeHinted' | 'recordOperatorAction' | 'listOperatorActions' | 'readStop'
  >
  readonly providerNamed: (name: string) => PaymentProvider | null
  readonly raise: Raise
  readonly logger: Logger
}

export interface FileDecision {
  readonly actor: string
  readonly reason: string
}

/** Files that an operator carries between a provider and its bank. */
export interface FileExchange {
  /** @throws {AppError} `provider_not_found`; the provider works without files. */
  list(provider: string): Promise<readonly OutboxFile[]>
  /** @throws {AppError} `file_not_found`; `action_not_possible` while everything is stopped. */
  read(provider: string, name: string): Promise<{ content: Uint8Array; mediaType: string }>
  /** Largest document that `ingest` of this provider reads, in bytes. */
  ingestBytesMax(provider: string): number
  /**
   * Takes in a document of the bank's; twice is once. What could not be used stays on record, and what it asks about a
   * payout of ours is put to a person. @throws {AppError} `provider_not_found`.
   */
  ingest(
    provider: string,
    file: ProviderFile,
    decision: FileDecision,
  ): Promise<Ingested & { matched: number }>
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
}

/** A day's statement of a busy account, where a provider does not say. */
const INGEST_BYTES_MAX = 20_000_000
/** Of one document; who wants all of them hands it in again. */
const PROBLEMS_KEPT = 1_000
const INGESTED = 'file.ingested'

export function createFileExchange(deps: FileDeps): FileExchange {
  const { store, providerNamed, logger } = deps
  const outboxOf = (name: string) =>
    providerNamed(name)?.outbox ?? nobody('There is no provider of this name that writes files.')
  const readerNamed = (name: string) => {
    const provider = providerNamed(name)
    return provider?.ingest ? provider : null
  }

  return {
    list: async (provider) => outboxOf(provider).list(),
    async read(provider, name) {
      const outbox = outboxOf(provider)
      // It may not be at the bank yet, and nobody takes it there now.
      if ((await store.readStop()).isStopped)
        throw new AppError('action_not_possible', 'Everything is stopped: no payment file is handed out.')
      const file = await outbox.read(name)
      if (!file) throw noFile()
      return file
    },
    ingestBytesMax: (provider) => providerNamed(provider)?.ingestBytesMax ?? INGEST_BYTES_MAX,

    async ingest(name, file, { actor, reason }) {
      const ingested = await readerNamed(name)?.ingest?.(file)
      if (!ingested) return nobody('There is no provider of this name that reads files.')
      const { documentId, isRepeated, problems, questions = [] } = ingested
      const asked = await askAbout(name, documentId, questions, deps)
      // After the provider has stored the facts: a look before that would find nothing new.
      const matched = await store.wakeHinted(name, ingested.payouts)
      await store.recordOperatorAction({
        ...{ actor, action: INGESTED, subject: name, reason: reason || file.name.slice(0, 200) },
        detail: {
          ...{ file: file.name.slice(0, 200), documentId, isRepeated, matched, asked },
          problems: problems.slice(0, PROBLEMS_KEPT).map(redactText),
          problemCount: problems.length,
        },
      })
      logger.info(INGESTED, { provider: name, documentId, matched, asked, problems: problems.length })
      return { ...ingested, matched }
    },

    async reports(name, limit) {
      if (!readerNamed(name)) return nobody('There is no provider of this name that reads files.')
      return store.listOperatorActions({ subject: name, action: INGESTED, limit })
    },

    async void(provider, name, { actor, reason }) {
      const outbox = outboxOf(provider)
      if (!outbox.void) return nobody('There is no provider of this name whose files can be voided.')
      if (!(await outbox.list()).some((file) => file.name === name)) throw noFile()
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
      const voided = await outbox.void(name)
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

/** Puts what only a person can answer on record with the payout it is about. @returns About how many payouts. */
async function askAbout(
  provider: string,
  documentId: string,
  questions: readonly DocumentQuestion[],
  { store, raise }: FileDeps,
): Promise<number> {
  const asked = new Set<string>()
  for (const { payout, message } of questions)
    for (const row of await store.findHinted(provider, [payout])) {
      await raise(row, 'unclear_bank_fact', { documentId, problem: redactText(message) })
      asked.add((row satisfies StoredWithdrawal).id)
    }
  return asked.size
}

const noFile = () => new AppError('file_not_found', 'There is no such file.')

function nobody(message: string): never {
  throw new AppError('provider_not_found', message)
}
