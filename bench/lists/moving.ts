/** What moves money, asked of a table of ended withdrawals: a thousand new ones go their whole way in each round. */
import type { Queryable } from '../../src/db/connect/database'
import { changeStates } from '../../src/db/statements/change-state'
import { findByIdempotencyKeys } from '../../src/db/statements/find-withdrawals'
import { insertWithdrawals, type PolicyGuard } from '../../src/db/statements/insert-withdrawal'
import { createStore, type Store, type StoredWithdrawal, type WithdrawalDraft } from '../../src/db/store'
import { sealOf } from '../../src/domain/batch'
import { HEAVY_USER } from './arms'
import { bankIdOf, endToEndIdOf, idOf, keyOf, referenceOf, userOf } from './fill'
import { ANSWERED, changesOf, draftOf, FROZEN, LOCKED, numberOf, POLICY, SETTLED, type Step } from './moves'
import type { TimedDatabase } from './server-time'

/** Of one time that it was done: the server's own word, and the processor time of the session. */
export interface Sample {
  readonly ms: number
  readonly cpuMs: number | null
}

/** What was done, and each time that it was. */
export type Samples = ReadonlyMap<string, readonly Sample[]>

export interface Round {
  /** How many ended long ago. */
  readonly rows: number
  /** The number of its first new one. */
  readonly first: number
}

/** New ones come after all that were there; each round has numbers of its own. */
const FIRST_NEW = 90_000_000
export const NEW_EACH = 1_000
const ALONE = 10
const GROUP = 50
const CLAIMED = 100

/** Where numbers are free, also where this was run before. */
export async function firstNewIn(db: Queryable): Promise<number> {
  const [last] = await db.query<{ id: string }>('select max(id) as id from bank_withdrawal.withdrawals')
  return Math.max(FIRST_NEW, Math.ceil((numberOf(last?.id ?? '0') + 1) / NEW_EACH) * NEW_EACH)
}

/**
 * One round: what is done with one withdrawal, with groups of them and with a batch, from the insert to the end; and what is
 * looked up of those that ended long ago.
 *
 * @throws {Error} Something was not written or not found that had to be.
 */
export async function moveThousand(timed: TimedDatabase, round: Round): Promise<Samples> {
  const bench = createRound(timed, round)
  const requested = await accept(bench)
  await repeatKeys(bench)
  for (const row of requested.slice(0, ALONE)) await bench.move('change: one', [row], LOCKED)
  for (let from = ALONE; from < requested.length; from += GROUP)
    await bench.move(`change: ${GROUP} at once`, requested.slice(from, from + GROUP), LOCKED)
  await settle(bench, await sendBatch(bench, requested.length))
  await lookBack(bench)
  return bench.samples
}

type Bench = ReturnType<typeof createRound>

function createRound(timed: TimedDatabase, round: Round) {
  const samples = new Map<string, Sample[]>()
  const { database: db } = timed
  const store: Store = createStore(db)
  const lease = { owner: `bench.${round.first}`, seconds: 600 }

  async function timedly<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    timed.spentMs()
    const cpuBefore = timed.cpuMs()
    const result = await work()
    const [ms, cpuAfter] = [timed.spentMs(), timed.cpuMs()]
    const cpuMs = cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore
    samples.set(what, [...(samples.get(what) ?? []), { ms, cpuMs }])
    return result
  }

  async function move(what: string, seen: readonly StoredWithdrawal[], step: Step) {
    const moved = await timedly(what, () => changeStates(db, changesOf(seen, step, lease.owner)))
    expectCount(what, moved.length, seen.length)
  }

  return { ...round, samples, db, store, lease, timedly, move }
}

const expectCount = (what: string, seen: number, expected: number): void => {
  if (seen !== expected) throw new Error(`${what}: ${seen} instead of ${expected}`)
}

async function accept({ db, first, lease, timedly }: Bench): Promise<readonly StoredWithdrawal[]> {
  const requested: StoredWithdrawal[] = []
  async function insert(what: string, drafts: readonly WithdrawalDraft[], policy: PolicyGuard | null = null) {
    const guards = { openMax: 1_000_000, otpCode: null, policy }
    const given = drafts.map((draft) => ({ draft, lease, guards }))
    for (const one of await timedly(what, () => insertWithdrawals(db, given))) {
      if (typeof one === 'string' || !('id' in one)) throw new Error(`${what}: ${JSON.stringify(one)}`)
      requested.push(one)
    }
  }
  for (let n = first; n < first + 4 * ALONE; n += 4) {
    await insert('insert: one, of a user with a thousandth', [draftOf(n + 1)])
    await insert('insert: one, of the user with half of all', [draftOf(n, HEAVY_USER)])
    await insert('insert: one, under a policy', [draftOf(n + 3)], POLICY)
  }
  for (let from = first + 100; from < first + NEW_EACH; from += GROUP)
    await insert(
      `insert: ${GROUP} at once`,
      Array.from({ length: GROUP }, (_, at) => draftOf(from + at, 2 + ((from + at) % 999))),
    )
  return requested
}

/** Spread over all that are there, another one each time; none of them is a canceled one. */
function oldOne(rows: number, nth: number): number {
  const share = (nth * 0.618_033_988_75) % 1
  const n = Math.floor(share * (rows - 200)) + 1
  return n % 100 === 0 ? n + 3 : n
}

async function repeatKeys({ db, rows, first, lease, timedly }: Bench): Promise<void> {
  for (let nth = 0; nth < ALONE; nth++) {
    const n = oldOne(rows, first / 100 + nth)
    const [userId, key] = [userOf(n), keyOf(n)]
    await timedly('repeat: a key from long ago, looked up', async () => {
      const [found] = await findByIdempotencyKeys(db, [{ userId, key }])
      if (found?.id !== idOf(n)) throw new Error(`${key} stands for ${found?.id}`)
    })
    const draft = { ...draftOf(first, userId), id: 'never-stored', idempotencyKey: key }
    const again = { draft, lease, guards: { openMax: null, otpCode: null, policy: null } }
    await timedly('repeat: a key from long ago, inserted', async () => {
      const [what] = await insertWithdrawals(db, [again])
      if (what !== 'key_taken') throw new Error(`A repeated key was stored: ${JSON.stringify(what)}`)
    })
  }
}

async function sendBatch(bench: Bench, count: number): Promise<number> {
  const { store, first, lease, timedly, move } = bench
  const group = { provider: 'sandbox', currency: 'eur' }
  const claimed = await timedly('claim: what is ready for a batch', () =>
    store.claimReady(group, lease, NEW_EACH),
  )
  expectCount('claimed for a batch', claimed.length, count)
  const batch = { ...group, id: `bench-${first}`, batchKey: `BB-bench-${first}`, seal: sealOf }
  const members = await timedly('freeze: a batch of them', () =>
    store.freezeBatch(batch, changesOf(claimed, FROZEN, lease.owner)),
  )
  expectCount('frozen', members.length, count)
  await move('change: the answer to the batch', members, ANSWERED)
  return members.length
}

async function settle({ store, lease, timedly, move }: Bench, count: number): Promise<void> {
  for (let left = count; left > 0;) {
    const due = await timedly(`claim: ${CLAIMED} that are due`, () => store.claimDue(lease, CLAIMED))
    if (due.length === 0) throw new Error(`${left} are not due.`)
    left -= due.length
    for (const row of due.slice(0, 2)) await move('change: one settled', [row], SETTLED)
    if (due.length === CLAIMED) await move(`change: ${CLAIMED - 2} settled`, due.slice(2), SETTLED)
    else for (const row of due.slice(2)) await move('change: one settled', [row], SETTLED)
  }
  for (let nth = 0; nth < ALONE; nth++)
    await timedly('claim: nothing is due', async () =>
      expectCount('due', (await store.claimDue(lease, CLAIMED)).length, 0),
    )
}

/** At withdrawals that ended long ago, and at what there is to do beside them. */
async function lookBack({ store, rows, first, lease, timedly }: Bench): Promise<void> {
  for (let nth = 0; nth < ALONE; nth++) {
    const n = oldOne(rows, first / 100 + nth + 50)
    await timedly('look-up: by its id', async () =>
      expectCount('found', (await store.findWithdrawal(idOf(n))) === null ? 0 : 1, 1),
    )
    const other = (more: number): number => oldOne(rows, 7 * (first / 100 + nth) + more)
    const payouts = [
      ...[{ key: `BW-${idOf(other(0))}` }, { endToEndId: endToEndIdOf(other(1)) }],
      ...[{ reference: referenceOf(other(2)) }, { reference: bankIdOf(other(3)) }],
    ]
    await timedly('look-up: what a bank’s notice hints at', () => store.findHinted('sandbox', payouts))
    const event = { provider: 'sandbox', eventId: `event-${first}-${nth}`, type: 'paid', isVerified: true }
    await timedly('notice: stored, and what it hints at is woken', () =>
      store.receiveEvent({ ...event, payouts }),
    )
  }
  const watched = await timedly('claim: what has ended and is looked at again', () =>
    store.claimWatched(lease, CLAIMED),
  )
  for (const { id, version } of watched)
    await timedly('watch: one is given back', () =>
      store.watchAgain({ id, version, leaseOwner: lease.owner }, null),
    )
  await timedly('recovery: what a dead process held', () => store.releaseLeases(['nobody']))
  await timedly('recovery: what is stuck', () =>
    store.listStuck({ afterMs: {}, providers: ['sandbox'], withoutProviderAfterMs: 3_600_000, limit: 50 }),
  )
  await timedly('sums: what was counted is added up', () => store.foldTallies())
}
