import { maskDestination } from '../../domain/destination'
import type { Clock } from '../../ports/clock'
import type {
  ListedPayout,
  LookupOutcome,
  PayoutItem,
  PayoutOutcome,
  PayoutPage,
  PayoutRange,
  ProviderDocuments,
} from '../../ports/payment-provider'
import { createBatches } from './batches'
import { type Scenario, scenarioOf } from './magic'

/** One payout as the bank has it. */
interface BankPayout {
  readonly key: string
  readonly reference: string
  readonly scenario: Scenario
  readonly amount: string
  readonly currency: string
  readonly endToEndId: string
  readonly to: string
  readonly acceptedAt: string
}

/** The truth of the bank: money that has left, once per execution. */
export interface Execution {
  readonly key: string
  readonly amount: string
  readonly currency: string
  /** Masked: the sandbox keeps no account number. */
  readonly to: string
  readonly at: string
}

const SETTLES_AFTER_MS = 2_000
const RETURNS_AFTER_MS = 60_000

/** Scenarios in which a request fails the first time without any effect. */
const FAILS_FIRST: readonly Scenario[] = [6, 7, 15]
/** Scenarios in which no money ever leaves. */
const NEVER_PAYS: readonly Scenario[] = [3, 9, 12, 13]

const FUNDED = 'float/funded'

export class SandboxBankError extends Error {
  override readonly name = 'SandboxBankError'
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

/**
 * A bank that needs nobody. It keeps its books in durable documents, honours keys (a repeated key is the same
 * payout), and misbehaves on request.
 */
export function createSandboxBank(documents: ProviderDocuments, clock: Clock) {
  const nowIso = () => clock.now().toISOString()

  async function pay(item: PayoutItem): Promise<PayoutOutcome> {
    const known = await find(item.key)
    if (known) return statusOf(known)
    const scenario = scenarioOf(item.amount, item.currency)
    if (scenario === 4 && !(await documents.read(FUNDED)))
      return { kind: 'deferred', why: 'insufficient_float', status: 'INSUFFICIENT_FUNDS' }
    if (FAILS_FIRST.includes(scenario) && (await documents.create(`failed-once/${item.key}`, nowIso())))
      await failWithoutEffect(scenario)
    const payout = await book(item, scenario)
    return answer(payout)
  }

  async function book(item: PayoutItem, scenario: Scenario): Promise<BankPayout> {
    const payout: BankPayout = {
      key: item.key,
      reference: `SB-${item.endToEndId}`,
      scenario,
      amount: item.amount,
      currency: item.currency,
      endToEndId: item.endToEndId,
      to: maskDestination(item.destination),
      acceptedAt: nowIso(),
    }
    const isFirst = await documents.create(`payout/${item.key}`, payout)
    return isFirst ? payout : ((await find(item.key)) ?? payout)
  }

  async function find(key: string): Promise<BankPayout | null> {
    return ((await documents.read(`payout/${key}`))?.value as BankPayout | undefined) ?? null
  }

  function statusOf(payout: BankPayout): PayoutOutcome {
    const { scenario, reference, amount } = payout
    if (scenario === 3) return { kind: 'declined', code: 'account_not_found', reference, status: 'AC01' }
    if (scenario === 12) return { kind: 'declined', code: 'invalid_identifier', reference, status: 'RC01' }
    if (scenario === 9) return { kind: 'accepted', reference, status: 'UNCLAIMED' }
    if (scenario === 13) return { kind: 'accepted', reference, status: 'PROCESSING' }
    if (scenario === 2 && ageMs(payout) < SETTLES_AFTER_MS)
      return { kind: 'accepted', reference, status: 'PENDING' }
    return { kind: 'settled', reference, transactionId: `TX-${payout.endToEndId}`, amount, status: 'PAID' }
  }

  const ageMs = (payout: BankPayout): number => clock.now().getTime() - Date.parse(payout.acceptedAt)

  function lookedUp(payout: BankPayout): LookupOutcome {
    const comesBack = payout.scenario === 8 || payout.scenario === 9
    if (!comesBack || ageMs(payout) < RETURNS_AFTER_MS) return statusOf(payout)
    const code = payout.scenario === 8 ? 'account_closed' : 'expired_unclaimed'
    return { kind: 'returned', reference: payout.reference, amount: payout.amount, code }
  }

  /** The reply to the request that made the payout; in two scenarios it gets lost. */
  function answer(payout: BankPayout): PayoutOutcome {
    if (payout.scenario === 5) throw new SandboxBankError('ETIMEDOUT', 'no answer in time')
    if (payout.scenario === 14) return '<html>502 Bad Gateway</html>' as unknown as PayoutOutcome
    return statusOf(payout)
  }

  return {
    pay,
    payBatch: createBatches(documents, pay),

    async lookup(key: string): Promise<LookupOutcome> {
      const payout = await find(key)
      return payout ? lookedUp(payout) : { kind: 'not_found', conclusive: true }
    },

    /** Everything that it has taken in a time, in one page. */
    async payoutsIn({ since, until }: PayoutRange): Promise<PayoutPage> {
      const all = (await documents.list('payout/')).map(({ value }) => value as BankPayout)
      const payouts = all.filter(({ acceptedAt }) => isWithin(Date.parse(acceptedAt), since, until))
      return { payouts: payouts.map((payout) => listed(payout, lookedUp(payout))), next: null }
    },

    /** How a payout that the bank has behaves. */
    async scenarioOf(key: string): Promise<{ scenario: Scenario; reference: string } | null> {
      return find(key)
    },

    /** Fills the exchange's payout account, so that scenario 4 pays from now on. */
    async fund(): Promise<void> {
      await documents.create(FUNDED, nowIso())
    },

    /** Every time money left the bank, for tests. */
    async executions(): Promise<readonly Execution[]> {
      const payouts = (await documents.list('payout/')).map(({ value }) => value as BankPayout)
      return payouts
        .filter(({ scenario }) => !NEVER_PAYS.includes(scenario))
        .map(({ key, amount, currency, to, acceptedAt }) => ({ key, amount, currency, to, at: acceptedAt }))
    },
  }
}

const LISTED_AS: Readonly<Partial<Record<LookupOutcome['kind'], ListedPayout['state']>>> = {
  settled: 'paid',
  returned: 'returned',
  declined: 'failed',
}

const listed = (
  { key, reference, amount, currency, acceptedAt: at }: BankPayout,
  { kind }: LookupOutcome,
): ListedPayout => ({ key, reference, amount, currency, at, state: LISTED_AS[kind] ?? 'open' })

const isWithin = (ms: number, since: Date, until: Date): boolean =>
  ms >= since.getTime() && ms < until.getTime()

export type SandboxBank = ReturnType<typeof createSandboxBank>

function failWithoutEffect(scenario: Scenario): Promise<never> {
  if (scenario === 15) return new Promise<never>(() => {})
  throw scenario === 6
    ? new SandboxBankError('ETIMEDOUT', 'no answer in time')
    : new SandboxBankError('HTTP_500', 'the bank answered 500')
}
