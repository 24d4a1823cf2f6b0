import type { QuarantinedDestination } from '../../src/db/store'
import { isFinal } from '../../src/domain/states'
import type { RetiredPayout } from '../../src/domain/withdrawal'
import type { PayoutHint } from '../../src/ports/payment-provider'
import type { MemoryFunctions } from './memory-store'
import {
  MAY_REST,
  type MemoryRetired,
  type MemoryRow,
  type MemoryTables,
  type Writable,
} from './memory-tables'

type WatchFunctions = Pick<
  MemoryFunctions,
  | 'listStuck'
  | ('claimRetired' | 'listRetiredPayouts' | 'watchRetiredAgain')
  | ('wake' | 'claimWatched' | 'watchAgain' | 'receiveEvent' | 'wakeHinted' | 'findHinted')
  | ('isQuarantined' | 'quarantine' | 'listQuarantine' | 'liftQuarantine')
>

/** The functions of src/db about what happens after the end, and about hints from outside. */
export const memoryWatch = (tables: MemoryTables): WatchFunctions => ({
  ...hints(tables),
  ...quarantine(tables),
  ...retired(tables),
  listStuck: (({ afterMs, providers, withoutProviderAfterMs, limit }) =>
    [...tables.rows.values()]
      .filter(({ state, provider, stateSince }) => {
        const ms = afterMs[state]
        if (ms === undefined || MAY_REST.includes(state)) return false
        const isKnown = providers.includes(provider)
        return tables.nowMs() - stateSince.getTime() > (isKnown ? ms : Math.min(ms, withoutProviderAfterMs))
      })
      .sort((a, b) => Number(a.stateSince) - Number(b.stateSince) || (a.id < b.id ? -1 : 1))
      .slice(0, limit)
      .map(tables.view)) satisfies MemoryFunctions['listStuck'],

  claimWatched(lease, limit) {
    const due = [...tables.rows.values()].filter(
      ({ id, watchAt }) =>
        watchAt !== null && watchAt.getTime() <= tables.nowMs() && !tables.passedOver.has(id),
    )
    due.sort((a, b) => Number(a.watchAt) - Number(b.watchAt))
    return due.slice(0, limit).map((row) => {
      const until = tables.at(lease.seconds * 1_000)
      const held = { leaseOwner: lease.owner, leaseUntil: until, watchAt: until, wokenAt: null }
      return tables.view(tables.put({ ...row, ...held, watchLooks: row.watchLooks + 1 }))
    })
  },

  watchAgain({ id, version, leaseOwner }, inMs) {
    const row = tables.rows.get(id)
    if (row?.version !== version || row.leaseOwner !== leaseOwner || !tables.isHeld(row)) return false
    const free: Writable<MemoryRow> = { ...row }
    free.leaseOwner = free.leaseUntil = free.wokenAt = null
    free.watchAt = row.wokenAt !== null ? tables.at() : inMs === null ? null : tables.at(inMs)
    tables.put(free)
    return true
  },
})

function hints(tables: MemoryTables) {
  const events = new Set<string>()

  function wakeRow(row: MemoryRow): void {
    const isHeld = tables.isHeld(row)
    tables.put({
      ...row,
      nextRunAt: row.nextRunAt !== null && !isHeld ? tables.at() : row.nextRunAt,
      wokenAt: isHeld ? tables.at() : null,
      watchAt: isFinal(row.state) ? tables.at() : null,
    })
  }
  const retiredBy = (provider: string, payouts: readonly PayoutHint[]): MemoryRetired[] =>
    [...tables.retired.values()].filter(
      (old) =>
        old.provider === provider &&
        payouts.some(
          ({ key, endToEndId, reference }) =>
            key === old.payoutKey ||
            endToEndId === old.endToEndId ||
            (reference !== undefined && reference === old.providerReference),
        ),
    )
  const wakeRetired = (found: readonly MemoryRetired[]): void => {
    for (const old of found) tables.retired.set(old.payoutKey, { ...old, watchAt: tables.at() })
  }
  const hinted = (provider: string, payouts: readonly PayoutHint[]): MemoryRow[] =>
    [...tables.rows.values()].filter((row) => {
      if (retiredBy(provider, payouts).some(({ withdrawalId }) => withdrawalId === row.id)) return true
      return (
        row.provider === provider &&
        payouts.some(
          ({ key, endToEndId, reference }) =>
            key === row.payoutKey ||
            endToEndId === row.endToEndId ||
            (reference !== undefined &&
              (reference === row.providerReference || reference === row.providerTransactionId)),
        )
      )
    })

  return {
    wake(id: string) {
      const row = tables.rows.get(id)
      if (!row || (row.nextRunAt === null && row.watchAt === null)) return false
      wakeRow(row)
      return true
    },
    receiveEvent: (({ provider, eventId, payouts }) => {
      if (events.has(`${provider} ${eventId}`)) return null
      events.add(`${provider} ${eventId}`)
      const rows = hinted(provider, payouts)
      rows.forEach(wakeRow)
      wakeRetired(retiredBy(provider, payouts))
      return rows.length
    }) satisfies MemoryFunctions['receiveEvent'],
    findHinted: ((provider, payouts) =>
      hinted(provider, payouts)
        .map((row) => tables.view(row))
        .sort((a, b) => (a.id < b.id ? -1 : 1))) satisfies MemoryFunctions['findHinted'],
    wakeHinted: ((provider, payouts) => {
      const rows = hinted(provider, payouts)
      rows.forEach(wakeRow)
      wakeRetired(retiredBy(provider, payouts))
      return rows.length
    }) satisfies MemoryFunctions['wakeHinted'],
  }
}

function retired(tables: MemoryTables) {
  const shown = ({ watchAt: _at, ...old }: MemoryRetired): RetiredPayout => ({ ...old, readAt: tables.at() })
  return {
    listRetiredPayouts: (withdrawalId: string) =>
      [...tables.retired.values()].filter((old) => old.withdrawalId === withdrawalId).map(shown),
    claimRetired(lease: { seconds: number }, limit: number) {
      const due = [...tables.retired.values()].filter(
        ({ watchAt }) => watchAt !== null && watchAt.getTime() <= tables.nowMs(),
      )
      due.sort((a, b) => Number(a.watchAt) - Number(b.watchAt))
      return due.slice(0, limit).map((old) => {
        tables.retired.set(old.payoutKey, { ...old, watchAt: tables.at(lease.seconds * 1_000) })
        return shown(old)
      })
    },
    watchRetiredAgain(payoutKey: string, inMs: number | null) {
      const old = tables.retired.get(payoutKey)
      if (Number(old?.watchAt ?? 0) <= tables.nowMs()) return
      if (old) tables.retired.set(payoutKey, { ...old, watchAt: inMs === null ? null : tables.at(inMs) })
    },
  }
}

function quarantine(tables: MemoryTables) {
  const { quarantined: held, accountOf: key } = tables
  return {
    isQuarantined: tables.isQuarantined satisfies MemoryFunctions['isQuarantined'],
    quarantine(entry: Omit<QuarantinedDestination, 'since'>) {
      const known = held.get(key(entry))
      const cameBackAt = tables.rows.get(entry.withdrawalId)?.stateSince
      if (known?.withdrawalId === entry.withdrawalId) return
      if (known && cameBackAt && known.since >= cameBackAt) return
      held.set(key(entry), { ...entry, since: tables.at(), isLifted: false })
    },
    listQuarantine: () =>
      [...held.values()]
        .filter(({ isLifted }) => !isLifted)
        .sort((a, b) => Number(b.since) - Number(a.since) || (key(a) < key(b) ? -1 : 1))
        .map(({ isLifted: _lifted, ...entry }) => entry),
    liftQuarantine: (({ destinationHash, userId }) => {
      const entries = [...held.values()].filter(
        (entry) =>
          !entry.isLifted &&
          entry.destinationHash === destinationHash &&
          (userId === null || entry.userId === userId),
      )
      for (const entry of entries) held.set(key(entry), { ...entry, isLifted: true })
      return entries.length > 0
    }) satisfies MemoryFunctions['liftQuarantine'],
  }
}
