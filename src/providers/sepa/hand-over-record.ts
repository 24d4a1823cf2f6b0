import type { ProviderDocuments } from '../../ports/payment-provider'
import type { Order } from './ledger'

/** How far a file has got on its way into the folder: document `hand-over/<order key>`. */
export interface HandOverRecord {
  /** Where the bytes lie until they get their name. Empty where they were never put anywhere. */
  readonly temporary: string
  /** Which folder that is; in another one "gone" would mean nothing. */
  readonly folderId: string
  readonly done: boolean
  /** It is not to be put any more: its file was called void. */
  readonly withdrawn?: true
}

export const fileNameOf = ({ messageId }: Pick<Order, 'messageId'>): string => `${messageId}.xml`
export const idOf = ({ key }: Pick<Order, 'key'>): string => `hand-over/${key}`

export async function recordOf(documents: ProviderDocuments, order: Pick<Order, 'key'>) {
  const found = await documents.read(idOf(order))
  return found && { record: found.value as HandOverRecord, version: found.version }
}
