import type { BankDestination } from '../../../src/domain/destination'
import type { PayoutItem, PayoutOutcome } from '../../../src/ports/payment-provider'
import { withoutPayees } from '../../../src/services/payouts/without-payees'
import { ORDER } from '../fake-provider'

const itemOf = (destination: Partial<BankDestination>, key = 'BW-1'): PayoutItem =>
  ({ ...ORDER.items[0], key, destination: { method: 'BANK', iban: '', ...destination } }) as PayoutItem

const orderOf = (items: readonly PayoutItem[]) => ({ ...ORDER, items })
const declined = (status: string): PayoutOutcome => ({ kind: 'declined', code: 'provider_declined', status })

/** Goal: what a provider says names nobody whom it was to pay, whatever it says of however many. */
describe('a provider’s word without its payees', () => {
  it('names no account that stands in the details, and keeps the country', () => {
    const details = {
      account_number: '12345678',
      sort_code: '20-30-40',
      street: 'Main Street',
      country: 'GBR',
    }
    const answer = declined('12345678 at 20-30-40, MAIN STREET, GBR is closed')

    expect(withoutPayees(answer, orderOf([itemOf({ details })]))).toEqual(
      declined('[payee] at [payee], [payee], GBR is closed'),
    )
  })

  it('is looked through once for all of them, also where a bank has other words for each', () => {
    const payees = Array.from({ length: 300 }, (_, at) => `${(at + 400).toString(36)}x Smith`)
    const items = payees.map((accountHolder, at) => itemOf({ accountHolder }, `BW-${at}`))
    const words = (name: string, at: number) => declined(`Nothing is known of ${name} (reference ${at})`)
    const named = (nameOf: (payee: string) => string) => ({
      ...({ kind: 'accepted', reference: 'R1' } as const),
      items: Object.fromEntries(payees.map((payee, at) => [`BW-${at}`, words(nameOf(payee), at)])),
    })
    const looks = [jest.spyOn(String.prototype, 'includes'), jest.spyOn(String.prototype, 'startsWith')]
    const cleaned = withoutPayees(
      named((payee) => payee),
      orderOf(items),
    )
    const looked = looks.map((look) => look.mock.calls.length)
    for (const look of looks) look.mockRestore()

    expect(cleaned).toEqual(named(() => '[payee]'))
    // Each for each would be 90,000.
    expect(Math.max(...looked)).toBeLessThan(10_000)
  })
})
