import type { Randomness } from '../../ports/clock'
import type { ProviderDocuments } from '../../ports/payment-provider'
import type { Folder } from './folder'
import { fileNameOf, type HandOverRecord, idOf, recordOf } from './hand-over-record'
import type { Order } from './ledger'

interface WithdrawDeps {
  readonly documents: ProviderDocuments
  readonly folder: Folder | null
  readonly random: Randomness
  /** Whether a program may still be about to put the file. */
  readonly isInTime: (order: Order) => boolean
}

/** Why a file cannot be called void, for the person who asked. */
const IN_THE_WAY = {
  inFolder:
    'The file lies in the folder for the bank. Take it out first, and be sure that nobody has read it.',
  moving: 'The file is just being put into the folder for the bank. Look there, and try again.',
  noFolder: 'Whether the file lies in the folder for the bank cannot be seen. Bring the folder back first.',
} as const

/**
 * Sees to it that no program puts a file into the folder any more. Safe to repeat.
 *
 * @returns null, or why that cannot be promised, in a sentence.
 */
export function createWithdraw({ documents, folder, random, isInTime }: WithdrawDeps) {
  const liesInFolder = async (order: Order): Promise<boolean> =>
    (await folder?.read(fileNameOf(order)).catch(() => null)) != null

  const isSameFolder = async ({ folderId }: HandOverRecord): Promise<boolean> =>
    (await folder?.identity(random.newId()).catch(() => null)) === folderId

  return async (order: Order): Promise<string | null> => {
    if (order.handOver === 'download') return null
    const found = await recordOf(documents, order)
    if (!found) {
      const never: HandOverRecord = { temporary: '', folderId: '', done: false, withdrawn: true }
      return (await documents.create(idOf(order), never)) ? null : IN_THE_WAY.moving
    }
    const { record, version } = found
    if (await liesInFolder(order)) return IN_THE_WAY.inFolder
    // Put, and taken away since: what became of it there is what the operator speaks of.
    if (record.done || record.temporary === '') return null
    if (!(await isSameFolder(record))) return isInTime(order) ? IN_THE_WAY.noFolder : null
    const marked: HandOverRecord = { ...record, withdrawn: true }
    if (!record.withdrawn && !(await documents.replace(idOf(order), marked, version)))
      return IN_THE_WAY.moving
    // Once the bytes are gone nobody can give them their name. Gone already: another program has just done it.
    const isRemoved = await folder?.remove(record.temporary).then(() => true, absentIsFalse)
    if (isRemoved) return null
    if (await liesInFolder(order)) return IN_THE_WAY.inFolder
    return record.withdrawn ? null : IN_THE_WAY.moving
  }
}

function absentIsFalse(error: unknown): false {
  if ((error as { code?: unknown }).code !== 'ENOENT') throw error
  return false
}
