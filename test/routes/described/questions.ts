import type { betweenExchange } from '../../helpers/between'
import type { TestDatabase } from '../../helpers/databases'
import { rewritten } from '../../helpers/rewritten'
import { World } from '../../helpers/world'
import { books } from '../../services/books/rig'
import type { Answers } from '../answers'
import { DEFERRED } from '../support'
import { asker, lookAround, WHY } from './asker'

type Exchange = { now: 'answers' | 'silent' | 'slow' }

/** A burn of user 1 whose row was lost, and the number of the question about it. */
async function lost(database: TestDatabase, exchange: Exchange) {
  const around = {
    exchange: (real: Parameters<ReturnType<typeof betweenExchange>>[0]) => ({
      ...real,
      async findAllHolds(query: Parameters<typeof real.findAllHolds>[0]) {
        if (exchange.now === 'silent') return { kind: 'unknown', why: 'no answer' } as const
        // Long enough for somebody else to answer.
        if (exchange.now === 'slow') await database.query('delete from bank_withdrawal.differences')
        return real.findAllHolds(query)
      },
    }),
  }
  const { world, reconciled, found } = await books(database, { repeatedBurn: 'refused', around })
  const { id } = await world.withdrawn(DEFERRED)
  await rewritten(database, async (tx) => {
    await tx.query('delete from bank_withdrawal.journal where withdrawal_id = $1', [id])
    await tx.query('delete from bank_withdrawal.withdrawals where id = $1', [id])
  })
  await reconciled()
  const question = (await found()).find(({ kind }) => kind === 'burn_without_row')
  return { world, at: { id: String(question?.id) } }
}

/** Questions to a person, and what a person looks into. */
export function describeQuestions(answers: Answers, database: () => TestDatabase): void {
  it('is kept by what a person is asked, and answers', async () => {
    const world = await World.create(database(), {
      around: {
        provider: (provider) => ({
          ...provider,
          capabilities: { ...provider.capabilities, currencies: { eur: {} } },
        }),
      },
    })
    const ask = asker(answers, world)
    const row = await world.withdrawn(10)
    const { id, destinationHash, destinationMasked: masked } = row
    for (const kind of ['unclear_bank_fact', 'returned_again'] as const)
      await world.engine.store.openDifference({ withdrawalId: id, kind, fact: 'f', detail: {} })
    const { data } = (await ask('listDifferences', '200')) as { data: { id: string; kind: string }[] }
    const one = { at: { id: String(data[0]?.id) }, body: WHY }
    const all = { at: { withdrawalId: id, kind: String(data[1]?.kind) }, body: WHY }
    await ask('resolveDifference', 'own_withdrawal', { ...one, by: 1 })
    await ask('resolveDifferences', 'own_withdrawal', { ...all, by: 1 })
    await ask('resolveDifference', '200', one)
    await ask('resolveDifferences', '200', all)
    await world.engine.store.quarantine({
      ...{ destinationHash, masked, reasonCode: 'account_closed', withdrawalId: id, userId: 1 },
    })
    await ask('listQuarantine', '200')
    await ask('liftQuarantine', '200', { at: { hash: destinationHash }, body: WHY })

    await ask('getEvidence', '200', { at: { id }, query: '?reason=r' })
    await ask('getEvidence', '200', { at: { id }, query: '?reason=r&format=html' })
    await ask('getEvidence', 'withdrawal_not_found', { query: '?reason=r' })
    await ask('getProof', '200', { at: { day: '2026-01-05' } })
    await ask('getProof', '200', { at: { day: '2026-01-05' }, query: '?format=csv' })

    const float = { ...WHY, provider: 'sandbox', currency: 'eur', available: '5' }
    await ask('enterFloat', '200', { body: float })
    await ask('enterFloat', 'changed_meanwhile', { body: { ...float, version: 0 } })
    await ask('enterFloat', 'provider_not_found', { body: { ...float, provider: 'nobody' } })
    await ask('enterFloat', 'unsupported_currency', { body: { ...float, currency: 'usd' } })
    await ask('listFloat', '200')
    await lookAround(answers, world)
  })

  it('is kept by locks of one-time codes', async () => {
    const world = await World.create(database(), { config: { wrongCodesMax: 1 } })
    await world.kit.addUser({ id: 3, fullName: 'Alan Turing', balances: { eur: '100' }, otpSecret: 's' })
    const ask = asker(answers, world)
    await ask('createWithdrawal', 'otp_invalid', {
      body: {
        currency: 'eur',
        amount: '10',
        bank_account: { iban: 'DE89370400440532013000' },
        otp_code: '000000',
      },
      by: 3,
    })
    await ask('listCodeLocks', '200')
    await ask('liftCodeLock', '200', { at: { userId: '3' }, body: WHY })
    await lookAround(answers, world)
  })

  it('is kept by batches', async () => {
    const world = await World.create(database(), { config: { mode: 'batch' } })
    await world.withdrawn(10)
    await world.clock.advance(10 * 60_000)
    const ask = asker(answers, world)
    await ask('runBatches', '200', { body: WHY })
    const { data } = (await ask('listBatches', '200')) as { data: { id: string }[] }
    await ask('getBatch', '200', { at: { id: String(data[0]?.id) } })
    await lookAround(answers, world)
  })

  it('is kept by burns without a withdrawal', async () => {
    const exchange: Exchange = { now: 'answers' }
    const { world, at } = await lost(database(), exchange)
    const ask = asker(answers, world)
    await lookAround(answers, world)
    exchange.now = 'silent'
    await ask('takeInLost', 'exchange_unavailable', { at, body: WHY })
    exchange.now = 'answers'
    await ask('takeInLost', 'own_withdrawal', { at, body: WHY, by: 1 })
    await ask('takeInLost', '200', { at, body: WHY })

    const other = await lost(database(), exchange)
    const askThere = asker(answers, other.world)
    await database().query('update bank_withdrawal_sandbox.burns set rejected = true')
    await askThere('takeInLost', 'action_not_possible', { at: other.at, body: WHY })
    await database().query('update bank_withdrawal_sandbox.burns set rejected = false')
    exchange.now = 'slow'
    await askThere('takeInLost', 'changed_meanwhile', { at: other.at, body: WHY })
    await lookAround(answers, other.world)
  })
}
