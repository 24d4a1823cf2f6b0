import type { Batch, ProviderState, ReadyGroup, StateChange, StoredWithdrawal } from '../../src/db/store'
import { sum } from '../../src/domain/money'
import type { MemoryFunctions } from './memory-store'
import type { MemoryBatch, MemoryRow, MemoryTables } from './memory-tables'

type BatchFunctions = Pick<
  MemoryFunctions,
  | (
      | 'readyGroups'
      | 'noteWaiting'
      | 'claimReady'
      | 'renewLeases'
      | 'freezeBatch'
      | 'claimBatch'
      | 'freezeResend'
    )
  | ('concludeBatch' | 'doubtAbandonedBatches' | 'findBatch' | 'listBatches' | 'listBatchMembers')
  | ('readProviderStates' | 'setProviderPaused')
>

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The functions of src/db about batches and providers. */
export function memoryBatches(
  tables: MemoryTables,
  changeAll: (changes: readonly StateChange[]) => StoredWithdrawal[],
): BatchFunctions {
  const { at, view, nowMs } = tables
  const providers = new Map<string, ProviderState>()
  const isReady = (row: MemoryRow): boolean =>
    row.state === 'ready' &&
    row.mode === 'batch' &&
    row.nextRunAt !== null &&
    row.nextRunAt.getTime() <= nowMs()
  const ready = (): MemoryRow[] => [...tables.rows.values()].filter(isReady)
  const shown = ({ members: _members, ...batch }: MemoryBatch): Batch => batch
  const set = (batch: MemoryBatch, more: Partial<MemoryBatch>): void =>
    void tables.batches.set(batch.id, { ...batch, ...more, updatedAt: at() })
  /** In the order the changes were given in. */
  const inOrder = (moved: readonly StoredWithdrawal[], changes: readonly StateChange[]) => {
    const order = new Map(changes.map(({ id }, index) => [id, index]))
    return [...moved].sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0))
  }

  return {
    readyGroups(provider) {
      const groups = new Map<string, MemoryRow[]>()
      for (const row of ready())
        if (provider === undefined || row.provider === provider) {
          const key = `${row.provider} ${row.currency}`
          groups.set(key, [...(groups.get(key) ?? []), row])
        }
      return [...groups.values()].map(summary).sort((a, b) => byText(key(a), key(b)))
    },

    claimReady({ provider, currency }, lease, limit) {
      const due = ready().filter(
        (row) => row.provider === provider && row.currency === currency && !tables.passedOver.has(row.id),
      )
      due.sort((a, b) => tables.byDueTime(a, b) || byText(a.id, b.id))
      return due
        .slice(0, limit)
        .map((row) => tables.lease(row, lease, { attempts: row.attempts + 1, wokenAt: null }))
        .sort((a, b) => Number(a.createdAt) - Number(b.createdAt) || byText(a.id, b.id))
    },

    renewLeases(lease, ids) {
      const kept = ids.filter((id) => {
        const row = tables.rows.get(id)
        return row?.leaseOwner === lease.owner && tables.isHeld(row)
      })
      for (const id of kept) tables.lease(tables.rows.get(id) as MemoryRow, lease)
      return new Set(kept)
    },

    freezeBatch: ({ seal, ...draft }, changes) =>
      tables.atomically(() => {
        const into = changes.map((change) => ({ ...change, patch: { ...change.patch, batchId: draft.id } }))
        const members = inOrder(changeAll(into), changes)
        if (members.length === 0) return members
        const now = at()
        tables.batches.set(draft.id, {
          ...draft,
          ...seal(members),
          ...{ state: 'sending', itemCount: members.length, attempts: 1 },
          ...{ providerReference: null, reasonCode: null, createdAt: now, sentAt: now, updatedAt: now },
          members: members.map(({ id }) => id),
        })
        return members
      }),

    noteWaiting({ provider, currency }, { reasonCode, untilResumed }) {
      for (const row of ready())
        if (row.provider === provider && row.currency === currency)
          tables.rows.set(row.id, { ...row, reasonCode, waitsForResume: untilResumed })
    },

    claimBatch(batchId, lease, from) {
      const batch = tables.batches.get(batchId)
      const rows = (batch?.members ?? []).flatMap((id) => tables.rows.get(id) ?? [])
      const free = rows.filter(
        (row) =>
          row.batchId === batchId &&
          row.state === 'in_doubt' &&
          !tables.passedOver.has(row.id) &&
          (tables.isHeld(row) ? row.leaseOwner === from.owner : row.id !== from.id),
      )
      if (tables.passedOver.has(batchId)) return null
      if (free.length === 0 || free.length !== batch?.itemCount) return null
      return free.map((row) => tables.lease(row, lease))
    },

    freezeResend: ({ id, attempts }, changes) =>
      tables.atomically(() => {
        const noted = changeAll(changes)
        const batch = tables.batches.get(id)
        if (noted.length < changes.length || batch?.attempts !== attempts) return null
        if (batch.providerReference !== null) return null
        set(batch, { state: 'sending', attempts: attempts + 1, sentAt: at() })
        return inOrder(noted, changes)
      }),

    concludeBatch({ id, attempts }, { state, providerReference, reasonCode }) {
      const batch = tables.batches.get(id)
      if (batch?.attempts !== attempts) return false
      set(batch, { state, reasonCode, providerReference: providerReference ?? batch.providerReference })
      return true
    },

    doubtAbandonedBatches(afterSeconds) {
      for (const batch of tables.batches.values())
        if (batch.state === 'sending' && batch.sentAt.getTime() < nowMs() - afterSeconds * 1_000)
          set(batch, { state: 'in_doubt' })
    },

    findBatch(id) {
      const batch = tables.batches.get(id)
      return batch ? shown(batch) : null
    },
    listBatches: ({ provider, state, offset, limit }) =>
      [...tables.batches.values()]
        .filter((batch) => provider === undefined || batch.provider === provider)
        .filter((batch) => state === undefined || batch.state === state)
        .sort((a, b) => Number(b.createdAt) - Number(a.createdAt) || byText(b.id, a.id))
        .slice(offset, offset + limit)
        .map(shown),
    listBatchMembers: (id) =>
      (tables.batches.get(id)?.members ?? []).flatMap((member) => {
        const row = tables.rows.get(member)
        return row ? [view(row)] : []
      }),

    readProviderStates: () => [...providers.values()].sort((a, b) => byText(a.provider, b.provider)),
    setProviderPaused({ version, ...decision }) {
      const known = providers.get(decision.provider)
      if ((known?.version ?? 0) !== version) return null
      const decided = { ...decision, version: version + 1, updatedAt: at() }
      providers.set(decision.provider, decided)
      if (!decided.isPaused)
        for (const row of tables.rows.values())
          if (
            row.provider === decided.provider &&
            row.state === 'ready' &&
            row.waitsForResume &&
            row.nextRunAt !== null &&
            !tables.isHeld(row)
          )
            tables.put({ ...row, nextRunAt: at(), reasonCode: null, waitsForResume: false })
      return decided
    },
  }
}

const key = ({ provider, currency }: { provider: string; currency: string }): string =>
  `${provider} ${currency}`

function summary(rows: readonly MemoryRow[]): ReadyGroup {
  const [first] = rows
  if (!first) throw new Error('A group has rows.')
  return {
    provider: first.provider,
    currency: first.currency,
    count: rows.length,
    total: sum(rows.map(({ payoutAmount }) => payoutAmount)),
    oldestSince: new Date(Math.min(...rows.map(({ stateSince }) => stateSince.getTime()))),
  }
}
