import { createStore } from '../../../src/db/store'
import type { PayoutItem, PayoutOutcome } from '../../../src/ports/payment-provider'
import { createSandboxBank } from '../../../src/providers/sandbox/bank'
import { scenarioOf, SCENARIOS } from '../../../src/providers/sandbox/magic'
import { DATABASE_KINDS, openTestDatabase } from '../../helpers/databases'
import { clockAlone } from '../../services/clock-alone'
import { memoryDocuments } from './memory-documents'

const item = (amount: string, more: Partial<PayoutItem> = {}): PayoutItem => ({
  key: 'BW-1',
  endToEndId: 'E2E1',
  currency: 'eur',
  amount,
  destination: { method: 'BANK', iban: 'DE89370400440532013000' },
  statementText: 'Withdrawal',
  ...more,
})

function opened() {
  const clock = clockAlone()
  const documents = memoryDocuments()
  return { clock, documents, bank: createSandboxBank(documents, clock) }
}

const PAID = { kind: 'settled', reference: 'SB-E2E1', transactionId: 'TX-E2E1', status: 'PAID' }
const NOT_FOUND = { kind: 'not_found', conclusive: true }
const TIMEOUT = { code: 'ETIMEDOUT' }

/** What a payout of this amount is answered at first, when it is asked for again, and how often money left in the end. */
interface Magic {
  readonly amount: string
  readonly first: object | { throws: object }
  readonly lookedUp: object
  readonly again: object
  readonly executions: number
}
const MAGIC: readonly Magic[] = [
  ...['10', '10.01', '10.10', '10.11', '10.16', '10.50', '10.99'].map((amount) => ({
    amount,
    ...{ first: PAID, lookedUp: PAID, again: PAID, executions: 1 },
  })),
  {
    amount: '10.02',
    first: { kind: 'accepted', status: 'PENDING' },
    lookedUp: { kind: 'accepted' },
    again: { kind: 'accepted' },
    executions: 1,
  },
  {
    amount: '10.03',
    ...{
      first: { kind: 'declined', code: 'account_not_found', status: 'AC01' },
      lookedUp: { kind: 'declined' },
    },
    ...{ again: { kind: 'declined' }, executions: 0 },
  },
  {
    amount: '10.04',
    ...{ first: { kind: 'deferred', why: 'insufficient_float' }, lookedUp: NOT_FOUND },
    ...{ again: { kind: 'deferred' }, executions: 0 },
  },
  { amount: '10.05', first: { throws: TIMEOUT }, lookedUp: PAID, again: PAID, executions: 1 },
  { amount: '10.06', first: { throws: TIMEOUT }, lookedUp: NOT_FOUND, again: PAID, executions: 1 },
  {
    amount: '10.07',
    first: { throws: { code: 'HTTP_500' } },
    lookedUp: NOT_FOUND,
    again: PAID,
    executions: 1,
  },
  { amount: '10.08', first: PAID, lookedUp: PAID, again: PAID, executions: 1 },
  {
    amount: '10.09',
    ...{ first: { kind: 'accepted', status: 'UNCLAIMED' }, lookedUp: { kind: 'accepted' } },
    ...{ again: { kind: 'accepted' }, executions: 0 },
  },
  {
    amount: '10.12',
    ...{ first: { kind: 'declined', code: 'invalid_identifier' }, lookedUp: { kind: 'declined' } },
    ...{ again: { kind: 'declined' }, executions: 0 },
  },
  {
    amount: '10.13',
    ...{ first: { kind: 'accepted', status: 'PROCESSING' }, lookedUp: { kind: 'accepted' } },
    ...{ again: { kind: 'accepted' }, executions: 0 },
  },
]

describe('the sandbox bank', () => {
  it.each(MAGIC)(
    'answers a payout of $amount as its amount says, and pays it $executions times',
    async (magic) => {
      const { bank } = opened()
      const paid = bank.pay(item(magic.amount))
      if ('throws' in magic.first) await expect(paid).rejects.toMatchObject(magic.first.throws)
      else expect(await paid).toMatchObject(magic.first)
      expect(await bank.lookup('BW-1')).toMatchObject(magic.lookedUp)
      expect(await bank.pay(item(magic.amount))).toMatchObject(magic.again)
      expect(await bank.pay(item(magic.amount))).toMatchObject(magic.again)
      expect(await bank.executions()).toHaveLength(magic.executions)
    },
  )

  it('answers 10.14 with something unreadable after it was paid', async () => {
    const { bank } = opened()
    expect(typeof (await bank.pay(item('10.14')))).toBe('string')
    expect(await bank.lookup('BW-1')).toMatchObject(PAID)
    expect(await bank.executions()).toHaveLength(1)
  })

  it('never answers 10.15, and the same key works the next time', async () => {
    const { bank } = opened()
    const answered: PayoutOutcome[] = []
    void bank.pay(item('10.15')).then((answer) => answered.push(answer))
    for (let turns = 0; turns < 10; turns++) await new Promise(setImmediate)
    expect(answered).toEqual([])
    expect(await bank.lookup('BW-1')).toEqual(NOT_FOUND)
    expect(await bank.pay(item('10.15'))).toMatchObject(PAID)
    expect(await bank.executions()).toHaveLength(1)
  })

  it('settles 10.02 two seconds later', async () => {
    const { bank, clock } = opened()
    await bank.pay(item('10.02'))
    await clock.advance(1_999)
    expect(await bank.lookup('BW-1')).toMatchObject({ kind: 'accepted' })
    await clock.advance(1)
    expect(await bank.lookup('BW-1')).toMatchObject({ ...PAID, amount: '10.02' })
  })

  it.each([
    ['10.08', 'account_closed'],
    ['10.09', 'expired_unclaimed'],
  ])('sends %s back after a minute', async (amount, code) => {
    const { bank, clock } = opened()
    await bank.pay(item(amount))
    await clock.advance(59_999)
    expect((await bank.lookup('BW-1')).kind).not.toBe('returned')
    await clock.advance(1)
    expect(await bank.lookup('BW-1')).toEqual({ kind: 'returned', reference: 'SB-E2E1', amount, code })
  })

  it('pays 10.04 once it has been funded', async () => {
    const { bank } = opened()
    await bank.pay(item('10.04'))
    await bank.fund()
    await bank.fund()
    expect(await bank.pay(item('10.04'))).toMatchObject(PAID)
    expect(await bank.executions()).toHaveLength(1)
  })

  it('does not know a key it was never given', async () => {
    expect(await opened().bank.lookup('BW-2')).toEqual(NOT_FOUND)
  })

  it('honours a key whatever comes with it: the first payout stands', async () => {
    const { bank } = opened()
    await bank.pay(item('10'))
    expect(await bank.pay(item('99'))).toMatchObject({ ...PAID, amount: '10' })
    expect(await bank.executions()).toMatchObject([{ key: 'BW-1', amount: '10', currency: 'eur' }])
  })

  it('pays two keys twice, even for the same account and amount', async () => {
    const { bank } = opened()
    await bank.pay(item('10'))
    await bank.pay(item('10', { key: 'BW-2', endToEndId: 'E2E2' }))
    expect(await bank.executions()).toHaveLength(2)
  })

  it.each(['10', '10.05', '10.06', '10.07', '10.14'])(
    'executes %s once when ten ask with one key at the same moment',
    async (amount) => {
      const { bank } = opened()
      await Promise.allSettled(Array.from({ length: 10 }, () => bank.pay(item(amount))))
      await bank.pay(item(amount))
      expect(await bank.executions()).toHaveLength(1)
    },
  )

  it('knows its payouts after it was made anew over the same documents', async () => {
    const { bank, clock, documents } = opened()
    await bank.pay(item('10.02'))
    await expect(bank.pay(item('10.06', { key: 'BW-2' }))).rejects.toMatchObject(TIMEOUT)
    await clock.advance(2_000)
    const anew = createSandboxBank(documents, clock)
    expect(await anew.lookup('BW-1')).toMatchObject(PAID)
    expect(await anew.pay(item('10.02'))).toMatchObject(PAID)
    // It has failed once already.
    expect(await anew.pay(item('10.06', { key: 'BW-2' }))).toMatchObject({ kind: 'settled' })
    expect(await anew.executions()).toHaveLength(2)
  })

  it('keeps no account number in its books', async () => {
    const { bank, documents } = opened()
    await bank.pay(item('10'))
    expect(JSON.stringify(await documents.list(''))).not.toContain('DE89370400440532013000')
  })
})

describe.each(DATABASE_KINDS)('the sandbox bank on %s', (kind) => {
  it('executes a payout once when ten ask with one key at the same moment, and forgets nothing', async () => {
    const database = await openTestDatabase(kind)
    await database.reset()
    const documents = createStore(database).providerDocuments('sandbox')
    const bank = createSandboxBank(documents, clockAlone())
    const answers = await Promise.all(Array.from({ length: 10 }, () => bank.pay(item('10'))))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(await createSandboxBank(documents, clockAlone()).executions()).toHaveLength(1)
    await database.close()
  })
})

describe('a magic amount', () => {
  it('is one by its last two digits in minor units, in the decimals of its currency', () => {
    const scenarios = [
      ['10', 'eur', 1],
      ['10.03', 'eur', 3],
      ['10.3', 'eur', 1],
      ['1003', 'jpy', 3],
      ['10', 'jpy', 10],
      ['1.003', 'kwd', 3],
      ['10.03', 'kwd', 1],
    ] as const
    expect(scenarios.map(([amount, currency]) => scenarioOf(amount, currency))).toEqual(
      scenarios.map(([, , scenario]) => scenario),
    )
  })

  it('is described for each of the scenarios', () => {
    expect(Object.keys(SCENARIOS).map(Number)).toEqual(Array.from({ length: 15 }, (_, n) => n + 1))
    for (const text of Object.values(SCENARIOS)) expect(text).toMatch(/\.$/)
  })
})
