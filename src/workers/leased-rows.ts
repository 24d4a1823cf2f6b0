import type { Store, StoredWithdrawal } from '../db/store'
import { LeaseLostError } from '../errors'
import type { Clock } from '../ports/clock'
import type { Lease } from './lease'

/** Thousands of rows in one worker's hands: their leases are kept alive while the slow calls go on. */
export class LeasedRows {
  private readonly ids: Set<string>
  private askedAtMs: number
  private renewing: Promise<void> | null = null

  constructor(
    private readonly deps: { readonly store: Pick<Store, 'renewLeases'>; readonly clock: Clock },
    rows: readonly StoredWithdrawal[],
    private readonly lease: Lease,
  ) {
    this.ids = new Set(rows.map(({ id }) => id))
    this.askedAtMs = lease.askedAtMs
  }

  has(id: string): boolean {
    return this.ids.has(id)
  }

  /** The lease as it stands after the last renewal. */
  current(): Lease {
    return { ...this.lease, askedAtMs: this.askedAtMs }
  }

  /** They are somebody else's from here on. */
  release(rows: readonly StoredWithdrawal[]): void {
    for (const { id } of rows) this.ids.delete(id)
  }

  /** Renews when a third of the time is gone; whoever comes meanwhile waits for it. */
  async renewInTime(): Promise<void> {
    if (this.renewing) return this.renewing
    const third = (this.lease.seconds * 1_000) / 3
    if (this.deps.clock.monotonicMs() - this.askedAtMs < third) return
    this.renewing = this.renew().finally(() => {
      this.renewing = null
    })
    return this.renewing
  }

  /** What is not ours any more is dropped. */
  async renew(): Promise<void> {
    const askedAtMs = this.deps.clock.monotonicMs()
    const kept = await this.deps.store.renewLeases(this.lease, [...this.ids])
    for (const id of this.ids) if (!kept.has(id)) this.ids.delete(id)
    this.askedAtMs = askedAtMs
  }

  /** @throws {LeaseLostError} There is too little time left for a call of this length. */
  ensure(callTimeoutMs: number): void {
    if (this.deps.clock.monotonicMs() + callTimeoutMs > this.askedAtMs + this.lease.seconds * 1_000)
      throw new LeaseLostError('Too little of the leases is left to make the call within them.')
  }
}
