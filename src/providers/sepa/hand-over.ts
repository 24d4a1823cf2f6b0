import { errorFields } from '../../errors'
import type { Clock, Randomness } from '../../ports/clock'
import type { Logger } from '../../ports/logger'
import type { ProviderDocuments } from '../../ports/payment-provider'
import type { Folder } from './folder'
import { fileNameOf, type HandOverRecord, idOf, recordOf } from './hand-over-record'
import type { Order } from './ledger'
import type { StoredFiles } from './stored-files'
import { createWithdraw } from './withdraw'

/**
 * After this long nobody expects the file any more, and somebody may have decided over its payments: it is then only
 * handed over by a person, who downloads it.
 */
const PUT_WITHIN_MS = 24 * 3_600_000

/** `waiting`: not yet, and tried again at the next look. `missed`: no longer by itself. */
export type HandedOver = 'done' | 'waiting' | 'missed'

interface HandOverDeps {
  readonly documents: ProviderDocuments
  readonly files: StoredFiles
  /** null where no folder is set. */
  readonly folder: Folder | null
  readonly clock: Clock
  readonly random: Randomness
  readonly logger: Logger
  /** Whether payouts may leave now. */
  readonly mayLeave?: (() => Promise<boolean>) | undefined
}

/**
 * Puts each file into the folder once, although the folder is emptied by somebody else. The bytes are written under a
 * temporary name, that name is recorded, and only then are they renamed. So a crash can always be told apart:
 * recorded and still there means not renamed yet; recorded and gone means renamed, even if the bank client has
 * taken it away since; not recorded means never renamed by anybody.
 */
export function createHandOver({ documents, files, folder, clock, random, logger, mayLeave }: HandOverDeps) {
  async function put(order: Order, into: Folder): Promise<HandedOver> {
    const folderId = await into.identity(random.newId())
    const found = (await recordOf(documents, order)) ?? (await stage(order, into, folderId))
    if (found.record.withdrawn) return 'missed'
    if (found.record.done) return 'done'
    if (found.record.folderId !== folderId)
      throw new Error('The folder for payment files is not the one this file was begun in.')
    await release(order, into, found.record)
    await documents.replace(idOf(order), { ...found.record, done: true }, found.version)
    logger.info('sepa.file_handed_over', { messageId: order.messageId, itemCount: order.itemCount })
    return 'done'
  }

  /** The bytes are durable in the folder, under a name nobody picks up, before the record says so. */
  async function stage(order: Order, into: Folder, folderId: string) {
    const suffix = Buffer.from(random.bytes(8)).toString('hex')
    const record: HandOverRecord = {
      temporary: `.${fileNameOf(order)}.${suffix}.part`,
      folderId,
      done: false,
    }
    await into.write(record.temporary, await files.load(order.file))
    if (await documents.create(idOf(order), record)) return { record, version: 1 }
    await into.remove(record.temporary)
    const rival = await recordOf(documents, order)
    if (!rival) throw new Error('A hand-over was recorded and cannot be read.')
    return rival
  }

  async function release(order: Order, into: Folder, { temporary }: HandOverRecord): Promise<void> {
    const bytes = await into.read(temporary)
    if (bytes === null) {
      // Somebody renamed it and died before saying so.
      logger.warn('sepa.hand_over_finished_by_record', { messageId: order.messageId })
      return
    }
    const present = await into.read(fileNameOf(order))
    if (present === null) await into.rename(temporary, fileNameOf(order)).catch(renamedByRival)
    else if (present.equals(bytes)) await into.remove(temporary)
    else throw new Error('Another file has the name of a payment file; it is left as it is.')
  }

  const isInTime = ({ createdAt }: Order): boolean =>
    clock.now().getTime() - Date.parse(createdAt) <= PUT_WITHIN_MS

  return {
    isInTime,

    /** Safe to repeat, here and in other processes. A file that cannot be put is waiting, never an error. */
    async ensure(order: Order, { isHeardOf = false } = {}): Promise<HandedOver> {
      if (order.handOver === 'download') return 'done'
      const found = await recordOf(documents, order)
      // A bank that speaks of it has it: somebody has carried it there, and a second copy would be one too many.
      if (found?.record.done || isHeardOf) return 'done'
      if (found?.record.withdrawn) return 'missed'
      if (!isInTime(order)) return 'missed'
      // The provider was set to downloads since: the file is among them.
      if (!folder) return 'waiting'
      if ((await mayLeave?.()) === false) return 'waiting'
      return put(order, folder).catch((error: unknown) => {
        logger.error('sepa.hand_over_failed', { messageId: order.messageId, ...errorFields(error) })
        return 'waiting'
      })
    },

    withdraw: createWithdraw({ documents, folder, random, isInTime }),
  }
}

export type HandOver = ReturnType<typeof createHandOver>

function renamedByRival(error: unknown): void {
  if ((error as { code?: unknown }).code !== 'ENOENT') throw error
}
