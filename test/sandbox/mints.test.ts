import { createSecretKey } from 'node:crypto'

import { createKitExchange } from '../../src/kit/exchange'
import { createSandboxKit } from '../../src/sandbox/kit'
import { createSandboxTokens } from '../../src/sandbox/tokens'
import type { RepeatedBurn } from '../../src/sandbox/wallet'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../helpers/databases'
import { silentLogger } from '../helpers/loggers'
import { clockAlone } from '../services/clock-alone'

describe.each(DATABASE_KINDS)('a mint of the sandbox on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  beforeEach(() => database.reset())
  afterAll(() => database.close())

  async function opened(repeatedBurn: RepeatedBurn = 'refused') {
    const clock = clockAlone()
    const tokens = createSandboxTokens(createSecretKey(Buffer.alloc(32, 7)))
    const kit = createSandboxKit({ database, tokens, clock, repeatedBurn })
    await kit.open()
    const { toolsLib } = kit
    const options = { timeoutMs: 10_000, uniqueTransactionIds: true, mails: false, logger: silentLogger }
    const exchange = createKitExchange({ toolsLib, clock, ...options })
    const available = async (currency = 'eur') =>
      Number((await kit.wallet.balancesOf(1)).find((balance) => balance.currency === currency)?.available)
    return { kit, exchange, available }
  }
  const credit = { id: 'w1-back', userId: 1, currency: 'eur', amount: '10.5', description: 'Returned' }

  it('gives the user the money once, and is a line of the ledger', async () => {
    const { kit, exchange, available } = await opened()

    expect(await exchange.placeCredit(credit)).toEqual({ kind: 'done' })
    expect(await exchange.placeCredit(credit)).toMatchObject({ kind: 'unknown' })
    expect(await available()).toBe(10_010.5)
    expect(await kit.ledger()).toMatchObject([
      { kind: 'mint', transactionId: 'w1-back', userId: 1, currency: 'eur', amount: '10.5' },
    ])
  })

  it.each([
    ['answers_the_first', 10_010.5],
    ['burns_again', 10_021],
  ] as const)('repeated in a wallet that %s leaves %d', async (repeatedBurn, left) => {
    const { exchange, available } = await opened(repeatedBurn)
    await exchange.placeCredit(credit)
    await exchange.placeCredit(credit)

    expect(await available()).toBe(left)
  })

  it('opens a wallet the user did not have', async () => {
    const { exchange, available } = await opened()
    await exchange.placeCredit({ ...credit, currency: 'usdt' })

    expect(await available('usdt')).toBe(10.5)
  })

  it('is found as a credit and never as a burn, though both have one id', async () => {
    const { exchange } = await opened()
    const hold = { id: 'w1-back', userId: 1, currency: 'eur', amount: '3', fee: '0', description: 'x' }

    await exchange.placeCredit(credit)
    expect(await exchange.findHold({ userId: 1, ids: ['w1-back'] })).toEqual({ kind: 'absent' })
    expect(await exchange.listPendingHolds('eur')).toEqual([])
    expect(await exchange.releaseHold('w1-back')).toMatchObject({ kind: 'refused' })

    expect(await exchange.placeHold(hold)).toMatchObject({ kind: 'done' })
    expect(await exchange.findCredit({ userId: 1, id: 'w1-back' })).toMatchObject({ amount: '10.5' })
    expect(await exchange.listPendingHolds('eur')).toMatchObject([{ id: 'w1-back', amount: '3', userId: 1 }])
  })

  it('of another user, or under another id, is not found', async () => {
    const { exchange } = await opened()
    await exchange.placeCredit(credit)

    expect(await exchange.findCredit({ userId: 2, id: 'w1-back' })).toEqual({ kind: 'absent' })
    expect(await exchange.findCredit({ userId: 1, id: 'w1' })).toEqual({ kind: 'absent' })
  })
})
