import { sealOf } from '../../src/domain/batch'
import type { LookupOutcome, PayoutOutcome } from '../../src/ports/payment-provider'
import type { Step } from '../../src/services/steps'
import { go } from '../../src/services/steps/step'
import { RefusedError } from './memory-tables'
import { BOOKS_MUTANTS } from './mutants-books'
import { ASKED_BY_RESENDING, LATER_MUTANTS, WATCHED_RETURNS } from './mutants-later'
import type { Mutant } from './process'

/**
 * The mistakes people make with other people's money, one at a time. Each is a wrapper around a part of the program,
 * so the program itself knows nothing of them. A simulator that does not see them would see nothing.
 */

const DECLINED: PayoutOutcome = { kind: 'declined', code: 'provider_declined' }

const instead =
  (wanted: (outcome: PayoutOutcome | LookupOutcome) => boolean, answer: PayoutOutcome) =>
  <Outcome extends PayoutOutcome | LookupOutcome>(outcome: Outcome): Outcome =>
    wanted(outcome) ? (answer as Outcome) : outcome

const entering =
  (step: Step): Step =>
  (visit, deps) =>
    step({ ...visit, entered: true }, deps)

const afterDoubt: readonly Mutant[] = [
  {
    name: 'payout-timeout-is-failure',
    believes: 'no answer to a payout means that it was not made',
    calls: (calls) => ({
      ...calls,
      submit: async (provider, order) => {
        const outcome = await calls.submit(provider, order)
        return instead(({ kind }) => kind === 'unknown', DECLINED)(outcome)
      },
    }),
  },
  {
    name: 'burn-timeout-is-failure',
    // What lands after all is given back; that it takes the money shows where somebody settles it before.
    hot: ['timeout', 'foreign'],
    believes: 'no answer to a burn means that nothing is locked',
    steps: (steps) => ({
      ...steps,
      requested: async (visit, deps) => {
        const next = await steps.requested(visit, deps)
        if (next.kind !== 'stay' || !visit.entered) return next
        return go({
          ...{ to: 'canceled', event: 'hold.refused', reasonCode: 'insufficient_balance' },
          patch: { holdDoubtAt: null },
          next: { runInMs: null },
        })
      },
    }),
  },
  {
    name: 'release-timeout-is-success',
    believes: 'a release that was sent will arrive',
    steps: (steps) => ({
      ...steps,
      releasing: async (visit, deps) => {
        const next = await steps.releasing(visit, deps)
        if (next.kind !== 'stay' || !visit.entered) return next
        return go({
          to: 'canceled',
          event: 'hold.released',
          reasonCode: visit.row.reasonCode,
          next: { runInMs: null },
        })
      },
    }),
  },
  {
    name: 'settle-timeout-is-success',
    believes: 'a settle that was sent will arrive',
    steps: (steps) => ({
      ...steps,
      settling: async (visit, deps) => {
        const next = await steps.settling(visit, deps)
        return next.kind === 'stay' && visit.entered
          ? go({ to: 'processed', event: 'hold.settled', next: { runInMs: null } })
          : next
      },
    }),
  },
  {
    name: 'settle-timeout-is-released',
    believes: 'what cannot be settled has to be given back',
    steps: (steps) => ({
      ...steps,
      settling: async (visit, deps) => {
        const next = await steps.settling(visit, deps)
        if (next.kind !== 'stay') return next
        await deps.exchange.releaseHold(visit.row.id)
        return next
      },
    }),
  },
  {
    name: 'refusal-after-doubt-is-believed',
    // What lands late on a canceled withdrawal is given back, unless somebody settles it before.
    hot: ['late_effect', 'refusal', 'foreign'],
    believes: 'the last answer counts, whatever the first request does',
    steps: (steps) => ({
      ...steps,
      requested: async (visit, deps) => {
        const next = await steps.requested(visit, deps)
        if (next.kind !== 'go' || next.move.event !== 'hold.refused_in_doubt') return next
        return go({
          ...{ to: 'canceled', event: 'hold.refused', reasonCode: 'hold_refused' },
          next: { runInMs: null },
        })
      },
    }),
  },
  {
    name: 'missing-burn-ends-at-once',
    believes: 'a burn that is not there now will not come',
    steps: (steps) => ({
      ...steps,
      releasing: async (visit, deps) =>
        steps.releasing(visit, { ...deps, settings: { ...deps.settings, quietMs: 0 } }),
    }),
  },
  {
    name: 'not-found-is-failure',
    believes: 'a payout that is not found was not made',
    calls: (calls) => ({
      ...calls,
      lookup: async (provider, query) =>
        instead(({ kind }) => kind === 'not_found', DECLINED)(await calls.lookup(provider, query)),
    }),
  },
  {
    name: 'no-quiet-time',
    believes: 'what is not found now can be sent again now',
    stepDeps: (deps) => ({ ...deps, settings: { ...deps.settings, quietMs: 0 } }),
    provider: (provider) => ({
      ...provider,
      capabilities: { ...provider.capabilities, notFoundConclusiveAfterMs: 0 },
    }),
  },
  {
    name: 'key-lives-for-ever',
    believes: 'a provider knows a key for ever',
    provider: (provider) => ({
      ...provider,
      capabilities: { ...provider.capabilities, keyLifetimeMs: Number.MAX_SAFE_INTEGER },
    }),
  },
  {
    name: 'deferral-ends-doubt',
    hot: ['timeout', 'throttled', 'cancel'],
    where: ASKED_BY_RESENDING,
    believes: 'a request that was put off proves that no earlier one was taken',
    steps: (steps) => ({
      ...steps,
      submitting: async (visit, deps) => {
        const next = await steps.submitting(visit, deps)
        if (next.kind !== 'go' || !next.move.event.startsWith('payout.deferred')) return next
        const { move } = next
        return go({ ...move, to: 'ready', patch: { ...move.patch, payoutDoubtAt: null, batchId: null } })
      },
    }),
  },
]

const intent: readonly Mutant[] = [
  {
    name: 'new-key-per-attempt',
    believes: 'every request needs a fresh key',
    provider: (provider) => {
      let attempts = 0
      return {
        ...provider,
        submit: (order) => {
          const key = `${order.key}#${++attempts}`
          return provider.submit({ ...order, key, items: order.items.map((item) => ({ ...item, key })) })
        },
      }
    },
  },
  {
    name: 'no-burn-intent',
    believes: 'that a burn may be on its way need not be written down',
    without: new Set(['hold_doubt']),
    steps: (steps) => ({
      ...steps,
      requested: (visit, deps) =>
        steps.requested({ ...visit, record: () => Promise.resolve(visit.row) }, deps),
    }),
  },
  {
    name: 'payout-before-intent',
    believes: 'the payout can be written down when it has been made',
    steps: (steps) => ({
      ...steps,
      ready: async (visit, deps) => {
        const next = await steps.ready(visit, deps)
        if (next.kind !== 'go' || next.move.to !== 'submitting') return next
        const early: typeof visit = { ...visit, entered: true }
        await steps.submitting(early, deps)
        return next
      },
    }),
  },
  {
    name: 'settle-before-payout',
    believes: 'the burn can be made final as soon as the payout is under way',
    steps: (steps) => ({
      ...steps,
      submitting: async (visit, deps) => {
        await deps.exchange.settleHold(visit.row.id, visit.row.id)
        return steps.submitting(visit, deps)
      },
    }),
  },
  {
    name: 'payout-before-lock',
    believes: 'the lock will come, the payout can go',
    steps: (steps) => ({
      ...steps,
      requested: async (visit, deps) => {
        const next = await steps.requested(visit, deps)
        if (next.kind === 'stay' && visit.entered)
          return go({
            ...{ to: 'ready', event: 'hold.assumed', patch: { heldAt: 'now' } },
            next: { keepLeaseSeconds: deps.settings.leaseSeconds },
          })
        return next
      },
      ready: (visit, deps) =>
        steps.ready(visit, {
          ...deps,
          exchange: {
            ...deps.exchange,
            findHold: () => Promise.resolve({ kind: 'absent' }),
            markProcessing: (id) => Promise.resolve({ kind: 'done', hold: assumed(visit.row, id) }),
          },
        }),
    }),
  },
  {
    name: 'burn-again-without-looking',
    believes: 'a burn that got no answer is simply asked for again',
    steps: (steps) => ({ ...steps, requested: entering(steps.requested) }),
  },
  {
    name: 'resend-after-crash',
    believes: 'a payout that was interrupted is simply sent again',
    steps: (steps) => ({ ...steps, submitting: entering(steps.submitting) }),
  },
]

const assumed = (row: { userId: number; currency: string; amount: string }, id: string) =>
  ({ ...row, id, state: 'pending', processing: true, waiting: false, onHold: false }) as const

const guards: readonly Mutant[] = [
  {
    name: 'no-version-guard',
    hot: ['cancel'],
    believes: 'nobody else writes to the row meanwhile',
    without: new Set(['version']),
  },
  {
    name: 'no-lease-guard',
    believes: 'who once held the row may write to it',
    without: new Set(['lease']),
  },
  {
    name: 'lease-not-looked-at',
    hot: ['pause', 'timeout'],
    // Where a second lock is a second lock, and nothing is waited for longer than it has to be.
    where: (knobs) => ({
      ...knobs,
      quietMs: knobs.lateMaxMs + knobs.wallet.lookupLagMs + 1_000,
      wallet: { ...knobs.wallet, repeated: 'burns_again', declaredUnique: false },
    }),
    believes: 'between a statement and a request no time passes',
    steps: (steps) => {
      const careless =
        (step: Step): Step =>
        (visit, deps) =>
          step({ ...visit, ensureLease: () => {} }, deps)
      return { ...steps, requested: careless(steps.requested), submitting: careless(steps.submitting) }
    },
  },
  {
    name: 'cancel-ignores-doubt',
    hot: ['timeout', 'provider_pause', 'cancel'],
    where: ASKED_BY_RESENDING,
    believes: 'what its user takes back was never sent',
    storeOfCancel: (store) => ({
      ...store,
      findWithdrawal: async (id) => {
        const row = await store.findWithdrawal(id)
        return row && { ...row, payoutDoubtAt: null }
      },
    }),
  },
  {
    name: 'settled-burn-has-one-id',
    believes: 'a burn keeps the id it was made with',
    exchange: (exchange) => ({
      ...exchange,
      findHold: ({ userId, ids }) => exchange.findHold({ userId, ids: ids.slice(0, 1) }),
    }),
  },
  {
    name: 'mark-not-read',
    believes: 'a burn that was marked is still the burn we made',
    exchange: (exchange) => ({
      ...exchange,
      markProcessing: async (id) => {
        const outcome = await exchange.markProcessing(id)
        return outcome.kind === 'done'
          ? outcome
          : { kind: 'done', hold: assumed({ userId: null as never, currency: 'eur', amount: '0' }, id) }
      },
    }),
    steps: (steps) => ({
      ...steps,
      ready: (visit, deps) =>
        steps.ready(visit, {
          ...deps,
          exchange: {
            ...deps.exchange,
            findHold: () => Promise.resolve({ kind: 'absent' }),
            markProcessing: async (id) => {
              await deps.exchange.markProcessing(id)
              return { kind: 'done', hold: assumed(visit.row, id) }
            },
          },
        }),
    }),
  },
  {
    name: 'amount-not-compared',
    believes: 'a provider pays what it was asked for',
    calls: (calls) => {
      const without = <Outcome extends object>(outcome: Outcome): Outcome =>
        Object.fromEntries(Object.entries(outcome).filter(([name]) => name !== 'amount')) as Outcome
      return {
        ...calls,
        submit: async (provider, order) => without(await calls.submit(provider, order)),
        lookup: async (provider, query) => without(await calls.lookup(provider, query)),
      }
    },
  },
  {
    name: 'garbage-is-success',
    believes: 'an answer is an answer',
    calls: (calls) => ({
      ...calls,
      submit: async (provider, order) => {
        const outcome = await calls.submit(provider, order)
        const isGarbage = outcome.kind === 'unknown' && outcome.why.startsWith('malformed')
        return isGarbage ? { kind: 'settled', reference: order.key, transactionId: order.key } : outcome
      },
    }),
  },
  {
    name: 'key-is-looked-up-then-stored',
    believes: 'between a look and an insert nobody else inserts',
    without: new Set(['idempotency']),
  },
  {
    name: 'answered-before-stored',
    believes: 'an insert that failed will be made up for',
    store: (store) => {
      let last: Awaited<ReturnType<typeof store.insertWithdrawal>> = null
      return {
        ...store,
        insertWithdrawal: async (draft, lease) => {
          try {
            last = await store.insertWithdrawal(draft, lease)
            return last
          } catch (error) {
            if (error instanceof RefusedError || !last) throw error
            return { ...last, ...draft }
          }
        },
      }
    },
  },
]

const batches: readonly Mutant[] = [
  {
    name: 'batch-has-a-new-key-each-time',
    believes: 'a batch that is sent again needs a fresh key',
    provider: (provider) => {
      let attempts = 0
      return {
        ...provider,
        submit: (order) => provider.submit({ ...order, key: `${order.key}-${++attempts}` }),
      }
    },
  },
  {
    name: 'doubted-batch-is-dealt-anew',
    hot: ['timeout'],
    believes: 'what was in a batch nobody answered can go with the next one',
    steps: (steps) => ({
      ...steps,
      in_doubt: async (visit, deps) => {
        const next = await steps.in_doubt(visit, deps)
        if (next.kind !== 'resend_batch') return next
        return go({
          ...{ to: 'ready', event: 'payout.proven_unsent', patch: { batchId: null, payoutDoubtAt: null } },
          next: { runInMs: 0 },
        })
      },
    }),
  },
  {
    name: 'batch-error-is-a-refusal',
    believes: 'a batch that ended in an error was not taken',
    provider: (provider) => ({
      ...provider,
      submit: (order) =>
        provider.submit(order).catch(() => ({ kind: 'deferred', why: 'batch_refused', retryAfterMs: 0 })),
    }),
  },
  {
    name: 'one-declined-is-all-declined',
    believes: 'a batch fails or succeeds as a whole',
    provider: (provider) => ({
      ...provider,
      submit: async (order) => {
        const answer = await provider.submit(order)
        const isDeclined = Object.values(answer?.items ?? {}).some(({ kind }) => kind === 'declined')
        if (!isDeclined) return answer
        return { kind: 'accepted', items: Object.fromEntries(order.items.map(({ key }) => [key, DECLINED])) }
      },
    }),
  },
  {
    name: 'batch-answer-counts-for-all',
    believes: 'the provider would say so if it had left somebody out',
    provider: (provider) => ({
      ...provider,
      submit: async (order) => {
        const answer = await provider.submit(order)
        if (answer?.kind !== 'accepted' || order.items.length === 1) return answer
        const settled = (key: string) => ({ kind: 'settled', reference: key, transactionId: key }) as const
        return { ...answer, items: Object.fromEntries(order.items.map(({ key }) => [key, settled(key)])) }
      },
    }),
  },
  {
    name: 'batch-total-is-a-float',
    believes: 'amounts can be added up as numbers',
    provider: (provider) => ({
      ...provider,
      submit: (order) => {
        const total = order.items.reduce((sum, { amount }) => sum + Number(amount), 0)
        return provider.submit({ ...order, total: String(total) })
      },
    }),
  },
  {
    name: 'batch-is-not-frozen',
    hot: ['timeout'],
    believes: 'a batch sent again may leave out who has moved on',
    store: (store) => {
      const wanted = (members: readonly { id: string }[]) => (members.length > 1 ? members.slice(1) : members)
      return {
        ...store,
        claimBatch: async (id, lease, from) => {
          const members = await store.claimBatch(id, lease, from)
          return members && (wanted(members) as typeof members)
        },
        // The hash is not held against what is sent, either.
        findBatch: async (id) => {
          const batch = await store.findBatch(id)
          if (!batch) return batch
          const members = await store.listBatchMembers(id)
          return { ...batch, ...sealOf(wanted(members) as typeof members) }
        },
      }
    },
  },
]

const people: readonly Mutant[] = [
  {
    name: 'person-is-believed-unasked',
    hot: ['operator', 'timeout', 'late_effect', 'outage'],
    believes: 'what a person says of a payout needs no look-up, and no waiting',
    prove: () => () => Promise.resolve({}),
  },
  {
    name: 'hold-of-staff-not-looked-at',
    hot: ['staff_hold'],
    believes: 'a burn is either pending or not',
    exchange: (exchange) => ({
      ...exchange,
      findHold: async (query) => {
        const search = await exchange.findHold(query)
        if (search.kind !== 'found') return search
        return { ...search, hold: { ...search.hold, onHold: false, waiting: false } }
      },
    }),
  },
]

const afterwards: readonly Mutant[] = [
  {
    name: 'the-end-is-not-watched',
    hot: ['late_effect', 'timeout'],
    believes: 'what has ended has ended, on the list of pending burns too',
    exchange: (exchange) => ({ ...exchange, listPendingHolds: () => Promise.resolve([]) }),
    store: (store) => ({ ...store, claimWatched: () => Promise.resolve([]) }),
  },
  {
    name: 'credit-again-without-looking',
    hot: ['late_fact', 'timeout', 'late_effect'],
    believes: 'a mint that got no answer is simply asked for again',
    where: (knobs) => ({
      ...WATCHED_RETURNS(knobs),
      // Long enough for what came back to be seen while there are faults.
      faultsUntilMs: 1_200_000,
      wallet: { ...knobs.wallet, repeated: 'burns_again', declaredUnique: false },
    }),
    exchange: (exchange) => ({ ...exchange, findCredit: () => Promise.resolve({ kind: 'absent' }) }),
  },
]

export const MUTANTS: readonly Mutant[] = [
  ...afterDoubt,
  ...intent,
  ...guards,
  ...batches,
  ...people,
  ...afterwards,
  ...LATER_MUTANTS,
  ...BOOKS_MUTANTS,
]
