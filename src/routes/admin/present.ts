import type { StoredWithdrawal } from '../../db/store'
import { toJsonNumber } from '../../domain/money'
import { reasonText } from '../../domain/reasons'
import { isFinal, publicStatus } from '../../domain/states'
import type { JournalEntry } from '../../domain/withdrawal'
import type { SettingChange } from '../../services/settings/view'

/** Masked: an operator decides about a withdrawal without its account number. */
export const presentWithdrawal = (row: StoredWithdrawal) => ({
  id: row.id,
  user_id: row.userId,
  currency: row.currency,
  amount: toJsonNumber(row.amount),
  fee: toJsonNumber(row.fee),
  payout_amount: toJsonNumber(row.payoutAmount),
  method: row.method,
  destination: row.destinationMasked,
  provider: row.provider,
  mode: row.mode,
  state: row.state,
  status: publicStatus(row.state),
  version: row.version,
  reason_code: row.reasonCode ?? undefined,
  reason: row.reasonCode ? reasonText(row.reasonCode, isFinal(row.state)) : undefined,
  payout_key: row.payoutKey,
  end_to_end_id: row.endToEndId,
  batch_id: row.batchId ?? undefined,
  provider_reference: row.providerReference ?? undefined,
  provider_transaction_id: row.providerTransactionId ?? undefined,
  provider_status: row.providerStatus ?? undefined,
  returned_amount: row.returnedAmount === null ? undefined : toJsonNumber(row.returnedAmount),
  return_approved_at: row.returnApprovedAt?.toISOString(),
  next_run_at: row.nextRunAt?.toISOString(),
  state_since: row.stateSince.toISOString(),
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
})

export const presentEntry = ({ seq, at, event, from, to, actor, reasonCode, detail }: JournalEntry) => ({
  seq,
  at: at.toISOString(),
  event,
  from,
  to,
  actor,
  reason_code: reasonCode ?? undefined,
  detail,
})

/** As text, so that a list of them is read without knowing any setting. */
export const presentChange = ({ name, from, to, isSecret }: SettingChange) => ({
  name,
  ...(from !== null && { from: String(from) }),
  ...(to !== null && { to: String(to) }),
  ...(isSecret && { secret: true }),
})
