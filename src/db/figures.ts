import type { DifferenceKind } from '../domain/questions'
import { isFinal, type State } from '../domain/states'
import { type Database, listsOf, type Queryable } from './connect/database'
import { createFloatStore, type FundingCall, type StoredFloat } from './float'
import { CLOCK, statesThat } from './row'
import { readProviderStates } from './statements/provider-states'
import { readStanding, type Standing } from './statements/tallies'
import { type BookFigures, type DeliveryFigures, readBookFigures, readDeliveryFigures } from './watched'

/** What is watched of all withdrawals together. Beside `Store`: nothing of it moves one. */
export interface FigureStore {
  /** Costs the same however many withdrawals there are: counters, and the ends of indexes. */
  readFigures(): Promise<Figures>
  /** As part of those. */
  readOldest(): Promise<readonly Oldest[]>
}

export interface Figures {
  readonly now: Date
  readonly standing: readonly Standing[]
  readonly oldest: readonly Oldest[]
  readonly differences: readonly { readonly kind: DifferenceKind; readonly count: number }[]
  /** Came back, and a person has to allow that its user is credited. */
  readonly returnsToAllow: number
  readonly pausedProviders: readonly string[]
  readonly isStopped: boolean
  readonly floats: readonly StoredFloat[]
  /** Open ones. */
  readonly fundingCalls: readonly FundingCall[]
  readonly deliveries: readonly DeliveryFigures[]
  readonly books: BookFigures
}

/** How long the oldest of one state and currency has been there. */
export interface Oldest {
  readonly state: State
  readonly currency: string
  readonly seconds: number
}

/** One for each account at most is open, and those come first. */
const CALLS_MAX = 50

const ENDS = statesThat(isFinal)

/** The kinds there are, from the counters; of each the first of the index. */
const OLDEST = `
  select k.state, k.currency, extract(epoch from ${CLOCK} - o.state_since)::float8 as seconds
    from (select distinct state, currency from bank_withdrawal.tally_standing
           union select to_state, currency from bank_withdrawal.tally_moves where to_state is not null) k
   cross join lateral (
     select w.state_since from bank_withdrawal.withdrawals w
      where w.state || ' ' || w.currency = k.state || ' ' || k.currency and w.state not in (${ENDS})
      order by w.state_since limit 1) o
   where k.state not in (${ENDS})
   order by k.state, k.currency`

const readOldest = (db: Queryable): Promise<readonly Oldest[]> => db.query<Oldest>(OLDEST, [], 'oldest')

export const createFigureStore = (database: Database): FigureStore => ({
  readOldest: () => readOldest(listsOf(database)),
  async readFigures() {
    const db = listsOf(database)
    const float = createFloatStore(db)
    const standing = await readStanding(db)
    const oldest = await readOldest(db)
    const differences = await db.query<Figures['differences'][number]>(
      `select kind, count(*)::int as count from bank_withdrawal.differences
        where resolved_at is null group by kind order by kind`,
    )
    const [returns] = await db.query<{ count: number }>(
      `select count(*)::int as count from bank_withdrawal.withdrawals
        where state = 'returning' and return_approved_at is null`,
    )
    const providers = await readProviderStates(db)
    const [stop] = await db.query<{ isStopped: boolean; now: Date }>(
      `select ${CLOCK} as now, coalesce((select is_stopped from bank_withdrawal.stop), false) as "isStopped"`,
    )
    if (!stop) throw new Error('The database did not answer.')
    const floats = await float.readFloats()
    const fundingCalls = (await float.listCalls(CALLS_MAX)).filter(({ closedAt }) => closedAt === null)
    const deliveries = await readDeliveryFigures(db)
    const books = await readBookFigures(db)
    return {
      ...{ deliveries, books, standing, oldest, differences, floats, fundingCalls },
      returnsToAllow: returns?.count ?? 0,
      pausedProviders: providers.filter(({ isPaused }) => isPaused).map(({ provider }) => provider),
      ...stop,
    }
  },
})
