import { add, decimalsOf, isLess } from '../../domain/money'
import type { PayoutItem, ProviderCapabilities } from '../../ports/payment-provider'
import { createProviderDirectory } from '../../services/payouts/directory'
import type { Bench } from './bench'
import { demand } from './demands'
import type { Rule } from './report'
import { RuleBroken, RuleNotApplicable } from './verdicts'

/** What a provider says of itself, and what it refuses before the user's balance is locked. */
export const CONTRACT_RULES: readonly Rule[] = [
  {
    id: 'contract.usable',
    isForAll: true,
    title: 'has a name and capabilities that automatic payouts can work with',
    run(bench) {
      const provider = bench.provider()
      try {
        createProviderDirectory([provider], 3_600)
      } catch (error) {
        throw new RuleBroken((error as Error).message)
      }
      demandSane(provider.capabilities)
      return Promise.resolve()
    },
  },
  {
    id: 'contract.key_lifetime',
    isForAll: true,
    title: 'relies on its keys no longer than the bank looks at them',
    run(bench) {
      const { keyLifetimeMs } = bench.provider().capabilities
      const documentedMs = bench.subject.api.keyLifetimeMs
      demand(
        keyLifetimeMs <= documentedMs,
        `capabilities.keyLifetimeMs is ${keyLifetimeMs}, and the bank looks at keys for ${documentedMs} ms`,
      )
      return Promise.resolve()
    },
  },
  {
    id: 'contract.reopens',
    isForAll: true,
    title: 'opens again after a restart, with the documents it left',
    async run(bench) {
      await bench.submit(bench.order(bench.item()))
      await bench.restart()
      await bench.restart()
    },
  },
  {
    id: 'contract.payer',
    isForAll: true,
    title: 'names the account that pays, if it does, the same each time it is made, and by no secret',
    async run({ subject }) {
      const { currency } = subject.payout
      const [first, second] = [await subject.createProvider(), await subject.createProvider()]
      // Whatever is named: a provider is third-party code.
      const named: readonly unknown[] = [first, second].map(({ payer }, at) =>
        payer ? payer.call(at === 0 ? first : second, currency) : null,
      )
      const [name, again] = named
      demand(name === null || typeof name === 'string', 'payer must answer with a text or null, and at once')
      demand(name === again, 'payer named two accounts for one')
      const isTold = subject.secrets.some((secret) => secret !== '' && String(name).includes(secret))
      demand(!isTold, 'payer names the account by a secret, which changes while the account is the same')
    },
  },
  {
    id: 'check.takes_good',
    isForAll: true,
    title: 'takes a payout that it can pay',
    run: (bench) => {
      const problems = bench.provider().check(bench.item())
      demand(
        problems.length === 0,
        `check refused the good payout, naming ${problems.map(({ field }) => field).join(', ')}`,
      )
      return Promise.resolve()
    },
  },
  {
    id: 'check.pure',
    isForAll: true,
    title: 'checks without asking anybody, without changing anything, and before it is opened',
    async run(bench) {
      const item = deepFrozen(bench.item())
      const fresh = await bench.subject.createProvider()
      const before = await callsAtRest(bench)
      const [first, second] = [fresh.check(item), fresh.check(item)]
      demand(Array.isArray(first), 'check must answer with a list at once, not with a promise')
      demand(JSON.stringify(first) === JSON.stringify(second), 'check gave two answers to one question')
      // For a call that nobody waits for to arrive; a slower one goes unseen.
      await new Promise((resolve) => setTimeout(resolve, CALL_ARRIVES_MS))
      demand(bench.subject.api.calls() === before, 'check called the API')
    },
  },
  {
    id: 'check.decimals',
    isForAll: true,
    title: 'refuses more decimals than the currency has',
    run: (bench) => {
      for (const [currency, { decimals = decimalsOf(currency) }] of currenciesOf(bench)) {
        const [whole] = bench.subject.payout.amount.split('.')
        const amount = `${whole}.${'0'.repeat(decimals)}1`
        demandRefused(bench, bench.item({ currency, amount }), 'amount', `${amount} ${currency}`)
      }
      return Promise.resolve()
    },
  },
  {
    id: 'check.limits',
    title: 'refuses amounts outside the limits it states',
    run: (bench) => {
      const stated = currenciesOf(bench).filter(([, { min, max }]) => min !== undefined || max !== undefined)
      if (stated.length === 0) throw new RuleNotApplicable('the capabilities state no limits')
      for (const [currency, { min, max }] of stated) {
        const item = (amount: string) => bench.item({ currency, amount })
        if (max !== undefined) {
          const above = add(max, '1')
          demandRefused(bench, item(above), 'amount', `${above} ${currency}, above the largest`)
        }
        const below = min !== undefined && isLess('1', min) ? '1' : smallest(currency)
        if (min !== undefined && isLess(below, min))
          demandRefused(bench, item(below), 'amount', `${below} ${currency}, below the smallest`)
      }
      return Promise.resolve()
    },
  },
  {
    id: 'check.currency',
    title: 'refuses a currency that it does not list',
    run: (bench) => {
      if (bench.provider().capabilities.currencies === 'any')
        throw new RuleNotApplicable('the provider takes any currency')
      demandRefused(bench, bench.item({ currency: 'xts' }), 'currency', 'the currency xts')
      return Promise.resolve()
    },
  },
  {
    id: 'check.method',
    title: 'refuses a method that it does not list',
    run: (bench) => {
      const { methods } = bench.provider().capabilities
      if (methods.length === 2) throw new RuleNotApplicable('the provider pays by every method')
      const destination = methods.includes('BANK')
        ? ({ method: 'PAYPAL', paypalId: 'somebody@example.com' } as const)
        : ({ method: 'BANK', iban: 'DE89370400440532013000' } as const)
      demandRefused(bench, bench.item({ destination }), null, `a ${destination.method} destination`)
      return Promise.resolve()
    },
  },
  {
    id: 'check.destination',
    isForAll: true,
    title: 'refuses destinations that it cannot pay to, and names the field',
    run: (bench) => {
      const { unpayable } = bench.subject
      demand(unpayable.length > 0, 'the subject lists no unpayable destination')
      for (const [index, { destination, field }] of unpayable.entries())
        demandRefused(
          bench,
          bench.item({ destination }),
          field,
          `unpayable destination ${index + 1} (${field})`,
        )
      return Promise.resolve()
    },
  },
]

const CALL_ARRIVES_MS = 50

/** A call of an earlier rule that ran into its deadline may still be on its way. */
async function callsAtRest(bench: Bench): Promise<number> {
  for (let before = -1; ; await new Promise((resolve) => setTimeout(resolve, CALL_ARRIVES_MS))) {
    const calls = bench.subject.api.calls()
    if (calls === before) return calls
    before = calls
  }
}

type Rules = { readonly decimals?: number; readonly min?: string; readonly max?: string }

function currenciesOf(bench: Bench): [string, Rules][] {
  const { currencies } = bench.provider().capabilities
  return currencies === 'any' ? [[bench.subject.payout.currency, {}]] : Object.entries(currencies)
}

const smallest = (currency: string): string => {
  const decimals = decimalsOf(currency)
  return decimals === 0 ? '1' : `0.${'1'.padStart(decimals, '0')}`
}

function demandRefused(bench: Bench, item: PayoutItem, field: string | null, what: string): void {
  const problems = bench.provider().check(item)
  demand(problems.length > 0, `check let ${what} pass`)
  const isNamed = field === null || problems.some((problem) => problem.field === field)
  demand(
    isNamed,
    `check refused ${what} and named ${problems.map((problem) => problem.field).join(', ')}, not ${field}`,
  )
  const { destination } = item
  const told = JSON.stringify(problems)
  const account = destination.method === 'BANK' ? destination.iban : destination.paypalId
  demand(account.length < 8 || !told.includes(account), 'check repeats the account in its message')
}

function demandSane(capabilities: ProviderCapabilities): void {
  const { methods, currencies, batch, destinationFields } = capabilities
  demand(methods.length > 0, 'capabilities.methods is empty')
  const times = ['keyLifetimeMs', 'notFoundConclusiveAfterMs', 'returnWindowMs', 'expectedMs'] as const
  for (const name of times)
    demand(
      Number.isFinite(capabilities[name]) && capabilities[name] >= 0,
      `capabilities.${name} must be a number of milliseconds`,
    )
  demand(
    Number.isFinite(capabilities.timeoutMs) && capabilities.timeoutMs > 0,
    'capabilities.timeoutMs must be positive',
  )
  demand(!batch || (Number.isInteger(batch.maxItems) && batch.maxItems > 0), 'capabilities.batch.maxItems')
  const symbols = currencies === 'any' ? [] : Object.keys(currencies)
  demand(
    symbols.every((symbol) => symbol === symbol.toLowerCase()),
    'currencies are written in lower case',
  )
  demand(
    methods.every((method) => (destinationFields[method] ?? []).length > 0),
    'capabilities.destinationFields names no field for one of the methods',
  )
}

function deepFrozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFrozen)
  return value
}
