import { type BooksStore, createBooksStore } from '../../src/db/books'
import { createStore, type Store } from '../../src/db/store'
import { canonicalJson } from '../../src/domain/identifiers'
import type { ReconciliationItem } from '../../src/domain/reconciliation'
import type { State } from '../../src/domain/states'
import { draft } from '../db/rows'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { TestClock } from '../helpers/test-clock'
import { Chance } from './chance'
import { Books } from './memory-books'
import { createMemoryStore } from './memory-store'

/**
 * Goal: what the simulator finds to differ is what PostgreSQL and PGlite find. Method: the same rows and the same lists,
 * drawn from a seed, in all three; each answer has to be the same.
 */
const SEED = Number(process.env.TEST_SEED)
const ROUNDS = 6
/** However the draws fall: each kind is found in a few rounds more. */
const ROUNDS_MAX = 60
const KINDS = [
  ...['burn_without_row', 'row_without_burn', 'burn_state_differs', 'amount_differs'],
  ...['payout_without_row', 'payout_missing', 'paid_twice', 'credited_twice'],
]
const ROWS = 14
const START = '2026-01-05T09:00:00Z'
const LEASE = { owner: 'worker-1', seconds: 60 }

interface Side {
  readonly name: string
  readonly store: Pick<Store, 'insertWithdrawal' | 'changeState' | 'openDifference' | 'findWithdrawal'>
  readonly books: Omit<BooksStore, 'readDay' | 'keepProof' | 'findProof' | 'listProofs' | 'readChain'>
  readonly advance: (ms: number) => Promise<void>
}

const MINUTE = 60_000
/** Times are told by JSON in their own ways. */
const asTold = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value ?? null), (_name, part: unknown) =>
    typeof part === 'string' && /^2026-01-\d\dT/.test(part) ? new Date(part).toISOString() : part,
  ) as unknown
const byName = (a: unknown, b: unknown): number => (canonicalJson(a) < canonicalJson(b) ? -1 : 1)

describe('the books of the simulator', () => {
  let databases: readonly TestDatabase[]
  beforeAll(async () => {
    databases = await Promise.all([openTestDatabase('PostgreSQL'), openTestDatabase('PGlite')])
  })
  afterAll(() => Promise.all(databases.map((database) => database.close())))

  function inMemory(): Side {
    let nowMs = Date.parse(START)
    const { tables, functions } = createMemoryStore({ nowMs: () => nowMs })
    const books = new Books(tables, functions)
    const later = <Functions>(of: Functions): never =>
      Object.fromEntries(
        Object.entries(of as Record<string, (...given: unknown[]) => unknown>).map(([name, run]) => [
          name,
          (...given: unknown[]) => Promise.resolve(run(...given)),
        ]),
      ) as never
    const advance = (ms: number) => Promise.resolve(void (nowMs += ms))
    return { name: 'memory', store: later(functions), books: later(books.functions), advance }
  }

  async function sidesOf(): Promise<readonly Side[]> {
    const sides = [inMemory()]
    for (const database of databases) {
      await database.reset()
      const clock = new TestClock(database)
      const [store, books] = [createStore(database), createBooksStore(database)]
      sides.push({ name: database.kind, store, books, advance: (ms) => clock.advance(ms) })
    }
    return sides
  }

  /** Does it on every side. @returns What all of them answered. */
  async function same<Answer>(
    sides: readonly Side[],
    what: (side: Side) => Promise<Answer>,
    told: (answer: Answer) => unknown = (answer) => answer,
  ): Promise<Answer> {
    const answers: Answer[] = []
    for (const side of sides) answers.push(await what(side))
    const [ours] = answers as [Answer]
    answers.forEach((answer, index) =>
      expect({ side: sides[index]?.name, told: asTold(told(answer)) }).toEqual({
        side: sides[index]?.name,
        told: asTold(told(ours)),
      }),
    )
    return ours
  }

  const STATES: readonly State[] = [
    ...(['processed', 'processed', 'processed'] as const),
    ...(['canceled', 'returned', 'ready', 'submitted', 'releasing'] as const),
  ]

  async function drawRows(chance: Chance, sides: readonly Side[]): Promise<void> {
    for (let n = 1; n <= ROWS; n++) {
      const to = chance.pick(STATES)
      const settledBurnId = chance.isLucky(0.5) ? `T-${n}` : null
      const isOpen = to === 'ready' || to === 'submitted' || to === 'releasing'
      await same(sides, async ({ store, advance }) => {
        await advance(MINUTE)
        await store.insertWithdrawal(draft(n), LEASE)
        return store
          .changeState({
            ...{ id: draft(n).id, from: 'requested', to, version: 1, leaseOwner: LEASE.owner, event: 'a.b' },
            ...{ actor: 'worker', detail: {}, next: { runInMs: isOpen ? 0 : null } },
            patch: { heldAt: 'now', settledBurnId, ...(to === 'returned' && { returnedAmount: '5' }) },
          })
          .then((row) => row?.state)
      })
    }
  }

  function drawItems(chance: Chance): ReconciliationItem[] {
    const items: ReconciliationItem[] = []
    for (let n = 1; n <= ROWS + 2; n++) {
      const { id: ref, amount, currency, payoutKey, payoutAmount, userId, provider } = draft(n)
      const at = new Date(Date.parse(START) + n * MINUTE).toISOString()
      const common = { currency: chance.pick([currency, currency, 'usd']), fee: '0', at, isOurs: true }
      const times = chance.pick([0, 1, 1, 1, 2])
      for (let time = 0; time < times; time++)
        items.push({
          ...{
            ...common,
            kind: 'hold',
            source: currency,
            id: `T-${n}`,
            userId: chance.pick([userId, userId, null]),
          },
          ...{ ref: chance.pick([ref, ref, `T-${n}`]), amount: chance.pick([amount, amount, '3']) },
          state: chance.pick(['pending', 'settled', 'settled', 'released'] as const),
        })
      for (let time = 0; time < chance.pick([0, 1, 1, 2]); time++)
        items.push({
          ...{ ...common, kind: 'payout', source: provider, id: `R-${n}-${chance.below(2)}`, ref: payoutKey },
          ...{ userId: null, amount: chance.pick([payoutAmount, payoutAmount, '2']) },
          state: chance.pick(['open', 'paid', 'paid', 'returned', 'failed'] as const),
        })
      if (chance.isLucky(0.4))
        items.push({
          ...{ ...common, kind: 'credit', source: currency, id: `${ref}-return`, ref, userId },
          ...{
            amount: chance.pick(['5', '4', '6']),
            state: chance.pick(['settled', 'settled', 'pending'] as const),
          },
        })
    }
    return items
  }

  it(`find in ${ROUNDS * ROWS} withdrawals or more what PostgreSQL and PGlite find, and take in what was lost as they do`, async () => {
    const chance = new Chance(SEED)
    const found = new Set<string>()
    const isDone = (round: number) => round >= ROUNDS && KINDS.every((kind) => found.has(kind))
    for (let round = 0; round < ROUNDS_MAX && !isDone(round); round++) {
      const sides = await sidesOf()
      await drawRows(chance, sides)
      const items = drawItems(chance)
      const since = new Date(Date.parse(START) + chance.below(4) * MINUTE)
      const until = new Date(Date.parse(START) + 60 * MINUTE)
      const given = { slot: 'day', since, until, askedBy: 'operator:1', reason: 'r' }
      await same(sides, ({ books }) => books.ask(given))
      await same(sides, ({ books }) => books.ask(given))
      const run = await same(sides, ({ books }) => books.claim(LEASE))
      await same(sides, ({ books }) => books.claim({ owner: 'worker-2', seconds: 9 }))
      if (!run) throw new Error('The run was not claimed.')
      const { place } = run
      const staged = await same(sides, ({ books }) => books.advance(run, { place, items, keepSeconds: 60 }))
      await same(sides, ({ books }) => books.advance(run, { place, items, keepSeconds: 60 }))
      if (!staged) throw new Error('The run was not written.')

      const slice = { runId: run.id, since, until: new Date(until.getTime() - chance.below(47) * MINUTE) }
      const last = await same(
        sides,
        ({ books }) => books.lastOf(run.id, '0', 1_000),
        (at) => at !== null,
      )
      // Which number each side has given is its own affair: a table that was emptied counts on.
      const lists = {
        currencies: chance.pick([['eur'], ['eur'], ['eur'], []]),
        providers: chance.pick([...Array<string[]>(3).fill([draft(1).provider]), []]),
      }
      expect(last).not.toBeNull()
      await same(sides, async ({ books }) => {
        const end = (await books.lastOf(run.id, '0', 1_000)) ?? '0'
        const candidates = [
          ...(await books.matchItems({ runId: run.id, since, afterItem: '0', last: end })),
          ...(await books.matchRows({ ...slice, ...lists })).candidates,
          ...(await books.matchCredits(run.id)),
        ].sort((a, b) => byName([a.kind, a.subject, a.facts], [b.kind, b.subject, b.facts]))
        for (const { kind } of candidates) found.add(kind)
        // Of one that is found again the first counts: which it is nobody promises.
        const once = new Map(candidates.map((one) => [`${one.kind} ${one.subject}`, one]))
        await books.advance(staged, { place, candidates: [...once.values()], keepSeconds: 60 })
        return candidates
      })
      const next = await same(sides, ({ books }) => books.next(run.id, 5))
      for (const one of next)
        await same(sides, ({ books }) =>
          books.judge(run.id, one, one.kind === 'paid_twice' ? 'unknown' : 'difference'),
        )
      await same(
        sides,
        ({ books }) => books.verdicts(run.id),
        (said) => [...said].sort(byName),
      )
      await same(sides, ({ books }) => books.count(run.id))
      await same(sides, async ({ books }) => {
        const [written] = await books.list(1)
        return written && books.end(written, { place, state: 'complete' })
      })
      await takeIn(sides)
      await same(sides, async ({ books }) => (await books.clear({ runId: '0', nth: '0' }, 10_000)) !== null)
      await same(sides, ({ books }) => books.count(run.id))
    }
    expect([...found]).toEqual(expect.arrayContaining(KINDS))
  }, 60_000)

  async function takeIn(sides: readonly Side[]): Promise<void> {
    const { idempotencyKey: _none, ...lost } = draft(ROWS + 1)
    const detail = { burnId: 'T-1' }
    const question = { kind: 'burn_without_row', withdrawalId: lost.id, fact: '', detail } as const
    await same(sides, ({ store }) => store.openDifference(question))
    const taken = (differenceId: string) =>
      same(sides, ({ books }) =>
        books.insertLost(
          { ...lost, settledBurnId: 'T-1' },
          { differenceId, actor: 'operator:1', reason: 'r', detail },
        ),
      )
    expect(await taken('99')).toBeNull()
    await same(sides, ({ books }) => books.openDifference('1'))
    expect(await taken('1')).toMatchObject({ state: 'conflict', reasonCode: 'row_lost' })
    expect(await taken('1')).toBeNull()
    await same(sides, ({ books }) => books.openDifference('1'))
    await same(sides, ({ store }) => store.findWithdrawal(lost.id))
  }
})
