import { createSecretKey } from 'node:crypto'

import fc from 'fast-check'

import { add, subtract, sum } from '../../src/domain/money'
import { createSandboxKit, type SandboxKit } from '../../src/sandbox/kit'
import { createSandboxTokens } from '../../src/sandbox/tokens'
import type { RepeatedBurn } from '../../src/sandbox/wallet'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { clockAlone } from '../services/clock-alone'

/**
 * Goal: whatever is asked of the sandbox's wallet, in whatever order, no cent appears or disappears. Method: random
 * operations, many of them nonsense; after each, what is available, locked and settled is what there was at first.
 */
type Operation = (kit: SandboxKit) => Promise<unknown>

const id = fc.constantFrom('w1', 'w2', 'w3', 'w4', 'TX-1')
const amount = fc.constantFrom(0.01, 1, 10.5, 2_500.25, 9_999.99, 20_000, 0, -5)
const flag = fc.constantFrom('status', 'rejected', 'dismissed', 'processing', 'waiting', 'onhold')

const burn: fc.Arbitrary<Operation> = fc
  .record({
    id,
    amount,
    fee: fc.constantFrom(0, 0.5),
    status: fc.constantFrom(false, false, false, true, undefined),
  })
  .map(
    ({ id: transactionId, amount: value, fee, status }) =>
      ({ wallet }) =>
        wallet.burn(1, 'eur', value, { transactionId, fee, ...(status !== undefined && { status }) }),
  )
const update: fc.Arbitrary<Operation> = fc
  .record({ id, flags: fc.uniqueArray(flag, { maxLength: 2 }), newId: fc.option(id, { nil: undefined }) })
  .map(
    ({ id: transactionId, flags, newId }) =>
      ({ wallet }) =>
        wallet.updateBurn(transactionId, {
          ...Object.fromEntries(flags.map((name) => [name, true])),
          ...(newId !== undefined && { updatedTransactionId: newId }),
        }),
  )
const operations = fc.array(fc.oneof(burn, update), { minLength: 10, maxLength: 25 })
const modes = fc.constantFrom<RepeatedBurn>('refused', 'answers_the_first', 'burns_again')

describe('the money in the sandbox', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  async function opened(repeatedBurn: RepeatedBurn): Promise<SandboxKit> {
    await database.reset()
    const tokens = createSandboxTokens(createSecretKey(Buffer.alloc(32, 7)))
    const kit = createSandboxKit({ database, tokens, clock: clockAlone(), repeatedBurn })
    await kit.open()
    return kit
  }

  async function totals(kit: SandboxKit) {
    const [balance] = await kit.wallet.balancesOf(1)
    const rows = await database.query<{ total: string; status: boolean; open: boolean }>(
      `select (amount + fee)::text as total, status, not (status or rejected or dismissed) as open
         from bank_withdrawal_sandbox.burns`,
    )
    const totalOf = (wanted: typeof rows) => sum(wanted.map(({ total }) => total))
    return {
      available: balance?.available ?? '',
      locked: balance?.locked ?? '',
      open: totalOf(rows.filter((row) => row.open)),
      settled: totalOf(rows.filter(({ status }) => status)),
    }
  }

  it('is conserved by every sequence of operations', async () => {
    await fc.assert(
      fc.asyncProperty(operations, modes, async (sequence, mode) => {
        const kit = await opened(mode)
        for (const operation of sequence) {
          await operation(kit).catch(() => 'refused')
          const { available, locked, open, settled } = await totals(kit)
          expect(sum([available, locked, settled])).toBe('10000')
          expect(sum([locked])).toBe(open)
        }
        await expectLedgerToAgree(kit)
      }),
      { seed: Number(process.env.TEST_SEED), numRuns: 12, endOnFailure: true },
    )
  })

  /** Each burn was locked once, and ended at most once. */
  async function expectLedgerToAgree(kit: SandboxKit): Promise<void> {
    const lines = await kit.ledger()
    const burns = await kit.wallet.burnsOf(1, null)
    for (const { id: burnId, status, rejected, dismissed } of burns) {
      const kinds = lines.filter((line) => line.burnId === burnId).map(({ kind }) => kind)
      const end = status ? ['settle'] : rejected || dismissed ? ['release'] : []
      expect(kinds).toEqual(['lock', ...end])
    }
    const held = lines.reduce(
      (total, line) => (line.kind === 'lock' ? add(total, line.amount) : subtract(total, line.amount)),
      '0',
    )
    const open = burns.filter(({ status, rejected, dismissed }) => !status && !rejected && !dismissed)
    expect(held).toBe(sum(open.map((burnRow) => String(burnRow.amount))))
  }
})
