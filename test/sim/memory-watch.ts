import type { Difference, QuarantinedDestination } from '../../src/db/store'
import { isFinal } from '../../src/domain/states'
import { ENDS_BY_ITSELF } from '../../src/domain/stuck'
import type { RetiredPayout } from '../../src/domain/withdrawal'
import type { PayoutHint } from '../../src/ports/payment-provider'
import type { MemoryFunctions } from './memory-store'
import type { MemoryRetired, MemoryRow, MemoryTables } from './memory-tables'

type WatchFunctions = Pick<
  MemoryFunctions,
  | ('listStuck' | 'closeOvertaken')
  | ('claimRetired' | 'listRetiredPayouts' | 'watchRetiredAgain')
  | ('wake' | 'claimWatched' | 'watchAgain' | 'receiveEvent' | 'wakeHinted')
  | ('isQuarantined' | 'quarantine' | 'listQuarantine' | 'liftQuarantine')
  | ('openDifference' | 'resolveDifference' | 'listDifferences')
>

/** The functions of src/db about what happens after the end, and about hints from outside. */
export const memoryWatch = (tables: MemoryTables): WatchFunctions => ({
  ...hints(tables),
  ...quarantine(tables),
  ...differences(tables),
  ...retired(tables),
  listStuck: (({ afterMs, providers, withoutProviderAfterMs, limit }) =>
    [...tables.rows.values()]
      .filter(({ state, provider, stateSince }) => {
        const ms = afterMs[state]
        if (ms === undefined) return false
        const isKnown = providers.includes(provider)
        return tables.nowMs() - stateSince.getTime() > (isKnown ? ms : Math.min(ms, withoutProviderAfterMs))
      })
      .sort((a, b) => Number(a.stateSince) - Number(b.stateSince) || (a.id < b.id ? -1 : 1))
      .slice(0, limit)
      .map(tables.view)) satisfies MemoryFunctions['listStuck'],

  claimWatched(lease, limit) {
    const due = [...tables.rows.values()].filter(
      ({ watchAt }) => watchAt !== null && watchAt.getTime() <= tables.nowMs(),
    )
    due.sort((a, b) => Number(a.watchAt) - Number(b.watchAt))
    return due.slice(0, limit).map((row) => {
      const until = tables.at(lease.seconds * 1_000)
      const held = { leaseOwner: lease.owner, leaseUntil: until, watchAt: until }
      return tables.view(tables.put({ ...row, ...held, watchLooks: row.watchLooks + 1 }))
    })
  },

  watchAgain({ id, version, leaseOwner }, inMs) {
    const row = tables.rows.get(id)
    if (row?.version !== version || row.leaseOwner !== leaseOwner || !tables.isHeld(row)) return false
    tables.put({
      ...row,
      leaseOwner: null,
      leaseUntil: null,
      watchAt: inMs === null ? null : tables.at(inMs),
    })
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
            (reference !== undefined && reference === row.providerReference),
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
      if (old) tables.retired.set(payoutKey, { ...old, watchAt: inMs === null ? null : tables.at(inMs) })
    },
  }
}

function quarantine(tables: MemoryTables) {
  const held = new Map<string, QuarantinedDestination & { isLifted: boolean }>()
  return {
    isQuarantined: (hash: string) => held.get(hash)?.isLifted === false,
    quarantine(entry: Omit<QuarantinedDestination, 'since'>) {
      if (held.get(entry.destinationHash)?.withdrawalId === entry.withdrawalId) return
      held.set(entry.destinationHash, { ...entry, since: tables.at(), isLifted: false })
    },
    listQuarantine: () =>
      [...held.values()].filter(({ isLifted }) => !isLifted).map(({ isLifted: _lifted, ...entry }) => entry),
    liftQuarantine({ destinationHash }: { destinationHash: string }) {
      const entry = held.get(destinationHash)
      if (!entry || entry.isLifted) return false
      held.set(destinationHash, { ...entry, isLifted: true })
      return true
    },
  }
}

function differences(tables: MemoryTables) {
  const all = new Map<string, Difference>()
  const key = ({ kind, withdrawalId }: { kind: string; withdrawalId: string }) => `${kind} ${withdrawalId}`
  return {
    openDifference: ((difference) => {
      if (all.has(key(difference))) return false
      const open = { resolvedAt: null, resolvedBy: null, resolution: null, openedAt: tables.at() }
      all.set(key(difference), { ...difference, ...open, id: String(all.size + 1) })
      return true
    }) satisfies MemoryFunctions['openDifference'],
    resolveDifference: (({ by, resolution, ...of }) => {
      const known = all.get(key(of))
      if (!known || known.resolvedAt !== null) return false
      all.set(key(of), { ...known, resolvedAt: tables.at(), resolvedBy: by, resolution })
      return true
    }) satisfies MemoryFunctions['resolveDifference'],
    closeOvertaken() {
      let closed = 0
      for (const [name, one] of all) {
        const row = tables.rows.get(one.withdrawalId)
        if (!row || one.resolvedAt !== null) continue
        const ends: readonly string[] =
          (ENDS_BY_ITSELF as Readonly<Record<string, readonly string[]>>)[one.kind] ?? []
        const isOver = one.kind === 'stuck' ? row.stateSince > one.openedAt : ends.includes(row.state)
        if (!isOver) continue
        closed++
        const answer = { resolvedBy: 'worker', resolution: 'It went on by itself.' }
        all.set(name, { ...one, ...answer, resolvedAt: tables.at() })
      }
      return closed
    },
    listDifferences: (({ isOpen, limit }) =>
      [...all.values()]
        .filter(({ resolvedAt }) => (resolvedAt === null) === isOpen)
        .slice(0, limit)) satisfies MemoryFunctions['listDifferences'],
  }
}
