import { NotInsertedError } from '../../src/db/statements/insert-withdrawal'
import type {
  Difference,
  GuardRule,
  PolicyGuard,
  StateChange,
  Store,
  StoredWithdrawal,
} from '../../src/db/store'
import { sealOf } from '../../src/domain/batch'
import { CAUSES, type LimitRule, SCOPES } from '../../src/domain/policy'
import { DIFFERENCE_KINDS } from '../../src/domain/questions'
import { REASON_CODES } from '../../src/domain/reasons'
import { factsOf } from '../../src/domain/sealed-facts'
import { STATES } from '../../src/domain/states'
import { CONTRADICTIONS, type Moment, type WithdrawalPatch } from '../../src/domain/withdrawal'
import { draft } from '../db/rows'
import type { Chance } from './chance'
import type { MemoryTables } from './memory-tables'

export type Operation = (store: Store) => Promise<unknown>

export interface Drawn {
  readonly name: string
  /** Moved before the operation; what is due at one moment in no promised order is kept apart by it. */
  readonly advanceMs: number
  readonly operation: Operation | null
}

const byId = (a: StoredWithdrawal, b: StoredWithdrawal): number => (a.id < b.id ? -1 : 1)
const byQuestion = (a: Asked, b: Asked): number => (nameOf(a) < nameOf(b) ? -1 : 1)
type Asked = Pick<Difference, 'kind' | 'withdrawalId' | 'fact'>
const nameOf = ({ kind, withdrawalId, fact }: Asked): string => [kind, withdrawalId, fact].join(' ')
const sorted = (rows: readonly StoredWithdrawal[]): StoredWithdrawal[] => [...rows].sort(byId)

export interface DrawOptions {
  /** In this part of the cases it is one of the last three rows that is meant: those who come at the same moment meet there. */
  readonly hot?: number
  /** Others are not drawn. */
  readonly names?: ReadonlySet<string>
}

/** Draws operations that mostly fit the rows there are, and sometimes do not: refusals have to agree too. */
export function createDraw(
  chance: Chance,
  tables: MemoryTables,
  { hot = 0, names: only }: DrawOptions = {},
): () => Drawn {
  let inserted = 0
  let batches = 0
  let renewed = 0
  const worker = () => chance.pick(['worker-1', 'worker-1', 'worker-1', 'worker-2'])
  const lease = () => ({ owner: worker(), seconds: chance.between(5, 25) })
  const someId = (): string => {
    const [first, ...few] = hot > 0 && chance.isLucky(hot) ? [...tables.rows.keys()].slice(-3) : []
    return first === undefined ? draft(1 + chance.below(inserted + 1)).id : chance.pick([first, ...few])
  }
  const someExisting = () => chance.pick([null, ...tables.rows.keys()])
  const someBatch = () => `batch-${String(1 + chance.below(batches + 1)).padStart(4, '0')}`
  const moment = (): Moment =>
    chance.pick([
      'now',
      null,
      { inMs: chance.below(9_000) },
      new Date(Date.parse('2026-01-04') + chance.below(1e9)),
    ])

  /** A member with a value that is drawn only where it is written. */
  const sometimes = (chanceOf: number, drawn: () => WithdrawalPatch): WithdrawalPatch =>
    chance.isLucky(chanceOf) ? drawn() : {}
  const patch = (): WithdrawalPatch => ({
    ...sometimes(0.6, () => ({ heldAt: 'now' })),
    ...sometimes(0.3, () => ({ reasonCode: chance.pick([...REASON_CODES, null]) })),
    ...sometimes(0.1, () => ({ contradiction: chance.pick([...CONTRADICTIONS, null]) })),
    ...sometimes(0.1, () => ({ canceledBy: chance.pick(['user', 'operator', null] as const) })),
    ...sometimes(0.2, () => ({ providerReference: chance.pick(['R1', 'R2', 'R3', null]) })),
    ...sometimes(0.2, () => ({ providerStatus: chance.pick(['PAID', 'ä"\\', null]) })),
    ...sometimes(0.2, () => ({ payoutDoubtAt: moment() })),
    ...sometimes(0.2, () => ({ payoutStartedAt: moment(), takenAt: moment() })),
    ...sometimes(0.1, () => ({ payoutRefusal: chance.pick([...REASON_CODES, null]) })),
    ...sometimes(0.1, () => ({ payoutRetryAt: moment() })),
    ...sometimes(0.2, () => ({ payer: chance.pick(['p1', 'p2', null]) })),
    ...sometimes(0.1, () => ({ settledBurnId: chance.pick(['T1', null]) })),
    ...sometimes(0.1, () => ({ reviewedFindings: chance.pick(['flagged', null]) })),
    ...sometimes(0.1, () => ({ creditRefused: chance.isLucky(0.5) })),
    ...sometimes(0.1, () => ({ batchSizeMax: chance.pick([0, 3, null]) })),
    ...sometimes(0.2, () => ({ returnedAmount: chance.pick(['5', '1.25']) })),
    ...sometimes(0.2, () => ({ watchAt: moment(), watchUntil: moment() })),
    ...sometimes(0.2, () => ({ batchId: chance.pick([null, someBatch()]) })),
  })
  const next = (): StateChange['next'] =>
    chance.pick([
      { keepLeaseSeconds: chance.between(5, 25) },
      { runInMs: chance.below(10_000) },
      { runInMs: 0 },
      { runInMs: null },
    ])

  /** A change of a row as it is, by who holds it, with a small part of each drawn at random. */
  const change = (id = someId(), more: Partial<StateChange> = {}): StateChange => {
    const row = tables.rows.get(id)
    const owner = row && tables.isHeld(row) ? row.leaseOwner : null
    return {
      id,
      from: row && chance.isLucky(0.9) ? row.state : chance.pick(STATES),
      to: chance.pick(STATES),
      version: row && chance.isLucky(0.9) ? row.version : chance.below(9),
      leaseOwner: chance.isLucky(0.8) ? owner : chance.pick([worker(), null]),
      event: chance.pick(['a.b', 'c.d']),
      actor: 'worker',
      patch: patch(),
      detail: { n: chance.below(9), t: 'ä', deep: { none: null } },
      next: next(),
      ...(chance.isLucky(0.3) && { leaves: true }),
      ...more,
    }
  }
  const policyGuard = (): PolicyGuard => {
    const limit = (of: LimitRule['of']): GuardRule => ({
      ...{ of, name: `of.${of}`, per: chance.pick(['day', 'month'] as const) },
      currency: chance.pick(['eur', null]),
      amount: chance.pick([null, String(chance.between(1e5, 2e7))]),
      count: chance.pick([null, chance.between(1, 60)]),
      then: chance.pick(['refuse', 'review'] as const),
    })
    return {
      version: chance.between(1, 9),
      rules: SCOPES.filter(() => chance.isLucky(0.5)).map(limit),
      coolingOffHours: chance.pick([0, 1]),
      causes: CAUSES.filter(() => chance.isLucky(0.3)),
      known: chance.pick([[], ['ceiling.eur']]),
    }
  }
  const distinctIds = (count: number): string[] => [...new Set(Array.from({ length: count }, someId))]

  const operations = {
    insertWithdrawal: () => {
      const amount = `${chance.between(1, 1e6)}.${chance.between(1, 9)}`
      const isRepeated = inserted > 0 && chance.isLucky(0.05)
      const made = draft(isRepeated ? inserted : ++inserted, {
        userId: chance.between(1, 3),
        idempotencyKey: chance.pick([null, null, `key-${chance.below(9)}`]),
        currency: chance.pick(['eur', 'eur', 'usd']),
        destinationHash: chance.pick(['account', 'other']),
        mode: chance.pick(['immediate', 'batch', 'batch']),
        ...{ amount, payoutAmount: amount },
      })
      const taken = lease()
      const guards = { openMax: null, otpCode: null, policy: chance.pick([null, policyGuard()]) }
      return async (store: Store) => {
        try {
          return await store.insertWithdrawal(made, taken, guards)
        } catch (error) {
          if (error instanceof NotInsertedError) return { notInserted: error.why, limit: error.limit }
          throw error
        }
      }
    },
    savePolicy: () => {
      const [seen, restores, limit] = [chance.below(3), chance.pick([null, 1]), chance.between(1, 3)]
      const said = { actor: 'operator:2', reason: 'r', changes: [{ name: 'n' }] }
      return async (store: Store) => {
        const latest = await store.latestPolicy()
        const version = latest?.version ?? 0
        const isStale = seen === 2
        const saved = await store.savePolicy({
          ...{ ...said, seen: isStale ? version + 1 : version, content: { n: seen } },
          restores: version > 0 ? restores : null,
        })
        return [
          ...[saved, latest, await store.findPolicy(version), await store.findPolicy(99)],
          await store.listPolicies({ limit, before: version + 1 }),
        ]
      }
    },
    usedByUser: () => {
      const userId = chance.between(1, 3)
      const span = () => ({
        per: chance.pick(['day', 'month'] as const),
        currency: chance.pick(['eur', 'usd', null]),
      })
      const spans = Array.from({ length: chance.below(3) }, span)
      return (store: Store) => store.usedByUser(userId, spans)
    },
    insertAdopted: () => {
      const isKnown = inserted > 0 && chance.isLucky(0.3)
      const made = draft(isKnown ? inserted : ++inserted, { userId: chance.between(1, 3), mode: 'batch' })
      const review = chance.pick([
        null,
        { reasonCode: 'code_not_checked', findings: null },
        { reasonCode: 'under_review', findings: 'flagged,unverified' },
      ] as const)
      return (store: Store) => store.insertAdopted(made, review)
    },
    changeState: () => {
      const made = change()
      return (store: Store) => store.changeState(made)
    },
    changeStates: () => {
      // Those that are alike have a statement of their own.
      const [first, isAlike] = [change(), chance.isLucky(0.5)]
      const made = distinctIds(chance.between(1, 3)).map((id): StateChange => {
        const own = change(id)
        const { version, leaseOwner, detail } = own
        return isAlike ? { ...first, id, version, leaseOwner, detail } : own
      })
      return async (store: Store) => [...(await store.changeStates(made))].sort()
    },
    postpone: () => {
      const { id, version, leaseOwner } = change()
      const code = chance.pick([undefined, null, ...REASON_CODES])
      const ms = chance.below(9_000)
      const untilResumed = chance.isLucky(0.3)
      const claim = { id, version, leaseOwner: leaseOwner ?? 'nobody' }
      return (store: Store) => store.postpone(claim, ms, code, untilResumed)
    },
    setProviderPaused: () => {
      const isPaused = chance.isLucky(0.5)
      return async (store: Store) => {
        const [known] = await store.readProviderStates()
        const decision = { provider: 'sandbox', isPaused, reason: 'r', actor: 'operator:2' }
        return store.setProviderPaused({ ...decision, version: known?.version ?? 0 })
      }
    },
    setStopped: () => {
      // Rarely on, and off soon: while it is, little else happens.
      const [isStopped, isStale] = [chance.isLucky(0.3), chance.isLucky(0.1)]
      return async (store: Store) => {
        const { version } = await store.readStop()
        const decision = { isStopped, message: 'm', reason: 'r', actor: 'operator:2' }
        const decided = await store.setStopped({ ...decision, version: isStale ? 99 : version })
        return [decided, await store.whatStops('sandbox'), await store.readStop()]
      }
    },
    letGo: () => {
      const row = [...tables.rows.values()].find(({ takenFrom }) => takenFrom !== null)
      const [id, leaseOwner] = [row?.id ?? someId(), row?.takenFrom ?? worker()]
      return (store: Store) => store.letGo({ id, leaseOwner })
    },
    putBack: () => {
      const row = tables.rows.get(someId())
      // What a row was accepted as is its own: another's amount would be counted for nobody.
      const { id, version } = row ?? { id: draft(9_999).id, version: 1 }
      const facts = {
        ...factsOf({ returnedAmount: null, ...(row ?? draft(1)) }),
        fee: chance.pick(['0', '0.25']),
      }
      const seen = { id, version: chance.isLucky(0.8) ? version : version + 1 }
      return (store: Store) => store.putBack(seen, facts)
    },
    findEnded: () => {
      const ids = distinctIds(chance.below(9))
      return async (store: Store) => sorted(await store.findEnded(ids))
    },
    claimDue: () => {
      const taken = lease()
      // All that is due: which of two equally due rows comes first is nobody's promise.
      return async (store: Store) => sorted(await store.claimDue(taken, 10_000))
    },
    claimOne: () => {
      const [id, taken] = [someId(), lease()]
      return (store: Store) => store.claimOne(taken, id)
    },
    wake: () => {
      const id = someId()
      return (store: Store) => store.wake(id)
    },
    sendAgain: () => {
      const row = tables.rows.get(someId())
      const number = ++renewed
      const made = change(row?.id, {
        to: 'ready',
        patch: { heldAt: 'now', batchId: null, payoutKey: `BW-new-${number}`, endToEndId: `NEW${number}` },
        retires: { why: chance.pick(['voided', 'proven_unpaid'] as const), watchForMs: chance.below(1e9) },
        next: { runInMs: 0 },
      })
      return (store: Store) =>
        store.changeState({ ...made, from: row?.state ?? 'requested', leaseOwner: null })
    },
    retired: () => {
      const [id, seconds, inMs] = [someId(), chance.between(5, 25), chance.pick([null, chance.below(9_000)])]
      const [known] = tables.retired.keys()
      return async (store: Store) => {
        const claimed = await store.claimRetired({ seconds }, 1_000)
        await store.watchRetiredAgain(known ?? '', inMs)
        const byKey = [...claimed].sort((a, b) => (a.payoutKey < b.payoutKey ? -1 : 1))
        const listed = await store.listRetiredPayouts(id)
        return [byKey, listed.map(({ payoutKey }) => payoutKey).sort()]
      }
    },
    stuck: () => {
      const afterMs = Object.fromEntries(STATES.map((state) => [state, chance.below(90_000)]))
      const providers = chance.pick([['sandbox'], []])
      const query = { afterMs, providers, withoutProviderAfterMs: chance.below(20_000), limit: 5 }
      const [id, kind] = [someId(), chance.pick(['stuck', 'unresolved', 'overdue', 'orphan_hold'] as const)]
      return async (store: Store) => {
        const found = await store.listStuck(query)
        if (tables.rows.has(id)) await store.openDifference({ kind, withdrawalId: id, fact: '', detail: {} })
        return [found, await store.closeOvertaken()]
      }
    },
    hints: () => {
      const row = tables.rows.get(someId())
      const [old] = tables.retired.values()
      const hint = chance.pick([
        { key: row?.payoutKey ?? 'none' },
        { endToEndId: row?.endToEndId ?? 'none' },
        { key: old?.payoutKey ?? 'none' },
        { endToEndId: old?.endToEndId ?? 'none' },
        { reference: chance.pick(['R1', 'R2', 'T1']) },
      ])
      const isWake = chance.isLucky(0.5)
      return async (store: Store) =>
        isWake ? store.wakeHinted('sandbox', [hint]) : sorted(await store.findHinted('sandbox', [hint]))
    },
    makeReady: () => {
      const row = tables.rows.get(someId())
      const made = change(row?.id, {
        to: 'ready',
        patch: { heldAt: 'now', batchId: null },
        next: { runInMs: 0 },
      })
      return (store: Store) =>
        store.changeState({ ...made, from: row?.state ?? 'requested', leaseOwner: null })
    },
    releaseLeases: () => {
      const dead = chance.pick([['worker-2'], ['worker-2', 'nobody'], ['worker-1'], [], null])
      return (store: Store) => store.releaseLeases(dead)
    },
    readyGroups: () => (store: Store) => store.readyGroups(),
    claimReady: () => {
      const [taken, currency, limit] = [lease(), chance.pick(['eur', 'usd']), chance.between(1, 8)]
      return (store: Store) => store.claimReady({ provider: 'sandbox', currency }, taken, limit)
    },
    renewLeases: () => {
      const [taken, ids] = [lease(), distinctIds(4)]
      return (store: Store) => store.renewLeases(taken, ids)
    },
    freezeBatch: () => {
      const held = [...tables.rows.values()].filter((row) => row.state === 'ready' && tables.isHeld(row))
      const ids = held.length > 0 ? held.slice(0, 3).map(({ id }) => id) : distinctIds(2)
      const made = ids.map((id) => change(id, { to: 'submitting', patch: { heldAt: 'now' }, next: next() }))
      const id = `batch-${String(++batches).padStart(4, '0')}`
      const batch = { id, provider: 'sandbox', currency: 'eur', batchKey: `BB-${id}`, seal: sealOf }
      return (store: Store) => store.freezeBatch(batch, made)
    },
    intoDoubt: () => {
      const row = [...tables.rows.values()].find(({ state }) => state === 'submitting')
      const made = change(row?.id, { to: 'in_doubt', patch: {}, next: { runInMs: 0 } })
      return (store: Store) => store.changeState({ ...made, from: 'submitting', leaseOwner: null })
    },
    claimBatch: () => {
      const [id, taken] = [someBatch(), lease()]
      const from = {
        owner: lease().owner,
        id: chance.pick([...(tables.batches.get(id)?.members ?? []), 'none']),
      }
      return (store: Store) => store.claimBatch(id, taken, from)
    },
    freezeResend: () => {
      const id = someBatch()
      const batch = tables.batches.get(id)
      const made = (batch?.members ?? distinctIds(1)).map((member) =>
        change(member, { to: 'in_doubt', patch: { payoutDoubtAt: 'now' } }),
      )
      const attempts = chance.isLucky(0.9) ? (batch?.attempts ?? 1) : 7
      return (store: Store) => store.freezeResend({ id, attempts }, made)
    },
    concludeBatch: () => {
      const id = someBatch()
      const state = chance.pick(['sent', 'refused', 'in_doubt'] as const)
      const result = { state, providerReference: chance.pick([null, null, `B-${id}`]), reasonCode: null }
      const attempts = chance.isLucky(0.9) ? (tables.batches.get(id)?.attempts ?? 1) : 7
      return (store: Store) => store.concludeBatch({ id, attempts }, result)
    },
    doubtAbandonedBatches: () => (store: Store) => store.doubtAbandonedBatches(30),
    readBatch: () => {
      const id = someBatch()
      return (store: Store) =>
        Promise.all([
          store.findBatch(id),
          store.listBatchMembers(id),
          store.listBatches({ offset: 0, limit: 50 }),
        ])
    },
    claimWatched: () => {
      const taken = lease()
      return async (store: Store) => sorted(await store.claimWatched(taken, 10_000))
    },
    watchAgain: () => {
      const { id, version, leaseOwner } = change()
      const inMs = chance.pick([null, chance.below(9_000)])
      return (store: Store) => store.watchAgain({ id, version, leaseOwner: leaseOwner ?? 'nobody' }, inMs)
    },
    openDifference: () => {
      const kind = chance.pick(DIFFERENCE_KINDS)
      const [amount, withdrawalId] = [String(chance.below(3)), someExisting()]
      const made = { kind, withdrawalId, fact: chance.pick(['', amount]), detail: { amount } }
      return (store: Store) =>
        withdrawalId === null ? null : store.openDifference({ ...made, withdrawalId })
    },
    resolveDifference: () => {
      const answer = { by: chance.pick(['worker', 'operator:2']), resolution: `said ${chance.below(9)}` }
      const of = { withdrawalId: someId(), kind: chance.pick(DIFFERENCE_KINDS) }
      return (store: Store) => store.resolveDifference({ ...of, ...answer })
    },
    answerDifference: () => {
      const answer = { by: chance.pick(['worker', 'operator:2']), resolution: `said ${chance.below(9)}` }
      const nth = chance.below(3)
      // Each database numbers them in its own way: the one that is meant is found by its place.
      return async (store: Store) => {
        const open = [...(await store.listDifferences({ isOpen: true, limit: 100 }))].sort(byQuestion)
        return open[nth] ? store.answerDifference({ id: open[nth].id, ...answer }) : null
      }
    },
    listDifferences: () => {
      const query = { isOpen: chance.isLucky(0.5), limit: 10_000 }
      const about = chance.isLucky(0.3) ? { withdrawalId: someId() } : {}
      return async (store: Store) =>
        (await store.listDifferences({ ...query, ...about }))
          .map(({ id: _id, ...difference }) => difference)
          .sort(byQuestion)
    },
    operatorActions: () => {
      const action = {
        actor: 'operator:2',
        action: 'a.b',
        subject: someId(),
        reason: 'r',
        detail: { n: chance.below(9) },
      }
      const way = chance.pick(['recordOperatorAction', 'wakeAs'] as const)
      return async (store: Store) => {
        const done = await store[way](action)
        const found = await store.listOperatorActions({ subject: action.subject, action: 'a.b', limit: 5 })
        return [done ?? null, found.map(({ id: _id, ...recorded }) => recorded)]
      }
    },
    quarantine: () => {
      const account = { userId: chance.between(1, 3), destinationHash: chance.pick(['h1', 'h2']) }
      const withdrawalId = someExisting()
      const [way, userId] = [chance.below(3), chance.pick([account.userId, null])]
      return async (store: Store) => {
        if (way === 0 && withdrawalId !== null)
          await store.quarantine({ ...account, masked: 'm', reasonCode: 'account_closed', withdrawalId })
        const lift = { destinationHash: account.destinationHash, userId, actor: 'operator:2', reason: 'r' }
        const lifted = way === 1 && (await store.liftQuarantine(lift))
        return [lifted, await store.isQuarantined(account), await store.listQuarantine()]
      }
    },
    lists: () => {
      const sort = chance.pick(['created_at', 'updated_at', 'amount', 'currency', 'status', 'id'] as const)
      const order = chance.pick(['asc', 'desc'] as const)
      const page = { userId: chance.between(1, 3), sort, order, offset: chance.below(3), limit: 20 }
      const query = { ...page, ...(chance.isLucky(0.3) && { currency: 'eur' }) }
      const states = STATES.filter(() => chance.isLucky(0.5))
      const filtered = { ...query, ...(chance.isLucky(0.3) && { states }) }
      return (store: Store) =>
        Promise.all([store.listWithdrawals(filtered), store.countWithdrawals(filtered)])
    },
    findByIdempotencyKey: () => {
      const [userId, key] = [chance.between(1, 3), `key-${chance.below(9)}`]
      return (store: Store) => store.findByIdempotencyKey(userId, key)
    },
  } satisfies Record<string, () => (store: Store) => unknown>

  const names = Object.keys(operations) as (keyof typeof operations)[]
  const often = (
    ['insertWithdrawal', 'changeState', 'changeStates', 'makeReady', 'claimReady'] as const
  ).flatMap((name) => [name, name, name])
  const drawable = [...names, ...often, 'freezeBatch' as const, 'intoDoubt' as const].filter(
    (name) => only?.has(name) !== false,
  )
  return () => {
    const name = chance.pick(drawable)
    const drawn = operations[name]() as (store: Store) => unknown
    const advanceMs = chance.isLucky(0.3) ? chance.between(1, 20_000) : chance.isLucky(0.7) ? 1 : 0
    return { name, advanceMs, operation: (store) => Promise.resolve(store).then(drawn) }
  }
}
