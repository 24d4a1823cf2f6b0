import { decimalsOf } from '../../domain/money'
import type { PayoutItem } from '../../ports/payment-provider'
import type { Bench } from './bench'
import { demand, demandBookedOnce, demandKind, demandToldAmount } from './demands'
import type { Rule } from './report'
import { lookedUp, sent, TAKEN } from './sending'

/**
 * Each is another amount once it has been multiplied, cut or printed as a float: 4.35 * 100 is 434.99999999999994, and
 * 16777217 is one more than single precision can count.
 */
const AMOUNTS = [
  ...['1', '29', '100', '1.1', '1.15', '4.35', '8.2', '19.99', '1000.1', '1005.35'],
  ...['16777217', '16777217.01', '123456789012.13', '1.005', '16777217.001', '0.00000029'],
]
const CURRENCIES_MAX = 4

/** What is paid, not only that something is. */
export const AMOUNT_RULES: readonly Rule[] = [
  {
    id: 'submit.amounts',
    isForAll: true,
    title: 'pays the very amount, in the very currency, to the very account',
    async run(bench) {
      const tried = new Set<string>()
      for (const currency of currenciesOf(bench))
        for (const amount of [bench.subject.payout.amount, ...AMOUNTS]) {
          const item = await payable(bench, { currency, amount })
          const name = `${item?.amount} ${currency}`
          if (!item || tried.has(name)) continue
          tried.add(name)
          await demandPaid(bench, item, name)
        }
      demand(tried.size > 0, 'check refused every amount')
    },
  },
]

const currenciesOf = ({ provider, subject }: Bench): readonly string[] => {
  const { currencies } = provider().capabilities
  const listed = currencies === 'any' ? [] : Object.keys(currencies)
  return [...new Set([subject.payout.currency, ...listed])].slice(0, CURRENCIES_MAX)
}

/** @returns null where this provider does not pay it. */
async function payable(
  bench: Bench,
  wanted: { currency: string; amount: string },
): Promise<PayoutItem | null> {
  const item = bench.item(wanted)
  if (bench.provider().check(item).length > 0) return null
  const arranged = await bench.arranged('accept', item)
  if (arranged.amount === item.amount) return item
  // This fake goes by the decimals of the amount.
  const [whole] = wanted.amount.split('.')
  const [, decimals = ''] = arranged.amount.split('.')
  return {
    ...item,
    amount: decimals === '' || decimalsOf(item.currency) === 0 ? String(whole) : `${whole}.${decimals}`,
  }
}

async function demandPaid(bench: Bench, item: PayoutItem, name: string): Promise<void> {
  const outcome = await sent(bench, item)
  demandKind(outcome, TAKEN, `${name} was handed in`)
  await demandBookedOnce(bench, item, `${name} was handed in`)
  demandToldAmount(outcome, item.amount)
  if (bench.provider().capabilities.lookup !== 'none')
    demandToldAmount(await lookedUp(bench, item, outcome), item.amount)
}
