import { type ActionKey, actionOf } from '../../src/domain/actions'
import { sameAmount } from '../../src/domain/money'
import type { Chance } from './chance'
import type { World } from './history'
import type { MemoryRow } from './memory-tables'

/** For so long the desk waits for an answer. */
const PATIENCE_MS = 30_000

/**
 * A person at the desk who looks at the books of the bank and of the exchange before he answers, and answers what they
 * say: what nobody can promise anything against is a person who lies. He may do so at any moment, and all else at will.
 */
export class Operator {
  constructor(
    private readonly world: World,
    private readonly chance: Chance,
  ) {}

  /** Does something that may be done with some withdrawal, as it is shown to him. */
  act(): void {
    const { rows } = this.world.store.tables
    if (this.world.anyProcess() === null || rows.size === 0) return
    const row = this.chance.pick([...rows.values()])
    const possible = this.possible(row)
    if (possible.length > 0) this.do(this.chance.pick(possible), row, this.chance.isLucky(0.5))
  }

  /** All that he could say of it now without saying what is not so. */
  possible(row: MemoryRow): readonly ActionKey[] {
    const { store, processes } = this.world
    const booted = processes.find((process) => process?.generation.alive)
    return (booted?.operate.possible(store.tables.view(row)) ?? []).filter((key) => this.isTrue(key, row.id))
  }

  do(key: ActionKey, row: MemoryRow, saysVersion: boolean): void {
    const paid = this.payouts(row.id).find(({ state }) => state === 'paid')
    const decision = {
      ...{ actor: 'operator:1', reason: 'It was looked into.' },
      evidence: actionOf(key).evidence === 'note' ? 'the books' : null,
      transactionId: actionOf(key).evidence === 'transaction' ? (paid?.transactionId ?? null) : null,
      version: saysVersion ? row.version : null,
    }
    const process = this.world.anyProcess()
    // One that is asleep for longer finds that he has hung up (routes/admin/still-asked.ts).
    const nowMs = this.world.timeline.nowMs
    if (!process || process.generation.pausedUntilMs > nowMs + PATIENCE_MS) return
    // Refused, too late, or a process that died: what became of it is for the books to say.
    process.operate.act(key, row.id, decision).catch(() => {})
  }

  private payouts = (id: string) => this.world.payoutsOf(id)

  private isTrue(key: ActionKey, id: string): boolean {
    const payouts = this.payouts(id)
    const isGone = payouts.some(({ state }) => state === 'paid')
    // Of another amount is something else again.
    const isPaid = payouts.some(
      ({ state, amount, item }) => state === 'paid' && sameAmount(amount, item.amount),
    )
    const isOpen = payouts.some(({ state }) => state === 'pending')
    const burns = this.world.wallet.burnsFor(id)
    const notPaid = !isGone && !isOpen
    const said: Partial<Record<ActionKey, boolean>> = {
      'send-again': notPaid,
      'resolve:releasing': notPaid,
      'resolve:canceled': notPaid && burns.every(({ state }) => state === 'released'),
      'resolve:settling': isPaid && burns.some(({ state }) => state !== 'released'),
      'resolve:processed': isPaid && burns.some(({ state }) => state === 'settled'),
      // He would have to credit the user himself, first.
      'resolve:returned': false,
    }
    return said[key] ?? true
  }
}
