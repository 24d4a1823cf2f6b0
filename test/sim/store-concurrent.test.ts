import { isDeepStrictEqual } from 'node:util'

import pg from 'pg'

import type { Database } from '../../src/db/connect/database'
import { sqlState } from '../../src/db/connect/database'
import { openServer } from '../../src/db/connect/pool'
import { createStore, type Store } from '../../src/db/store'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { silentLogger } from '../helpers/loggers'
import { TestClock } from '../helpers/test-clock'
import { Chance } from './chance'
import { createMemoryStore, type MemoryStore } from './memory-store'
import type { MemoryTables } from './memory-tables'
import { createDraw, type Drawn } from './store-operations'

/**
 * Goal: who comes at the same moment leaves the tables as if one had come after the other, for the simulator's own
 * database knows nothing else. Method: two or three operations at once on PostgreSQL, over connections of their own, often
 * held back at a row until all of them have begun; then the same in memory, in every order. One of the orders has to give
 * the same answers and the same tables.
 *
 * What no order explains is what a statement has not seen of those who came with it, and there the one in memory is told
 * not to see it either: a claim passes over what somebody else has locked, and takes rows in the order in which they
 * were due before (what nobody else has touched it has to take); the release of a dead one's leases does not see what another
 * leases to it in that moment, nor a batch that is begun in it, which ends as one does whose lease runs out.
 */
/** In an ordinary run a few seconds of it; SIM_STORE_ROUNDS=320 and more by hand. */
const ROUNDS = Number(process.env.SIM_STORE_ROUNDS ?? 40)
/** So many it takes at most until a store that errs is found. */
const ROUNDS_TO_FIND = 320
const ROUNDS_OF_A_WORLD = 40
const SEED = Number(process.env.TEST_SEED)

const OPERATIONS: ReadonlySet<string> = new Set([
  ...['insertWithdrawal', 'changeState', 'changeStates', 'makeReady', 'sendAgain', 'postpone', 'letGo'],
  ...['claimOne', 'renewLeases', 'wake', 'watchAgain'],
  ...['freezeBatch', 'intoDoubt', 'freezeResend', 'concludeBatch'],
  ...['claimDue', 'claimReady', 'claimWatched', 'claimBatch', 'releaseLeases'],
])
/** These take what is free and do not wait for the rest. */
const CLAIMS: ReadonlySet<string> = new Set(['claimDue', 'claimReady', 'claimWatched', 'claimBatch'])

type Answer = unknown

async function answerOf({ operation }: Drawn, store: unknown): Promise<Answer> {
  try {
    const answer = (await operation?.(store as Store)) ?? null
    return plain(answer instanceof Set ? [...(answer as Set<string>)].sort() : answer)
  } catch (error) {
    const code = sqlState(error)
    if (code === null) throw error
    return { refused: typeof code === 'string' && code.startsWith('23') ? '23' : code }
  }
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown
const idsIn = (answer: Answer): string[] =>
  (Array.isArray(answer) ? (answer as unknown[]) : [answer]).flatMap(
    (row) => (row as { id?: string })?.id ?? [],
  )

const ROWS = `
  select w.id, w.state, w.version, w.attempts, w.lease_owner as "leaseOwner", w.lease_until as "leaseUntil",
         w.next_run_at as "nextRunAt", w.woken_at as "wokenAt", w.taken_from as "takenFrom", w.watch_at as "watchAt",
         w.watch_looks as "watchLooks", w.reason_code as "reasonCode", w.batch_id as "batchId",
         w.payout_key as "payoutKey", w.provider_reference as "providerReference", w.stray_until as "strayUntil",
         w.retired_payouts as "retiredPayouts", w.review_causes as "reviewCauses", w.payer,
         (select array_agg(j.seq || ' ' || j.event || ' ' || j.to_state order by j.seq)
            from bank_withdrawal.journal j where j.withdrawal_id = w.id) as journal
    from bank_withdrawal.withdrawals w order by w.id`
const BATCHES = `
  select id, state, attempts, item_count as "itemCount", provider_reference as "providerReference"
    from bank_withdrawal.batches order by id`
const RETIRED = `select payout_key as "payoutKey", payer from bank_withdrawal.retired_payouts order by payout_key`

const booksOf = async (database: Database): Promise<unknown> =>
  plain([
    await database.query(ROWS, []),
    await database.query(BATCHES, []),
    await database.query(RETIRED, []),
  ])

const byKey =
  <Row>(of: (row: Row) => string) =>
  (a: Row, b: Row): number =>
    of(a) < of(b) ? -1 : 1

function booksInMemory({ tables }: MemoryStore): unknown {
  const rows = [...tables.rows.values()].sort(byKey(({ id }) => id)).map((row) => ({
    ...{ id: row.id, state: row.state, version: row.version, attempts: row.attempts },
    ...{ leaseOwner: row.leaseOwner, leaseUntil: row.leaseUntil, nextRunAt: row.nextRunAt },
    ...{ wokenAt: row.wokenAt, takenFrom: row.takenFrom, watchAt: row.watchAt, watchLooks: row.watchLooks },
    ...{ reasonCode: row.reasonCode, batchId: row.batchId, payoutKey: row.payoutKey },
    ...{ providerReference: row.providerReference, strayUntil: row.strayUntil },
    ...{ retiredPayouts: row.retiredPayouts, reviewCauses: row.reviewCauses, payer: row.payer },
    journal: (tables.journal.get(row.id) ?? []).map(({ seq, event, to }) => `${seq} ${event} ${to}`),
  }))
  const batches = [...tables.batches.values()].sort(byKey(({ id }) => id)).map((batch) => ({
    ...{ id: batch.id, state: batch.state, attempts: batch.attempts, itemCount: batch.itemCount },
    providerReference: batch.providerReference,
  }))
  const retired = [...tables.retired.values()]
    .sort(byKey(({ payoutKey }) => payoutKey))
    .map(({ payoutKey, payer }) => ({ payoutKey, payer }))
  return plain([rows, batches, retired])
}

/** Every order there is. */
const ordersOf = (count: number): number[][] =>
  count === 1
    ? [[0]]
    : ordersOf(count - 1).flatMap((order) =>
        Array.from({ length: count }, (_, at) => [...order.slice(0, at), count - 1, ...order.slice(at)]),
      )

/** One of each, in every combination. */
const everyChoice = <Item>(from: readonly (readonly Item[])[]): readonly (readonly Item[])[] =>
  from.reduce<readonly (readonly Item[])[]>(
    (made, items) => made.flatMap((chosen) => items.map((item) => [...chosen, item])),
    [[]],
  )

interface Id {
  readonly id: string
}
/** What a statement that takes what is free has seen of the others. */
type Sight = Pick<MemoryTables, 'passedOver' | 'seenDueAt'>
const EVERYTHING: Sight = { passedOver: new Set(), seenDueAt: new Map() }

describe('operations that come at the same moment', () => {
  let database: TestDatabase
  let others: Database[]
  let gate: pg.Client
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
    const url = String(database.url)
    others = [1, 2].map(() => openServer({ url, logger: silentLogger }))
    gate = new pg.Client({ connectionString: url })
    await gate.connect()
  })
  afterAll(async () => {
    await gate.end()
    for (const other of others) await other.close()
    await database.close()
  })

  /** @returns What each of them was answered, and whether they were seen to wait for each other. */
  async function atOnce(drawn: readonly Drawn[], stores: readonly Store[], held: readonly string[]) {
    if (held.length > 0) {
      await gate.query('begin')
      await gate.query('select 1 from bank_withdrawal.withdrawals where id = any($1) for update', [held])
    }
    const state = { open: drawn.length }
    const answers = drawn.map((one, index) =>
      answerOf(one, stores[index]).finally(() => {
        state.open--
      }),
    )
    let waited = 0
    if (held.length > 0) {
      for (let look = 0; look < 300 && state.open > waited; look++) waited = await waiting()
      await gate.query('commit')
    }
    return { answers: await Promise.all(answers), waited }
  }

  /** Asked outside the gate's transaction, which sees who waits as it saw it first. */
  const waiting = async (): Promise<number> => {
    const rows = await database.query<{ waiting: number }>(
      `select count(*)::integer as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`,
    )
    return rows[0]?.waiting ?? 0
  }

  /** @returns The first meeting that no order explains, or null. */
  async function meetings(rounds: number, planted: (store: Store) => Store = (store) => store) {
    const chance = new Chance(SEED)
    const stores = [database, ...others].map((one) => planted(createStore(one)))
    const counted = { waited: 0, moved: 0 }
    for (let world = 0; world * ROUNDS_OF_A_WORLD < rounds; world++) {
      await database.reset()
      const clock = new TestClock(database)
      const memory = createMemoryStore({ nowMs: () => clock.now().getTime() })
      const draw = createDraw(chance, memory.tables, { hot: 0.9, names: OPERATIONS })
      for (let round = 0; round < ROUNDS_OF_A_WORLD; round++) {
        for (let step = 0; step < 3; step++) {
          const one = draw()
          await clock.advance(one.advanceMs)
          const theirs = await answerOf(one, stores[0])
          const ours = await answerOf(one, memory.functions)
          expect({ name: one.name, answer: theirs }).toEqual({ name: one.name, answer: ours })
        }
        const unexplained = await meet({ draw, chance, memory, stores, counted })
        if (unexplained) return { counted, unexplained }
      }
    }
    return { counted, unexplained: null }
  }

  it(`leave what they would leave one after the other, in ${ROUNDS} meetings`, async () => {
    const { counted, unexplained } = await meetings(ROUNDS)
    if (unexplained) expect(unexplained.theirs).toEqual(unexplained.ours)
    // Worth something only where they met.
    expect(counted.waited).toBeGreaterThan(ROUNDS / 40)
    expect(counted.moved).toBeGreaterThan(ROUNDS / 2)
  }, 120_000)

  it('show a store that looks first and writes then, whatever was written meanwhile', async () => {
    const { unexplained } = await meetings(ROUNDS_TO_FIND, (store) => ({
      ...store,
      async changeState(change) {
        const seen = await store.findWithdrawal(change.id)
        if (seen?.version !== change.version || seen.state !== change.from) return store.changeState(change)
        const moved = await store.changeState(change)
        if (moved) return moved
        const now = await store.findWithdrawal(change.id)
        return now && store.changeState({ ...change, version: now.version, from: now.state })
      },
    }))
    expect(unexplained).not.toBeNull()
  }, 120_000)

  interface Meeting {
    readonly draw: () => Drawn
    readonly chance: Chance
    readonly memory: MemoryStore
    readonly stores: readonly Store[]
    readonly counted: { waited: number; moved: number }
  }

  /** Those of which two mean the same row, where there are such. */
  async function drawThoseThatMeet({ draw, chance, memory }: Meeting) {
    for (let tries = 1; ; tries++) {
      const drawn = Array.from({ length: chance.pick([2, 2, 3]) }, draw)
      const touched: (readonly string[])[] = []
      for (const one of drawn) touched.push(await touchedBy(one, memory))
      const all = touched.flat()
      if (new Set(all).size < all.length || tries === 20) return { drawn, touched }
    }
  }

  async function touchedBy(one: Drawn, { tables, functions }: MemoryStore): Promise<readonly string[]> {
    const restore = tables.saved()
    const [rows, batches] = [new Map(tables.rows), new Map(tables.batches)]
    await answerOf(one, functions)
    const ids = [
      ...[...tables.rows].filter(([id, row]) => rows.get(id) !== row),
      ...[...tables.batches].filter(([id, batch]) => batches.get(id) !== batch),
    ].map(([id]) => id)
    restore()
    return ids
  }

  /** What is refused in the end has locked what it means all the same, for as long as it took. */
  async function namedBy({ operation }: Drawn, { tables }: MemoryStore): Promise<readonly string[]> {
    let text = ''
    const hear = (...given: readonly unknown[]): never => {
      text += JSON.stringify(given)
      throw new Error('It was heard, and is not done.')
    }
    // A store that could be waited for would be asked for its end, and for nothing else.
    const store = new Proxy({}, { get: (_none, name) => (name === 'then' ? undefined : hear) }) as Store
    await operation?.(store).catch(() => {})
    return [...tables.rows.keys(), ...tables.batches.keys()].filter((id) => text.includes(`"${id}"`))
  }

  async function meet(meeting: Meeting): Promise<{ theirs: unknown; ours: unknown } | null> {
    const { chance, memory, stores, counted } = meeting
    const { tables } = memory
    const { drawn, touched } = await drawThoseThatMeet(meeting)
    const before = booksInMemory(memory)
    const dueBefore = new Map([...tables.rows].map(([id, { nextRunAt }]) => [id, nextRunAt]))
    const batchesBefore = new Set(tables.batches.keys())
    const restore = tables.saved()
    const names = drawn.map(({ name }) => name)
    const named = await Promise.all(
      drawn.map(async (one, at) => [...(touched[at] ?? []), ...(await namedBy(one, memory))]),
    )
    const held = chance.isLucky(0.6) ? [...new Set(touched.flat())] : []
    // Over one store they may be written together; over several each has its own connection.
    const through = chance.isLucky(0.3) ? drawn.map(() => stores[0] as Store) : stores
    const { answers, waited } = await atOnce(drawn, through, held)
    if (waited > 1) counted.waited++
    const left = await booksOf(database)
    if (!isDeepStrictEqual(left, before)) counted.moved++

    const passedOver = (index: number): ReadonlySet<string> => {
      const theirs = named.flatMap((ids, other) =>
        other === index ? [] : [...ids, ...idsIn(answers[other])],
      )
      const own = new Set(idsIn(answers[index]))
      return new Set([...theirs, ...held].filter((id) => !own.has(id)))
    }
    // What another leases, leases on or begins in the same moment it does not see: it looks again seconds later.
    const [rows, batches] = left as [readonly { id: string; leaseOwner: string | null }[], readonly Id[]]
    const leased = new Set(rows.flatMap(({ id, leaseOwner }) => (leaseOwner === null ? [] : [id])))
    const begun = batches.flatMap(({ id }) => (batchesBefore.has(id) ? [] : [id]))
    const stillLeased = (index: number): readonly string[] =>
      named.flatMap((ids, other) =>
        other === index ? [] : [...ids, ...idsIn(answers[other])].filter((id) => leased.has(id)),
      )
    /** What it may have seen of those who came with it: everything, or only what was there before. */
    const sightsOf = ({ name }: Drawn, index: number): readonly Sight[] => {
      if (CLAIMS.has(name))
        return [new Map<string, Date | null>(), dueBefore].map((seenDueAt) => ({
          passedOver: passedOver(index),
          seenDueAt,
        }))
      if (name !== 'releaseLeases') return [EVERYTHING]
      return [[], begun, stillLeased(index), [...begun, ...stillLeased(index)]].map((ids) => ({
        ...EVERYTHING,
        passedOver: new Set(ids),
      }))
    }
    const sights = everyChoice(drawn.map(sightsOf))
    const tried: { answers: Answer[]; books: unknown }[] = []
    for (const order of ordersOf(drawn.length))
      for (const seen of sights) {
        restore()
        const ours: Answer[] = []
        for (const index of order) {
          Object.assign(tables, seen[index])
          ours[index] = await answerOf(drawn[index] as Drawn, memory.functions)
          Object.assign(tables, EVERYTHING)
        }
        const outcome = { answers: ours, books: booksInMemory(memory) }
        if (isDeepStrictEqual(outcome, { answers, books: left })) return null
        tried.push(outcome)
      }
    return { theirs: { names, answers, books: left }, ours: { names, ...tried[0] } }
  }
})
