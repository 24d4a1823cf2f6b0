import type { State } from '../../src/domain/states'
import { World } from './history'
import type { Knobs } from './knobs'
import type { Mutant } from './process'
import { POISON } from './secrecy'

/**
 * I11: the same withdrawals of one seed without a fault, once as they are and once with the first of them poisoned.
 * What is compared is how long the others take from their request to their end, in the history's own time.
 */
export type PoisonKind = 'unreadable' | 'refused_item' | 'odd_status' | 'odd_burn'
export const POISONS: readonly PoisonKind[] = ['unreadable', 'refused_item', 'odd_status', 'odd_burn']

/** The account of the first client (plan.ts numbers them). */
const FIRST = 'DE89370400440532000000'
const SECOND = 1_000
const MINUTE = 60 * SECOND
/** By then all of the others have ended; whoever has not is counted as late as this. */
const WATCHED_MS = 60 * MINUTE
const ENDS: readonly State[] = ['processed', 'canceled', 'returned']

/** Nothing of it is left to chance but the moments, and what the provider and the wallet are like. */
const quietly = (knobs: Knobs): Knobs => ({
  ...knobs,
  ...{ withdrawals: 6, processes: 2, faultsUntilMs: MINUTE, batchEveryMs: 20 * SECOND, concurrency: 2 },
  ...{ float: null, isHeard: false, books: null, byFormShare: 0, isSealed: false, clockSkewMs: 0 },
  ...{ currencies: ['eur'], wallet: { ...knobs.wallet, balance: 1_000_000 } },
  providers: knobs.providers.slice(0, 1).map((provider) => ({
    ...provider,
    ...{ instantShare: 1, declinedShare: 0, badShare: 0, goesBadShare: 0, voidedShare: 0 },
    ...{ keyLifetimeMs: 24 * 60 * MINUTE, replay: 'outcome', knowsItemKeys: true },
    ...{ notFoundConclusiveAfterMs: 0, lookupLagMs: 0 },
  })),
})

/** What the others see of the first one: each process is told of it as it asks. */
function poisoned(kind: PoisonKind, damage: (id: string) => void): Mutant {
  const ids = new Set<string>()
  const isIts = (key: string): boolean => [...ids].some((id) => key.includes(id))
  const unreadable = { kind: 'unknown', why: 'malformed answer' } as const
  const rubbish = { kind: 'PAYOUT_STATUS_17' } as never
  return {
    name: kind,
    believes: 'nothing: it is the world that is odd',
    store: (store) => ({
      ...store,
      insertWithdrawal: (draft, ...given) => {
        const isFirst = draft.destination.includes(FIRST)
        if (isFirst) ids.add(draft.id)
        return store.insertWithdrawal(draft, ...given)
      },
      // Somebody damages it while it waits to be sent.
      changeState: async (change) => {
        const row = await store.changeState(change)
        if (row && kind === 'unreadable' && change.to === 'ready' && isIts(change.id)) damage(change.id)
        return row
      },
      changeStates: async (changes) => {
        const moved = new Set(await store.changeStates(changes))
        for (const { id, to } of changes)
          if (kind === 'unreadable' && to === 'ready' && moved.has(id) && isIts(id)) damage(id)
        return [...moved]
      },
    }),
    exchange: (exchange) =>
      kind !== 'odd_burn'
        ? exchange
        : {
            ...exchange,
            // As the adapter says it of an answer that cannot be read.
            placeHold: (hold) => (isIts(hold.id) ? Promise.resolve(unreadable) : exchange.placeHold(hold)),
            findHold: (query) =>
              query.ids.some(isIts) ? Promise.resolve(unreadable) : exchange.findHold(query),
            findAllHolds: (query) =>
              query.ids.some(isIts) ? Promise.resolve(unreadable) : exchange.findAllHolds(query),
          },
    provider: (provider) =>
      kind === 'odd_status'
        ? {
            ...provider,
            lookup: (query) => (isIts(query.key) ? Promise.resolve(rubbish) : provider.lookup(query)),
            submit: async (order) => {
              const said = await provider.submit(order)
              if (order.items.length === 1 && isIts(order.key)) return rubbish
              if (said.kind !== 'accepted' || !said.items) return said
              const items = Object.entries(said.items).map(([key, item]) => [
                key,
                isIts(key) ? rubbish : item,
              ])
              return { ...said, items: Object.fromEntries(items) as never }
            },
          }
        : provider,
  }
}

/** The bank that refuses the first one, in the words that it has for it. */
function refuseFirst(world: World): void {
  for (const bank of world.banks) {
    const { submit } = bank
    bank.submit = (order) => {
      const bad = order.items.filter(({ destination }) => JSON.stringify(destination).includes(FIRST))
      const { badItem } = bank.knobs
      const declined = { kind: 'declined', code: 'invalid_identifier' } as const
      if (bad.length === 0 || badItem === 'declined_alone') return submit.call(bank, order)
      if (order.items.length === 1 && order.key === order.items[0]?.key) return declined
      const items = Object.fromEntries(bad.map(({ key }) => [key, declined]))
      return { kind: 'deferred', why: 'batch_refused', ...(badItem !== 'refuses_all' && { items }) }
    }
  }
}

export interface Compared {
  /** Milliseconds of each of the others; as many and in the order of their numbers. */
  readonly plain: readonly number[]
  readonly poisoned: readonly number[]
  /** That the first one was stopped is what the comparison is worth. */
  readonly firstEnded: boolean
}

/** @param mistake Planted in both of the two. */
export async function compare(
  seed: number,
  kind: PoisonKind,
  mistake: Mutant | null = null,
): Promise<Compared> {
  const plain = await run(seed, null, mistake)
  const odd = await run(seed, kind, mistake)
  const [, ...others] = plain
  const [first, ...poisonedOthers] = odd
  return { plain: others, poisoned: poisonedOthers, firstEnded: first !== undefined && first < WATCHED_MS }
}

async function run(seed: number, kind: PoisonKind | null, mistake: Mutant | null): Promise<number[]> {
  const damage = (id: string) => world.store.tamper(id, { destination: POISON })
  const poison = kind && poisoned(kind, damage)
  const mutant: Mutant = {
    ...{ name: 'isolation', believes: '' },
    ...mistake,
    ...(poison?.exchange && { exchange: poison.exchange }),
    ...(poison?.provider && { provider: poison.provider }),
    store: (store) => {
      const within = mistake?.store?.(store) ?? store
      return poison?.store?.(within) ?? within
    },
  }
  const world: World = new World({ seed, schedule: '', where: quietly, mutant })
  if (kind === 'refused_item') refuseFirst(world)
  const end = world.timeline.stop.bind(world.timeline)
  // What the poisoned one breaks for itself, and is asked about, is checked by the histories with faults.
  world.timeline.stop = () => {}
  world.timeline.at(WATCHED_MS, null, 'seen enough', end)
  await world.run()
  return world.clients.map(({ withdrawalId }) => tookMs(world, withdrawalId))
}

function tookMs({ store }: World, id: string | null): number {
  const journal = (id === null ? undefined : store.tables.journal.get(id)) ?? []
  const [asked] = journal
  const ended = journal.find(({ to }) => ENDS.includes(to))
  return asked && ended ? ended.at.getTime() - asked.at.getTime() : WATCHED_MS
}
