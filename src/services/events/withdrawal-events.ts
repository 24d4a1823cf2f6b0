import type { NewDelivery, ToldEntry } from '../../db/deliveries'
import type { Endpoint } from '../../db/endpoints'
import { toJsonNumber } from '../../domain/money'
import { eventIdOf, type WithdrawalEvent, withdrawalEventOf } from '../../domain/outgoing'
import { publicStatus, stateRow } from '../../domain/states'

/** What an endpoint is told of; none named: everything. */
export const hears = ({ kinds }: Pick<Endpoint, 'kinds'>, kind: string): boolean =>
  kinds.length === 0 || kinds.includes(kind)

/** One message for each of the endpoints that want to hear of it, in the order of the entries. */
export const deliveriesOf = (
  entries: readonly ToldEntry[],
  endpoints: readonly Endpoint[],
): readonly NewDelivery[] =>
  entries.flatMap((entry) => {
    const kind = withdrawalEventOf(entry.from, entry.to)
    if (kind === null) return []
    const wanting = endpoints.filter((endpoint) => hears(endpoint, kind))
    if (wanting.length === 0) return []
    const message = {
      eventId: eventIdOf('wd', entry.withdrawalId, entry.seq, entry.at),
      kind,
      subject: entry.withdrawalId,
      payload: JSON.stringify(payloadOf(entry, kind)),
    }
    return wanting.map(({ id: endpointId }) => ({ endpointId, ...message }))
  })

/** As of the entry, and not of now. Of the account what is shown to everybody: never its number. */
function payloadOf(entry: ToldEntry, type: WithdrawalEvent) {
  const { to, reasonCode } = entry
  return {
    type,
    timestamp: entry.at.toISOString(),
    data: {
      id: entry.withdrawalId,
      // Grows with each change of this withdrawal; what has a smaller one is older.
      sequence: entry.seq,
      user_id: Number(entry.userId),
      currency: entry.currency,
      amount: toJsonNumber(entry.amount),
      fee: toJsonNumber(entry.fee),
      payout_amount: toJsonNumber(entry.payoutAmount),
      method: entry.method,
      destination: entry.destinationMasked,
      provider: entry.provider,
      status: publicStatus(to),
      stage: stateRow(to).stage,
      ...(reasonCode !== null && { reason_code: reasonCode }),
      created_at: entry.createdAt.toISOString(),
    },
  }
}
