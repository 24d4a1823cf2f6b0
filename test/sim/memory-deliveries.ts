import type { ClaimedDelivery, DeliveryStore, NewDelivery, ToldEntry } from '../../src/db/deliveries'
import type { Endpoint } from '../../src/db/endpoints'
import { GIVE_UP_MS } from '../../src/domain/outgoing'
import type { MemoryRow, MemoryTables } from './memory-tables'

/** Who listens, all the time. */
export const ENDPOINT: Endpoint = {
  ...{ id: 'endpoint-1', version: 1, audience: 'systems', name: 'books', url: 'https://books.example.com' },
  ...{ kinds: [], isOn: true, isRemoved: false, actor: 'operator:1', reason: 'r', at: new Date(0) },
}

interface Stored extends NewDelivery {
  readonly id: number
  readonly giveUpAtMs: number
  state: 'waiting' | 'delivered' | 'dead'
  attempts: number
  dueAtMs: number
  leaseOwner: string | null
}

export type MemoryDeliveries = Pick<
  DeliveryStore,
  'due' | 'claim' | 'tell' | 'delivered' | 'failed' | 'putBack' | 'forget'
>
type Immediate<Functions> = {
  readonly [Name in keyof Functions]: Functions[Name] extends (...given: infer Given) => Promise<infer Result>
    ? (...given: Given) => Result
    : never
}

/** What src/db/deliveries.ts does, on an array; the journal is told in the order in which it was committed. */
export class Deliveries {
  readonly stored: Stored[] = []
  private readonly entries: ToldEntry[] = []
  private place = 0

  constructor(private readonly tables: MemoryTables) {}

  /** An entry was committed. */
  appended(entry: Pick<ToldEntry, 'withdrawalId' | 'seq' | 'at' | 'from' | 'to'>, row: MemoryRow): void {
    const { withdrawalId, seq, at, from, to } = entry
    const { currency, amount, fee, payoutAmount, method, destinationMasked, provider, createdAt } = row
    const { reasonCode, userId } = row
    this.entries.push({
      ...{ withdrawalId, seq, at, from, to, reasonCode, userId: String(userId), currency, amount, fee },
      ...{ payoutAmount, method, destinationMasked, provider, createdAt },
    })
  }

  /** When a look finds something next, on the database's clock. */
  nextDueMs(): number {
    if (this.isAhead()) return 0
    const due = this.stored.filter((one) => this.isNext(one)).map(({ dueAtMs }) => dueAtMs)
    return Math.min(Infinity, ...due)
  }

  private isAhead = (): boolean =>
    this.entries.slice(this.place).some(({ from, to }) => (from as string | null) !== to)

  private isNext = (one: Stored): boolean =>
    one.state === 'waiting' &&
    (this.tables.isOff('turn') ||
      !this.stored.some(
        ({ subject, state, id }) => subject === one.subject && state === 'waiting' && id < one.id,
      ))

  private ours = ({ id, leaseOwner }: Pick<ClaimedDelivery, 'id' | 'leaseOwner'>): Stored | undefined =>
    this.stored.find(
      (one) => String(one.id) === id && one.leaseOwner === leaseOwner && one.state === 'waiting',
    )

  private behind = (first: Stored): Stored[] =>
    this.stored.filter(
      ({ subject, state, id }) => subject === first.subject && state === 'waiting' && id > first.id,
    )

  readonly functions: Immediate<MemoryDeliveries> = {
    due: () => ({
      endpoints: this.stored.some(
        ({ state, dueAtMs }) => state === 'waiting' && dueAtMs <= this.tables.nowMs(),
      )
        ? [...new Set(this.stored.map(({ endpointId }) => endpointId))]
        : [],
      isJournalAhead: this.isAhead(),
    }),
    claim: (_endpointId, { owner, seconds }, limit) => {
      const nowMs = this.tables.nowMs()
      const due = this.stored.filter((one) => one.dueAtMs <= nowMs && this.isNext(one))
      due.sort((a, b) => a.dueAtMs - b.dueAtMs || a.id - b.id)
      return due.slice(0, limit).map((one) => {
        Object.assign(one, {
          leaseOwner: owner,
          dueAtMs: nowMs + seconds * 1_000,
          attempts: one.attempts + 1,
        })
        const { id, endpointId, eventId, kind, payload, attempts } = one
        return { id: String(id), endpointId, eventId, kind, payload, attempts, leaseOwner: owner }
      })
    },
    tell: (limit, deliveriesOf) => {
      const read = this.entries
        .slice(this.place)
        .filter(({ from, to }) => (from as string | null) !== to)
        .slice(0, limit)
      const [last] = read.slice(-1)
      if (!last) return 0
      const nowMs = this.tables.nowMs()
      for (const made of deliveriesOf(read, [ENDPOINT]))
        this.stored.push({
          ...{ ...made, id: this.stored.length + 1, giveUpAtMs: nowMs + GIVE_UP_MS, state: 'waiting' },
          ...{ attempts: 0, dueAtMs: nowMs, leaseOwner: null },
        })
      this.place = this.entries.indexOf(last) + 1
      return read.length
    },
    delivered: (claim) => {
      const one = this.ours(claim)
      if (!one) return false
      Object.assign(one, { state: 'delivered', leaseOwner: null })
      for (const next of this.behind(one)) next.dueAtMs = Math.min(next.dueAtMs, this.tables.nowMs())
      return true
    },
    failed: (claim, _result, waitMs) => {
      const one = this.ours(claim)
      if (!one) return null
      const dueAtMs = this.tables.nowMs() + waitMs
      const isDead = dueAtMs > one.giveUpAtMs
      Object.assign(one, { leaseOwner: null, dueAtMs, state: isDead ? 'dead' : 'waiting' })
      for (const next of this.behind(one)) next.dueAtMs = isDead ? this.tables.nowMs() : dueAtMs
      return one.state === 'delivered' ? null : one.state
    },
    putBack: (claim, waitMs) => {
      const one = this.ours(claim)
      if (!one) return
      Object.assign(one, {
        leaseOwner: null,
        attempts: one.attempts - 1,
        dueAtMs: this.tables.nowMs() + waitMs,
      })
    },
    forget: () => 0,
  }
}
