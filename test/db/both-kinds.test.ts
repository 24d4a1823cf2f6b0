import { sqlState } from '../../src/db/connect/database'
import { createStore, type Store, type StoredWithdrawal } from '../../src/db/store'
import { REASON_CODES } from '../../src/domain/reasons'
import { STATES } from '../../src/domain/states'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { seeded, TestClock } from '../helpers/test-clock'
import { draft } from './rows'

/**
 * Goal: the embedded database and the server are one database to us. Method: one seeded sequence of statements
 * goes to both; every answer and, at the end, every row of every table have to be the same.
 */
const OPERATIONS = 300

type Operation = (store: Store, clock: TestClock) => Promise<unknown>

/** Draws operations that mostly fit the rows there are, and sometimes do not: refusals have to agree too. */
function createDraw(random: () => number) {
  let inserted = 0
  const below = (n: number) => Math.floor(random() * n)
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item
  const id = () => draft(1 + below(inserted + 1)).id
  // Mostly one worker, so that what it does mostly succeeds.
  const worker = () => pick(['worker-1', 'worker-1', 'worker-1', 'worker-1', 'worker-2'])
  const lease = () => ({ owner: worker(), seconds: 5 + below(20) })
  const time = () => pick(['now', null, new Date(Date.parse('2026-01-01T00:00:00Z') + below(1e9))] as const)

  const patch = () => ({
    ...(random() < 0.6 && { heldAt: 'now' as const }),
    ...(random() < 0.3 && { reasonCode: pick([...REASON_CODES, null]) }),
    ...(random() < 0.2 && { providerReference: pick(['R1', 'R2', 'R3', null]) }),
    ...(random() < 0.2 && { providerStatus: pick(['PAID', 'ä"\\', null]) }),
    ...(random() < 0.2 && { payoutDoubtAt: time() }),
    ...(random() < 0.2 && { payoutStartedAt: time() }),
    ...(random() < 0.1 && { settledBurnId: pick(['T1', null]) }),
  })
  const next = () =>
    pick([
      { keepLeaseSeconds: 5 + below(20) },
      { runInMs: below(10_000) },
      { runInMs: 0 },
      { runInMs: null },
    ] as const)

  const insert = (): Operation => {
    const amount = `${1 + below(1e6)}.${below(100)}`
    const made = draft(++inserted, {
      userId: 1 + below(3),
      idempotencyKey: pick([null, null, `key-${below(8)}`]),
      currency: pick(['eur', 'usd']),
      mode: pick(['immediate', 'batch']),
      ...{ amount, payoutAmount: amount },
    })
    const taken = lease()
    return (store) => store.insertWithdrawal(made, taken)
  }
  const changeState = (): Operation => {
    const [wanted, from, to, leaseOwner] = [
      id(),
      pick(STATES),
      pick(STATES),
      pick([worker(), worker(), worker(), null]),
    ]
    const [seen, oldVersion] = [random(), below(9)]
    const rest = {
      event: pick(['a.b', 'c.d']),
      actor: 'worker',
      patch: patch(),
      detail: { n: below(9), t: 'ä' },
      next: next(),
    }
    return async (store) => {
      // As a worker does, and mostly on what is really there, so that most changes are made.
      await store.claimOne({ owner: leaseOwner ?? 'worker-1', seconds: 20 }, wanted)
      const row = await store.findWithdrawal(wanted)
      const version = seen < 0.9 ? (row?.version ?? 1) : oldVersion
      return store.changeState({
        id: wanted,
        from: seen < 0.8 ? (row?.state ?? from) : from,
        to,
        version,
        leaseOwner,
        ...rest,
      })
    }
  }
  const postpone = (): Operation => {
    const [wanted, leaseOwner, ms, code] = [
      id(),
      worker(),
      below(9_000),
      pick([undefined, null, ...REASON_CODES]),
    ]
    return async (store) => {
      const version = (await store.findWithdrawal(wanted))?.version ?? 1
      return store.postpone({ id: wanted, version, leaseOwner }, ms, code)
    }
  }
  const list = (): Operation => {
    const sort = pick(['created_at', 'updated_at', 'amount', 'currency', 'status', 'id'] as const)
    const query = {
      ...{
        userId: 1 + below(3),
        sort,
        order: pick(['asc', 'desc'] as const),
        offset: below(3),
        limit: 1 + below(20),
      },
      ...(random() < 0.3 && { currency: 'eur' }),
      ...(random() < 0.3 && { states: STATES.filter(() => random() < 0.5) }),
    }
    return async (store) => [await store.listWithdrawals(query), await store.countWithdrawals(query)]
  }
  const documents = (): Operation => {
    const [name, version, value] = [`d/${below(4)}`, below(4), { n: below(9) }]
    return async (store) => {
      const held = store.providerDocuments('acme')
      return [
        await held.create(name, value),
        await held.replace(name, value, version),
        await held.read(name),
        await held.list('d/'),
      ]
    }
  }
  const claimOne = (): Operation => {
    const [wanted, taken] = [id(), lease()]
    return (store) => store.claimOne(taken, wanted)
  }
  const claimDue = (): Operation => {
    const taken = lease()
    // All that is due: which of two equally due rows comes first is nobody's promise.
    return async (store) => [...(await store.claimDue(taken, 1_000))].sort(byId)
  }
  const wake = (): Operation => {
    const wanted = id()
    return (store) => store.wake(wanted)
  }
  const byKey = (): Operation => {
    const [userId, key] = [1 + below(3), `key-${below(8)}`]
    return (store) => store.findByIdempotencyKey(userId, key)
  }
  const advance = (): Operation => {
    const ms = 1 + below(20_000)
    return (_store, clock) => clock.advance(ms)
  }

  const weighted = [
    ...[insert, insert, changeState, changeState, changeState, changeState, changeState, changeState],
    ...[
      claimDue,
      claimDue,
      claimOne,
      claimOne,
      claimOne,
      postpone,
      postpone,
      wake,
      wake,
      list,
      documents,
      byKey,
      advance,
      advance,
    ],
  ]
  return (): Operation => pick(weighted)()
}

const byId = (a: StoredWithdrawal, b: StoredWithdrawal) => (a.id < b.id ? -1 : 1)

/** The answer, or which error the database raised: its words differ between versions, its codes do not. */
const outcomeOf = async (operation: Operation, store: Store, clock: TestClock): Promise<unknown> => {
  try {
    return (await operation(store, clock)) ?? null
  } catch (error) {
    const code = sqlState(error)
    if (code === null) throw error
    return { refused: code, constraint: (error as { constraint?: string }).constraint }
  }
}

const KINDS = ['PostgreSQL', 'PostgreSQL by month', 'PGlite', 'PGlite in its thread'] as const

const TABLES = {
  withdrawals: 'select *, user_id::text as user_id from bank_withdrawal.withdrawals order by id',
  // Each database numbers its own transactions.
  journal: `select to_jsonb(j) - 'tx' as entry, tx is not null as "hasTransaction" from bank_withdrawal.journal j
    order by withdrawal_id, seq`,
  documents: 'select * from bank_withdrawal.provider_documents order by provider, id',
} as const

describe('PostgreSQL, its journal by month and in one piece, and PGlite, in its thread and without it,', () => {
  let databases: readonly TestDatabase[]
  beforeAll(async () => {
    databases = await Promise.all(KINDS.map((kind) => openTestDatabase(kind)))
  })
  afterAll(() => Promise.all(databases.map((database) => database.close())))

  it(`answer a sequence of ${OPERATIONS} statements alike, and end with the same rows`, async () => {
    const draw = createDraw(seeded(Number(process.env.TEST_SEED)))
    const sides = databases.map((database) => ({
      store: createStore(database),
      clock: new TestClock(database),
    }))
    const answers: { kinds: Record<string, number> } = { kinds: {} }

    for (let n = 0; n < OPERATIONS; n++) {
      const operation = draw()
      const [server, ...embedded] = await Promise.all(
        sides.map(({ store, clock }) => outcomeOf(operation, store, clock)),
      )
      for (const answer of embedded) expect({ n, answer }).toEqual({ n, answer: server })
      const kind =
        server === null ? 'null' : JSON.stringify(server).includes('"refused"') ? 'refused' : 'answered'
      answers.kinds[kind] = (answers.kinds[kind] ?? 0) + 1
    }
    // The sequence is worth something only when all three happen.
    expect(Object.keys(answers.kinds).sort()).toEqual(['answered', 'null', 'refused'])

    for (const [table, statement] of Object.entries(TABLES)) {
      const [server, ...embedded] = await Promise.all(databases.map((database) => database.query(statement)))
      expect(server?.length).toBeGreaterThan(0)
      for (const rows of embedded) expect({ table, rows }).toEqual({ table, rows: server })
    }
  })
})
