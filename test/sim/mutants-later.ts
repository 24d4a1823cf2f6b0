import { LeaseLostError } from '../../src/errors'
import type { LookupOutcome, PayoutOutcome } from '../../src/ports/payment-provider'
import type { Step } from '../../src/services/steps'
import { go } from '../../src/services/steps/step'
import type { ProviderKnobs } from './knobs'
import type { Mutant } from './process'
import { POISON } from './secrecy'

/** More mistakes, of the same kind as in mutants.ts: those of an audit, and what they led to. */

/** A provider for all of its histories, where a mistake shows only at one of its kind. */
export const withProviders =
  (kind: Partial<ProviderKnobs>) =>
  <Knobs extends { readonly providers: readonly ProviderKnobs[] }>(knobs: Knobs): Knobs => ({
    ...knobs,
    providers: knobs.providers.map((provider) => ({ ...provider, ...kind })),
  })

/** Doubt that only a repetition ends, at a bank that takes what it is sent. */
export const ASKED_BY_RESENDING = withProviders({
  ...{ lookup: 'none', keyLifetimeMs: 86_400_000, batchItemsMax: null, declinedShare: 0, badShare: 0 },
  ...{ instantShare: 1, goesBadShare: 0 },
})

/** What was paid comes back, and somebody looks. */
export const WATCHED_RETURNS = withProviders({
  ...{ lookup: 'by_key', returnWindowMs: 172_800_000, declinedShare: 0, voidedShare: 0 },
})

const silentAbout = (...kinds: readonly string[]): Pick<Mutant, 'store'> => ({
  store: (store) => ({
    ...store,
    openDifference: (difference) =>
      kinds.includes(difference.kind) ? Promise.resolve(false) : store.openDifference(difference),
  }),
})

const everyStep =
  (wrap: (step: Step) => Step): NonNullable<Mutant['steps']> =>
  (steps) =>
    Object.fromEntries(Object.entries(steps).map(([state, step]) => [state, wrap(step)])) as typeof steps

const ofMoney: readonly Mutant[] = [
  {
    name: 'compared-before-the-fee',
    believes: 'what was paid is what was asked for, the fee included',
    where: (knobs) => ({ ...knobs, fees: { ...knobs.fees, mode: 'deducted', flat: 100 } }),
    steps: everyStep((step) => (visit, deps) => {
      const { amount, payoutAmount } = visit.row
      const compared = <Outcome extends PayoutOutcome | LookupOutcome>(outcome: Outcome): Outcome =>
        outcome.kind === 'settled' && outcome.amount === payoutAmount && amount !== payoutAmount
          ? { ...outcome, amount }
          : outcome
      const { providerCalls } = deps
      return step(visit, {
        ...deps,
        providerCalls: {
          ...providerCalls,
          submit: async (provider, order) => compared(await providerCalls.submit(provider, order)),
          lookup: async (provider, query) => compared(await providerCalls.lookup(provider, query)),
        },
      })
    }),
  },
  {
    name: 'fee-is-taken-twice',
    believes: 'the network takes the fee, whoever bears it',
    where: (knobs) => ({ ...knobs, fees: { ...knobs.fees, mode: 'deducted', flat: 100 } }),
    steps: (steps) => ({
      ...steps,
      requested: (visit, deps) =>
        steps.requested({ ...visit, row: { ...visit.row, payoutAmount: visit.row.amount } }, deps),
    }),
  },
  {
    name: 'all-is-credited',
    hot: ['late_fact'],
    believes: 'what comes back comes back whole',
    where: WATCHED_RETURNS,
    steps: (steps) => ({
      ...steps,
      returning: (visit, deps) =>
        steps.returning({ ...visit, row: { ...visit.row, returnedAmount: visit.row.payoutAmount } }, deps),
    }),
  },
]

const ofSilence: readonly Mutant[] = [
  {
    name: 'declined-after-paid-is-silent',
    hot: ['late_fact'],
    believes: 'what was paid once cannot be declined',
    where: WATCHED_RETURNS,
    ...silentAbout('declined_after_paid'),
  },
  {
    name: 'second-return-is-silent',
    hot: ['late_fact'],
    believes: 'what came back came back once',
    where: WATCHED_RETURNS,
    ...silentAbout('returned_again', 'returned_after_release'),
  },
  {
    name: 'paid-after-release-is-silent',
    hot: ['lie'],
    believes: 'who was called declined is not paid',
    where: withProviders({ lookup: 'by_key' }),
    ...silentAbout('paid_after_release'),
  },
  {
    name: 'old-keys-are-forgotten',
    hot: ['late_fact'],
    believes: 'what was dropped need not be looked at again',
    where: withProviders({ lookup: 'by_key' }),
    store: (store) => ({
      ...store,
      claimRetired: () => Promise.resolve([]),
      listRetiredPayouts: () => Promise.resolve([]),
    }),
  },
]

const ofTime: readonly Mutant[] = [
  {
    name: 'lease-counts-from-the-answer',
    hot: ['pause', 'timeout'],
    believes: 'a lease begins when one hears of it',
    where: (knobs) => ({
      ...knobs,
      quietMs: knobs.lateMaxMs + knobs.wallet.lookupLagMs + 1_000,
      wallet: { ...knobs.wallet, repeated: 'burns_again', declaredUnique: false },
    }),
    steps: (steps, clock) => {
      const late =
        (step: Step): Step =>
        (visit, deps) => {
          let heardAtMs = clock.monotonicMs()
          return step(
            {
              ...visit,
              record: async (move) => {
                const row = await visit.record(move)
                heardAtMs = clock.monotonicMs()
                return row
              },
              ensureLease: () => {
                if (clock.monotonicMs() > heardAtMs + deps.settings.leaseSeconds * 1_000)
                  throw new LeaseLostError('Too little of the lease is left.')
              },
            },
            deps,
          )
        }
      return { ...steps, requested: late(steps.requested), submitting: late(steps.submitting) }
    },
  },
  {
    name: 'dead-send-nothing',
    hot: ['unseen_here', 'cancel'],
    believes: 'who was taken for dead sends nothing any more',
    where: (knobs) => ({
      ...withProviders({
        ...{ keyLifetimeMs: 86_400_000, lookup: 'by_key', notFoundConclusiveAfterMs: 0, lookupLagMs: 0 },
        ...{ declinedShare: 0, instantShare: 1, voidedShare: 0, badShare: 0, goesBadShare: 0 },
      })(knobs),
      mode: 'batch',
      leaseSeconds: 150,
      lateMaxMs: 20_000,
      quietMs: 21_000 + knobs.wallet.lookupLagMs,
    }),
    without: new Set(['stray']),
  },
  {
    name: 'one-clock-is-enough',
    hot: ['clock_step', 'timeout', 'late_effect', 'kill'],
    believes: 'the clock of the database is the time',
    where: (knobs) => ({
      ...knobs,
      wallet: { ...knobs.wallet, repeated: 'burns_again', declaredUnique: false },
    }),
    stepDeps: (deps) => ({ ...deps, patience: { msLeft: () => 0 } }),
  },
]

const ofTrust: readonly Mutant[] = [
  {
    name: 'desk-gives-back-what-is-in-doubt',
    hot: ['operator', 'timeout', 'late_effect', 'provider_pause'],
    believes: 'what waits to be sent was never sent',
    where: ASKED_BY_RESENDING,
    rowOfDesk: (row) => ({ ...row, payoutDoubtAt: null }),
  },
  {
    name: 'no-to-the-second-is-no-to-the-first',
    hot: ['timeout', 'late_effect', 'reset'],
    believes: 'a bank that refuses a payout now has not taken it before',
    where: withProviders({
      ...{ lookup: 'none', keyLifetimeMs: 86_400_000, validatesFirst: true, goesBadShare: 0.8 },
      ...{ batchItemsMax: null, declinedShare: 0, badShare: 0 },
    }),
    steps: (steps) => ({
      ...steps,
      submitting: (visit, deps) =>
        steps.submitting({ ...visit, row: { ...visit.row, payoutDoubtAt: visit.row.stateSince } }, deps),
    }),
  },
  {
    name: 'left-out-is-declined',
    hot: ['timeout', 'late_effect'],
    believes: 'a look-up of a batch names everybody who is in it',
    where: (knobs) => ({
      ...withProviders({
        ...{ asksOrders: true, batchItemsMax: 10, lookup: 'by_key', instantShare: 0, tellsItems: false },
        ...{ notFoundConclusiveAfterMs: 180_000, lookupLagMs: 120_000 },
      })(knobs),
      mode: 'batch',
    }),
    provider: (provider) => ({
      ...provider,
      lookup: async (query) => {
        const said = query.orderKey === query.key ? null : await provider.lookupOrder?.(query)
        if (said && !(query.key in said)) return { kind: 'declined', code: 'provider_declined' }
        return provider.lookup(query)
      },
    }),
  },
  {
    name: 'unreadable-holds-up-all',
    hot: ['poison'],
    believes: 'nothing is sent before everything can be read',
    where: (knobs) => ({ ...knobs, mode: 'batch' }),
    store: (store) => ({
      ...store,
      claimReady: async (group, lease, limit) => {
        const rows = await store.claimReady(group, lease, limit)
        if (!rows.some(({ destination }) => destination === POISON)) return rows
        for (const { id, version } of rows)
          await store.postpone({ id, version, leaseOwner: lease.owner }, 60_000, undefined)
        return []
      },
    }),
  },
  {
    name: 'journal-says-where-to',
    believes: 'it helps to know where the money was to go',
    steps: (steps) => ({
      ...steps,
      submitting: async (visit, deps) => {
        const next = await steps.submitting(visit, deps)
        if (next.kind !== 'go') return next
        const to = deps.vault.open(visit.row.id, visit.row.destination)
        return go({ ...next.move, detail: { ...next.move.detail, to } })
      },
    }),
  },
]

/** What is right in the end, and too late. */
const ofPatience: readonly Mutant[] = [
  {
    name: 'looks-hours-apart',
    hot: ['timeout'],
    believes: 'a bank that has not answered twice can be asked in some hours',
    steps: (steps) => ({
      ...steps,
      in_doubt: async (visit, deps) => {
        const next = await steps.in_doubt(visit, deps)
        return next.kind === 'stay' && visit.row.attempts > 2 ? { ...next, forMs: 4 * 3_600_000 } : next
      },
    }),
  },
  {
    name: 'settles-when-it-suits',
    hot: ['store_error'],
    believes: 'what is paid can be made final in a quarter of an hour as well',
    steps: (steps) => ({
      ...steps,
      settling: (visit, deps) =>
        visit.entered ? Promise.resolve({ kind: 'stay', forMs: 900_000 }) : steps.settling(visit, deps),
    }),
  },
  {
    name: 'goes-on-while-stopped',
    hot: ['switch'],
    believes:
      'what was looked up a moment ago still holds: the statement need not ask again whether everything is stopped',
    store: (store) => ({
      ...store,
      changeState: ({ leaves: _leaves, ...change }) => store.changeState(change),
      changeStates: (changes) => store.changeStates(changes.map(({ leaves: _leaves, ...change }) => change)),
      freezeBatch: (batch, changes) =>
        store.freezeBatch(
          batch,
          changes.map(({ leaves: _leaves, ...change }) => change),
        ),
    }),
  },
  {
    name: 'watches-once-a-week',
    hot: ['late_fact'],
    believes: 'what has ended need not be looked at before next week',
    store: (store) => ({
      ...store,
      watchAgain: (claim, inMs) => store.watchAgain(claim, inMs && Math.max(inMs, 6.5 * 86_400_000)),
    }),
  },
]

const ofTelling: readonly Mutant[] = [
  {
    name: 'told-at-most-once',
    hot: ['deaf'],
    believes: 'a message that was taken from the queue is as good as delivered',
    where: (knobs) => ({ ...knobs, isHeard: true }),
    deliveries: (deliveries) => ({
      ...deliveries,
      claim: async (endpointId, lease, limit) => {
        const claimed = await deliveries.claim(endpointId, lease, limit)
        for (const claim of claimed) await deliveries.delivered(claim, 200)
        return claimed
      },
    }),
  },
  {
    name: 'told-out-of-turn',
    hot: ['deaf'],
    believes: 'a message that has to be tried again holds up none behind it',
    where: (knobs) => ({ ...knobs, isHeard: true }),
    without: new Set(['turn'] as const),
  },
]

export const LATER_MUTANTS: readonly Mutant[] = [
  ...ofPatience,
  ...ofTelling,
  ...ofMoney,
  ...ofSilence,
  ...ofTime,
  ...ofTrust,
]
