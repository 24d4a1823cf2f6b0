import { Bank } from './bank'
import type { World } from './history'

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
        const { withdrawalId, state, stateBefore, lied } = payout
        const isLookedFor = knobs.lookup !== 'none' && knobs.returnWindowMs > 0
        if (state === 'returned' && !isLookedFor) checks.excuse(withdrawalId, 'paid_then_returned')
        if (state === 'returned' && stateBefore === 'returned') checks.excuse(withdrawalId, 'returned_again')
        if (state === 'declined' && stateBefore === 'paid') checks.excuse(withdrawalId, 'paid_then_declined')
        if (state === 'paid' && lied === 'declined_then_paid')
          checks.excuse(withdrawalId, 'declined_then_paid')
        if (state === 'paid' && lied === 'voided_then_paid') checks.excuse(withdrawalId, 'voided_then_paid')
        world.webhook(bank, payout)
      },
    })
    return bank
  })
