import type { Store } from '../../db/store'
import { userOf } from '../../domain/approvals'
import { batchKeyOf } from '../../domain/batch'
import type { Vault } from '../vault'
import { acceptedAs, ownWithdrawal } from './actions'
import type { FileExchange } from './files'

export interface OwnFileDeps {
  readonly files: Pick<FileExchange, 'list'>
  readonly store: Pick<Store, 'listBatchMembers' | 'findHinted'>
  readonly vault: Vault
}

const BATCH = batchKeyOf('')

/**
 * What is in a file that is called void leaves again: whoever has carried it to the bank would be paid twice by a word.
 *
 * @throws {AppError} `own_withdrawal`. `provider_not_found`. A file that is not there is for others to say.
 */
export type RefuseOwnFile = (provider: string, name: string, actor: string) => Promise<void>

export const createRefuseOwnFile =
  ({ files, store, vault }: OwnFileDeps): RefuseOwnFile =>
  async (provider, name, actor) => {
    const file = (await files.list(provider)).find((listed) => listed.name === name)
    if (!file) return
    const { orderKey: key } = file
    const rows = key.startsWith(BATCH)
      ? await store.listBatchMembers(key.slice(BATCH.length))
      : await store.findHinted(provider, [{ key }])
    // Whose it is, is not what somebody has made of the table meanwhile.
    const owners = rows.flatMap((row) => [row.userId, acceptedAs(row, { vault }).userId])
    if (owners.some((userId) => userId === userOf(actor))) throw ownWithdrawal()
  }
