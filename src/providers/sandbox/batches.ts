import type {
  PayoutItem,
  PayoutOrder,
  PayoutOutcome,
  ProviderDocuments,
  SubmitOutcome,
} from '../../ports/payment-provider'
import { type Scenario, scenarioOf } from './magic'

/** An item of this amount makes its batch a bad one. */
const BAD_ITEM: Scenario = 12

/**
 * How the sandbox bank takes batches. A repeated order key is the first order: its items are answered again, and what
 * the repetition adds is not taken.
 *
 * @param pay One payout; a repeated item key is the same payout.
 */
export const createBatches =
  (documents: ProviderDocuments, pay: (item: PayoutItem) => Promise<PayoutOutcome>) =>
  async ({ key, items }: PayoutOrder, validation: 'all_or_nothing' | 'per_item'): Promise<SubmitOutcome> => {
    const document = `batch/${key}`
    const bad = items.filter(({ amount, currency }) => scenarioOf(amount, currency) === BAD_ITEM)
    if (validation === 'all_or_nothing' && bad.length > 0)
      return { kind: 'deferred', why: 'batch_refused', status: 'REJECTED', items: declined(bad) }
    const keys = items.map((item) => item.key)
    await documents.create(document, keys)
    const taken = (await documents.read(document))?.value as readonly string[]
    const outcomes = items.map(
      async (item) => [item.key, taken.includes(item.key) ? await pay(item) : NOT_IN_IT] as const,
    )
    return { kind: 'accepted', reference: key, items: Object.fromEntries(await Promise.all(outcomes)) }
  }

const NOT_IN_IT: PayoutOutcome = { kind: 'unknown', why: 'the batch of this key does not hold it' }

const declined = (items: readonly PayoutItem[]): Record<string, PayoutOutcome> =>
  Object.fromEntries(
    items.map(({ key }) => [key, { kind: 'declined', code: 'invalid_identifier', status: 'RC01' }]),
  )
