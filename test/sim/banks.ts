import { Bank, type Payout } from './bank'
import type { Excuse } from './exclusions'
import type { World } from './history'
import type { ProviderKnobs } from './knobs'
import type { MemoryRow } from './memory-tables'

/** The providers of a history, and what each of their changes means to the rest of it. */
export const createBanks = (world: World, seed: number): readonly Bank[] =>
  world.knobs.providers.map((knobs, number) => {
    const name = number === 0 ? 'bank' : `bank-${number + 1}`
    const { timeline, faults, checks, store } = world
    const bank: Bank = new Bank(name, knobs, seed ^ Math.imul(number, 0x27d4eb2f), timeline, faults, {
      isThrottled: () => world.around.down.throttle > timeline.nowMs,
      onOrdered: (order, earlier) => checks.ordered(order, earlier),
      onExecuted: (payout) => checks.executed(payout),
      ownerOf: (key) => {
        const { rows, retired } = store.tables
        for (const { id, payoutKey } of rows.values()) if (payoutKey === key) return id
        return retired.get(key)?.withdrawalId ?? null
      },
      onChanged: (payout) => {
        const row = store.tables.rows.get(payout.withdrawalId)
        for (const excuse of excusesOf(payout, row, knobs)) checks.excuse(payout.withdrawalId, excuse)
        world.webhook(bank, payout)
      },
    })
    return bank
  })

/** What this change is that nobody can keep a promise about. */
function excusesOf(payout: Payout, row: MemoryRow | undefined, knobs: ProviderKnobs): readonly Excuse[] {
  const { state, stateBefore, lied, item } = payout
  if (state === 'declined') return stateBefore === 'paid' ? ['paid_then_declined'] : []
  if (state === 'returned') {
    const unseen: readonly Excuse[] = isLookedFor(row, knobs) ? [] : ['paid_then_returned']
    return stateBefore === 'returned' ? [...unseen, 'returned_again'] : unseen
  }
  if (state !== 'paid') return []
  if (lied === 'voided_then_paid') return [lied]
  if (lied !== 'declined_then_paid') return []
  return row && row.payoutKey !== item.key ? [lied, 'declined_then_resent'] : [lied]
}

function isLookedFor(row: MemoryRow | undefined, { lookup, returnWindowMs }: ProviderKnobs): boolean {
  if (lookup === 'none' || returnWindowMs <= 0) return false
  // A person said that it was paid, and what the bank knows it by was never heard.
  const isSaid = row?.state === 'processed' || row?.state === 'settling'
  return !(lookup === 'by_reference' && isSaid && row.providerReference === null)
}
