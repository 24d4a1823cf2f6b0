import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../helpers/databases'
import { IBAN, World } from '../helpers/world'
import { DEFERRED, request10 } from './support'

const VERIFIED = 'a1b2c3d4e5f60718'
const ISO_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

interface Form {
  readonly form: string
  readonly destination: Record<string, unknown>
  /** What the record says about where the money went. */
  readonly shown: Record<string, unknown>
}

const STORED = {
  method: 'BANK',
  bank: 'Musterbank',
  iban: IBAN,
  swift: 'COBADEFFXXX',
  account_holder: 'Ada Lovelace',
}
const FLAT = { bank: 'iotaap', iban: 'HR21331323153406342304', swift: 'PDDGH2xx' }
const FLAT_SHOWN = {
  method: 'BANK',
  bank: 'iotaap',
  iban: 'HR21331323153406342304',
  swift: 'PDDGH2XX',
  account_holder: 'Ada Lovelace',
}
const FULL_ACCOUNT = {
  account_holder: 'Augusta King',
  bank: 'Musterbank',
  iban: 'de89 3704 0044 0532 0130 00',
  swift: 'cobadeffxxx',
  country: 'DE',
  town: 'Köln',
  postcode: '50667',
  street: 'Domkloster',
  building: '4',
  account_number: '0532013000',
  sort_code: '37040044',
  routing_number: '37040044',
}

const FORMS: readonly Form[] = [
  {
    form: 'an inline bank_account with nothing but an IBAN',
    destination: { bank_account: { iban: IBAN } },
    shown: { method: 'BANK', iban: IBAN, account_holder: 'Ada Lovelace' },
  },
  {
    form: 'an inline bank_account with every field',
    destination: { bank_account: FULL_ACCOUNT },
    shown: {
      method: 'BANK',
      bank: 'Musterbank',
      iban: IBAN,
      swift: 'COBADEFFXXX',
      account_holder: 'Augusta King',
    },
  },
  {
    form: 'an inline bank_account beside the method',
    destination: { method: 'BANK', bank_account: { iban: IBAN } },
    shown: { method: 'BANK', iban: IBAN, account_holder: 'Ada Lovelace' },
  },
  {
    form: 'an inline bank_account beside empty flat fields',
    destination: { bank_account: { iban: IBAN, swift: '', bank: null }, bank: '', paypal_id: null },
    shown: { method: 'BANK', iban: IBAN, account_holder: 'Ada Lovelace' },
  },
  {
    form: 'bank_account as the id of a stored account',
    destination: { bank_account: VERIFIED },
    shown: STORED,
  },
  { form: 'bank_id of a stored account', destination: { bank_id: VERIFIED }, shown: STORED },
  {
    form: 'bank_id of a stored account beside the method',
    destination: { method: 'BANK', bank_id: VERIFIED },
    shown: STORED,
  },
  {
    form: 'method BANK with the published IoTaaP example account',
    destination: { method: 'BANK', ...FLAT },
    shown: FLAT_SHOWN,
  },
  { form: 'bank, iban and swift without a method', destination: FLAT, shown: FLAT_SHOWN },
  {
    form: 'method PAYPAL with paypal_id',
    destination: { method: 'PAYPAL', paypal_id: 'ada@example.com' },
    shown: { method: 'PAYPAL', paypal_id: 'ada@example.com' },
  },
  {
    form: 'paypal_id without a method',
    destination: { paypal_id: 'ada@example.com' },
    shown: { method: 'PAYPAL', paypal_id: 'ada@example.com' },
  },
]

describe.each(DATABASE_KINDS)('POST / on %s', (kind) => {
  let database: TestDatabase
  let world: World
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    world = await World.create(database)
  })

  it.each(FORMS)('pays to $form', async ({ destination, shown }) => {
    const { body } = await world.post({ currency: 'eur', amount: 10, ...destination }).expect(200)

    const { method, bank, iban, swift, paypal_id, account_holder } = body
    expect({ method, bank, iban, swift, paypal_id, account_holder }).toEqual({ ...shown })
    expect(body.status).toBe('processed')
    expect(await world.bank.executions()).toMatchObject([{ amount: '10', currency: 'eur' }])
  })

  it('answers with exactly the documented record', async () => {
    const { body } = await world.post(request10({ bank_account: FULL_ACCOUNT })).expect(200)

    expect(body).toEqual({
      id: expect.stringMatching(/^[A-Za-z0-9_-]{8,64}$/),
      currency: 'eur',
      amount: 10,
      fee: 0,
      method: 'BANK',
      bank: 'Musterbank',
      iban: IBAN,
      swift: 'COBADEFFXXX',
      account_holder: 'Augusta King',
      status: 'processed',
      completed: true,
      stage: 'completed',
      transaction_id: expect.stringMatching(/^[A-Za-z0-9_-]+$/),
      provider: 'sandbox',
      provider_transaction_id: expect.stringMatching(/^TX-/),
      cancelable: false,
      created_at: expect.stringMatching(ISO_UTC),
      updated_at: expect.stringMatching(ISO_UTC),
    })
    expect(body.created_at).toBe('2026-01-05T09:00:00.000Z')
  })

  it('answers while it waits for others with why, without a time that nobody has said, and that it can be canceled', async () => {
    const { body } = await world.withdraw(DEFERRED).expect(200)

    expect(body).toEqual({
      id: expect.any(String),
      currency: 'eur',
      amount: 10.04,
      fee: 0,
      method: 'BANK',
      iban: IBAN,
      account_holder: 'Ada Lovelace',
      status: 'pending',
      completed: false,
      stage: 'queued',
      reason_code: 'insufficient_float',
      reason: 'Waiting for the exchange to fund its payout account.',
      transaction_id: body.id,
      provider: 'sandbox',
      cancelable: true,
      created_at: expect.stringMatching(ISO_UTC),
      updated_at: expect.stringMatching(ISO_UTC),
    })
  })
})
