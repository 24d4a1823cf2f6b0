import type { StoredWithdrawal } from '../../src/db/store'
import { DECLINE_CODES } from '../../src/domain/reasons'
import type { LookupOutcome, PaymentProvider, PayoutOutcome } from '../../src/ports/payment-provider'
import type { Next, StepDeps } from '../../src/services/steps'
import { STEPS } from '../../src/services/steps'
import { judge } from '../../src/services/steps/submitting'
import { draft, LEASE } from '../db/rows'
import { createMemoryStore } from '../sim/memory-store'
import { fakeProvider } from './fake-provider'

/**
 * Goal: no refusal moves money by itself. Method: every word a provider has for "no", to a first request and to a
 * repetition, at every kind of provider; and every answer of the look-up that follows.
 */
const NOW_MS = Date.parse('2026-01-05T09:00:00Z')
const HOUR_MS = 3_600_000

const REFUSALS: readonly PayoutOutcome[] = [
  ...DECLINE_CODES.map((code) => ({ kind: 'declined', code }) as const),
  ...(
    ['insufficient_float', 'rate_limited', 'provider_unavailable', 'cut_off', 'batch_refused'] as const
  ).map((why) => ({ kind: 'deferred', why }) as const),
]
const LOOKUPS = ['by_key', 'by_reference', 'none'] as const
const nameOf = (outcome: PayoutOutcome) =>
  'code' in outcome ? outcome.code : 'why' in outcome ? outcome.why : ''

const store = createMemoryStore({ nowMs: () => NOW_MS })
let number = 0
function rowIn(state: 'submitting' | 'in_doubt', more: Partial<StoredWithdrawal> = {}): StoredWithdrawal {
  const row = store.functions.insertWithdrawal(draft(++number), LEASE)
  if (!row) throw new Error('The draft was not stored.')
  const at = new Date(NOW_MS)
  return { ...row, state, stateSince: at, payoutStartedAt: at, payoutDoubtAt: at, ...more }
}
const repeated = { payoutDoubtAt: new Date(NOW_MS - HOUR_MS) }

const raised: string[] = []
function depsWith(provider: PaymentProvider, outcome: LookupOutcome): StepDeps {
  const wanted: Partial<StepDeps> = {
    providerNamed: () => provider,
    providerCalls: {
      submit: () => Promise.reject(new Error('Nothing is sent by who looks.')),
      lookup: () => Promise.resolve(outcome),
      lookupByItself: () => Promise.reject(new Error('Nobody watches here.')),
      lookupAnyway: () => Promise.reject(new Error('No person asks here.')),
      cancel: () => Promise.reject(new Error('Nothing is stopped by who looks.')),
      list: () => Promise.reject(new Error('Nothing is listed by who looks.')),
    },
    raise: (_row, kind) => Promise.resolve(void raised.push(kind)),
    random: { fraction: () => 0.5, newId: () => 'new' },
    now: () => new Date(),
    // This process has known of each doubt for long enough, and of no key for too long.
    patience: { msLeft: (name, waitMs) => (name.startsWith('key ') ? waitMs : 0) },
    vault: { judge: () => ({ kind: 'bare' }) } as unknown as StepDeps['vault'],
    settings: {
      ...{ quietMs: 120_000, leaseSeconds: 90, statementText: 'Withdrawal' },
      ...{ doubtReviewMs: 24 * HOUR_MS, returnsNeedApproval: false },
    } as StepDeps['settings'],
  }
  return wanted as StepDeps
}
const providerWith = (lookup: (typeof LOOKUPS)[number]) =>
  fakeProvider({ capabilities: { lookup, keyLifetimeMs: 30 * 24 * HOUR_MS } })

const CASES = LOOKUPS.flatMap((lookup) =>
  REFUSALS.map((refusal) => ({ lookup, refusal, what: nameOf(refusal) })),
)
const UNKNOWN: LookupOutcome = { kind: 'unknown', why: 'down' }

describe('a provider', () => {
  it.each(CASES)('$lookup: $what to a repetition leaves the doubt as it was', ({ lookup, refusal }) => {
    const provider = providerWith(lookup)
    const deps = depsWith(provider, UNKNOWN)
    for (const row of [
      rowIn('submitting', repeated),
      rowIn('in_doubt'),
      rowIn('in_doubt', { batchId: 'b' }),
    ]) {
      const move = judge(row, refusal, provider, deps, { isConfirmed: true })
      expect([move.to, move.patch?.payoutRefusal]).toEqual(['in_doubt', undefined])
    }
  })

  it.each(CASES)(
    '$lookup: $what to the first request gives nothing back by itself',
    ({ lookup, refusal }) => {
      const provider = providerWith(lookup)
      const move = judge(rowIn('submitting'), refusal, provider, depsWith(provider, UNKNOWN))
      // "Not now" of who cannot be asked is all there will ever be; the balance stays locked.
      const isLastWord = lookup !== 'by_key' && refusal.kind === 'deferred'
      expect(move.to).toBe(isLastWord ? 'ready' : 'in_doubt')
    },
  )

  const toOf = (next: Next): string => (next.kind === 'go' ? next.move.to : next.kind)
  const ANSWERS: readonly (readonly [LookupOutcome, onDecline: string, onDeferral: string])[] = [
    [{ kind: 'settled', reference: 'R', transactionId: 'T' }, 'settling', 'settling'],
    [{ kind: 'accepted', reference: 'R' }, 'submitted', 'submitted'],
    [{ kind: 'declined', code: 'account_closed' }, 'releasing', 'releasing'],
    [{ kind: 'not_found', conclusive: true }, 'releasing', 'ready'],
    [{ kind: 'not_found', conclusive: false }, 'stay', 'stay'],
    [{ kind: 'returned', reference: 'R', amount: '10.25', code: 'account_closed' }, 'stay', 'stay'],
    [{ kind: 'voided' }, 'stay', 'stay'],
    [{ kind: 'deferred', why: 'rate_limited' }, 'stay', 'stay'],
    [UNKNOWN, 'stay', 'stay'],
  ]
  it.each(ANSWERS)('after a refusal goes by the look-up: %j', async (answer, onDecline, onDeferral) => {
    const provider = providerWith('by_key')
    const afterRefusal = async (payoutRefusal: 'account_closed' | 'insufficient_float') => {
      const visit = {
        ...{ row: rowIn('in_doubt', { payoutRefusal }), entered: true, isFresh: () => true },
        ...{ ensureLease: () => {}, record: () => Promise.reject(new Error('Nothing is recorded.')) },
      }
      return toOf(await STEPS.in_doubt(visit, depsWith(provider, answer)))
    }
    expect(await afterRefusal('account_closed')).toBe(onDecline)
    expect(await afterRefusal('insufficient_float')).toBe(onDeferral)
  })

  it.each([
    ['that had it', { takenAt: new Date(NOW_MS - HOUR_MS) }],
    ['that told its reference', { providerReference: 'R-1' }],
    ['whose batch was taken', { batchId: 'b', orderReference: 'B-1', orderTaken: true }],
  ])('%s, and has it no more, is never sent it again: a person is asked', async (_what, facts) => {
    const longAgo = new Date(NOW_MS - HOUR_MS)
    for (const lookup of ['by_key', 'by_reference'] as const) {
      raised.length = 0
      const visit = {
        row: rowIn('in_doubt', { stateSince: longAgo, payoutDoubtAt: longAgo, ...facts }),
        ...{
          entered: false,
          isFresh: () => false,
          ensureLease: () => {},
          record: () => Promise.reject(new Error('Nothing.')),
        },
      }
      const absent = { kind: 'not_found', conclusive: true } as const
      expect(toOf(await STEPS.in_doubt(visit, depsWith(providerWith(lookup), absent)))).toBe('stay')
      expect(raised).toEqual(['vanished'])
    }
  })
})
