import type { PaymentProvider } from '../../src/ports/payment-provider'
import { modulrProvider } from '../../src/providers/modulr'
import { paypalProvider } from '../../src/providers/paypal'
import { restProvider } from '../../src/providers/rest'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import type { World } from '../helpers/world'
import { books, HOUR_MS } from '../services/books/rig'
import { ACCOUNT_EUR, FakeModulr, KEY_ID, SECRET } from './modulr/fake-modulr'
import { CLIENT, FakePaypal } from './paypal/fake'
import { exampleConfiguration, OPTIONS } from './rest/example'
import { FakeAcme } from './rest/fake-acme'

/** What a test does at a bank that a provider lists. */
interface Bank {
  provider(): PaymentProvider
  readonly body: Record<string, unknown>
  pay(key: string): void
  /** It has paid another amount than ours. */
  payAnother(key: string): void
  forget(key: string): void
  /** Another payout of one that is there, under this key. */
  copy(key: string, as: string): void
  breakReading(times: number): void
  violations(): readonly string[]
  close(): void
}

type Start = (now: () => Date) => Promise<Bank>
const BODY = { currency: 'eur', bank_account: { iban: 'NL91ABNA0417164300', account_holder: 'Jane Roe' } }
const without = <Each>(list: Each[], isIt: (each: Each) => boolean) =>
  void list.splice(list.findIndex(isIt), 1)

const modulr: Start = async (now) => {
  const fake = new FakeModulr(now)
  const baseUrl = await fake.listen()
  return {
    provider: () =>
      modulrProvider({ baseUrl, keyId: KEY_ID, secret: SECRET, accounts: { eur: ACCOUNT_EUR } }),
    body: BODY,
    pay: (key) => fake.process(key),
    payAnother(key) {
      fake.process(key)
      fake.byKey(key).details.amount += 1
    },
    forget: (key) => without(fake.payments, (payment) => payment.externalReference === key),
    copy: (key, as) => fake.payments.push({ ...fake.byKey(key), id: 'P900000001', externalReference: as }),
    breakReading: (times) => void (fake.getFaults = Array.from({ length: times }, () => ({ status: 500 }))),
    violations: () => fake.violations,
    close: () => fake.close(),
  }
}

const paypal: Start = async (now) => {
  const fake = await FakePaypal.start({ clock: { now } })
  const batches = () => [...fake.batches.values()]
  return {
    provider: () => paypalProvider({ ...CLIENT, baseUrl: fake.url }),
    body: { currency: 'eur', method: 'PAYPAL', paypal_id: 'alice@example.com' },
    pay: (key) => void (fake.item(key).status = 'SUCCESS'),
    payAnother(key) {
      const { request } = fake.item(key)
      const shown = { ...request, amount: { ...request.amount, value: '11.50' } }
      Object.assign(fake.item(key), { status: 'SUCCESS', request: shown })
    },
    forget(key) {
      for (const [known, { items }] of fake.batches) if (items[0]?.key === key) fake.batches.delete(known)
    },
    copy(key, as) {
      const item = fake.item(key)
      const request = { ...item.request, sender_item_id: as }
      batches()
        .find(({ items }) => items.includes(item))
        ?.items.push({ ...item, id: `${item.id}${as.slice(-4)}`, key: as, request })
    },
    breakReading: (times) =>
      void fake.nextRead(...Array.from({ length: times }, () => ({ status: 500 }) as const)),
    violations: () => fake.violations,
    close: () => fake.close(),
  }
}

const rest: Start = async (now) => {
  const fake = new FakeAcme(now)
  const baseUrl = await fake.listen()
  return {
    provider: () => restProvider({ ...OPTIONS, configuration: exampleConfiguration({ baseUrl }) }),
    body: BODY,
    pay: (key) => fake.pay(key),
    payAnother(key) {
      fake.pay(key)
      Object.assign(fake.byKey(key).amount, { value: fake.byKey(key).amount.value + 100 })
    },
    forget: (key) => without(fake.payouts, ({ external_id }) => external_id === key),
    copy: (key, as) => fake.payouts.push({ ...fake.byKey(key), id: 'po_copy', external_id: as }),
    breakReading: (times) => void (fake.getFaults = Array.from({ length: times }, () => ({ status: 500 }))),
    violations: () => [],
    close: () => fake.close(),
  }
}

/** Goal: the third side of the books is what the bank's API lists. Method: whole runs through the routes, against fakes with books. */
describe.each([
  ['modulr', modulr],
  ['paypal', paypal],
  ['rest', rest],
] as const)('the books against what %s lists', (name, start) => {
  let database: TestDatabase
  let world: World
  let rig: Awaited<ReturnType<typeof books>>
  let bank: Bank
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    bank = await start(() => world.clock.now())
    rig = await books(database, { provider: () => bank.provider() })
    world = rig.world
  })
  afterEach(async () => {
    await world.app.stop()
    bank.close()
    expect(bank.violations()).toEqual([])
  })

  /** Five, so that the API's lists have more than one page, an hour apart. */
  async function paid(): Promise<readonly string[]> {
    const ids: string[] = []
    for (const amount of ['10.50', '20', '30', '40', '50']) {
      const { body } = await world.post({ ...bank.body, amount }).expect(200)
      await world.settled()
      const { id } = body as { id: string }
      bank.pay((await world.row(id)).payoutKey)
      await world.runToRest(HOUR_MS)
      expect((await world.row(id)).state).toBe('processed')
      ids.push(id)
    }
    return ids
  }

  it('agree, and every payout was listed', async () => {
    await paid()
    const run = await rig.reconciled()
    expect(run).toMatchObject({
      state: 'complete',
      agrees: true,
      withdrawals: 5,
      not_listed: [],
      problems: [],
    })
    expect(run.lists).toContainEqual(expect.objectContaining({ of: name, count: 5, whole: true }))
  })

  it('differ by a payout that is gone, one without a row, and strangers are nobody’s question', async () => {
    const [first = '', second = ''] = await paid()
    bank.copy(`BW-${second}`, 'BW-019b0000-0000-7000-8000-00000000dead')
    bank.copy(`BW-${second}`, 'INVOICE-7')
    bank.forget(`BW-${first}`)
    const run = await rig.reconciled()
    const isKnown = name !== 'paypal'
    expect(run.differences).toEqual({ payout_without_row: 1, ...(isKnown && { payout_missing: 1 }) })
    expect((await rig.found()).map(({ kind, withdrawal_id: id }) => [kind, id])).toEqual(
      expect.arrayContaining([
        ['payout_without_row', 'BW-019b0000-0000-7000-8000-00000000dead'],
        ...(isKnown ? [['payout_missing', first]] : []),
      ]),
    )
    // PayPal promises nothing of a batch that it does not show: the run says so.
    expect(run.state).toBe(isKnown ? 'complete' : 'incomplete')
  })

  it('differ by an amount', async () => {
    const [first = ''] = await paid()
    bank.payAnother(`BW-${first}`)
    const run = await rig.reconciled()
    expect(run.differences).toEqual({ amount_differs: 1 })
  })

  it('are not held against half a list', async () => {
    await paid()
    bank.breakReading(200)
    const run = await rig.reconciled()
    expect(run).toMatchObject({ state: 'incomplete', differences: {} })
    expect(run.lists).toContainEqual(expect.objectContaining({ of: name, whole: false }))
    expect(await rig.found()).toEqual([])
  })
})
