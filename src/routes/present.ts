import type { ListedWithdrawal } from '../db/store'
import type { BankDestination, Destination } from '../domain/destination'
import { isFeeDeducted } from '../domain/fee'
import { toJsonNumber } from '../domain/money'
import { reasonText } from '../domain/reasons'
import { isFinal, publicStatus, stateRow } from '../domain/states'
import { isCancelable } from '../domain/withdrawal'
import type { Vault } from '../services/vault'

/** Row to JSON for its owner; the only place that shapes a withdrawal for a client. */
export interface Presenter {
  record(row: ListedWithdrawal): Record<string, unknown>
  /** The shape of the IoTaaP withdrawal API. */
  iotaapRecord(row: ListedWithdrawal): Record<string, unknown>
}

export function createPresenter(deps: {
  vault: Vault
  /** When the money should have come; null where that cannot be said. */
  expectedAt: (row: ListedWithdrawal) => Date | null
}): Presenter {
  /** Shown in full to its owner; masked when its key is gone, so that the record can still be read. */
  const destinationFields = (row: ListedWithdrawal): Record<string, string> => {
    try {
      return fieldsOf(deps.vault.open(row.id, row.destination))
    } catch {
      return row.method === 'BANK' ? { iban: row.destinationMasked } : { paypal_id: row.destinationMasked }
    }
  }

  return {
    record(row) {
      const status = publicStatus(row.state)
      return {
        id: row.id,
        currency: row.currency,
        amount: toJsonNumber(row.amount),
        fee: toJsonNumber(row.fee),
        // What the beneficiary gets, where the fee is taken off the amount.
        payout_amount: isFeeDeducted(row) ? toJsonNumber(row.payoutAmount) : undefined,
        method: row.method,
        ...destinationFields(row),
        status,
        completed: status === 'processed',
        stage: stateRow(row.state).stage,
        reason_code: row.reasonCode ?? undefined,
        reason: row.reasonCode ? reasonText(row.reasonCode, isFinal(row.state)) : undefined,
        transaction_id: row.state === 'processed' ? (row.settledBurnId ?? row.id) : row.id,
        provider: row.provider,
        provider_transaction_id: row.providerTransactionId ?? undefined,
        cancelable: isCancelable(row),
        eta: deps.expectedAt(row)?.toISOString(),
        created_at: row.createdAt.toISOString(),
        updated_at: row.updatedAt.toISOString(),
      }
    },

    iotaapRecord(row) {
      const status = publicStatus(row.state)
      const { iban, bank, swift, paypal_id } = destinationFields(row)
      return {
        _id: row.id,
        created_at: row.createdAt.toISOString(),
        amount: toJsonNumber(row.amount),
        method: row.method,
        ...(row.method === 'BANK' ? { bank, iban, swift } : { paypal_id }),
        owner: row.userId,
        completed: status === 'processed',
        status,
        // That API's documents carry their storage's revision; a withdrawal is never revised.
        __v: 0,
      }
    },
  }
}

const fieldsOf = (destination: Destination): Record<string, string> =>
  destination.method === 'BANK' ? bankFields(destination) : { paypal_id: destination.paypalId }

const bankFields = ({ bank, iban, swift, accountHolder }: BankDestination): Record<string, string> => ({
  ...(bank !== undefined && { bank }),
  iban,
  ...(swift !== undefined && { swift }),
  ...(accountHolder !== undefined && { account_holder: accountHolder }),
})
