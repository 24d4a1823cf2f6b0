import type { Store } from '../../db/store'
import type { Destination } from '../../domain/destination'
import { isKitSafeId } from '../../domain/identifiers'
import { withoutPayees } from '../../domain/payee-words'
import type { Vault } from '../vault'

/** A text about these withdrawals without their payees' own names and accounts. */
export type Unnamed = (withdrawalIds: readonly string[], text: string) => Promise<string>

/** What no pattern finds, such as a name, is known here: it is sealed with the withdrawal. */
export const createUnnamed =
  ({ store, vault }: { store: Pick<Store, 'findWithdrawal'>; vault: Pick<Vault, 'open'> }): Unnamed =>
  async (withdrawalIds, text) => {
    const payees: Destination[] = []
    for (const id of new Set(withdrawalIds)) {
      const row = isKitSafeId(id) ? await store.findWithdrawal(id) : null
      const payee = row && opened(vault, row.id, row.destination)
      if (payee) payees.push(payee)
    }
    return withoutPayees(text, payees)
  }

/** What cannot be opened, or is erased, nobody can look for. */
function opened(vault: Pick<Vault, 'open'>, id: string, sealed: string): Destination | null {
  try {
    return vault.open(id, sealed)
  } catch {
    return null
  }
}
