import type { LookupOutcome, PaymentProvider, SubmitOutcome } from '../../../src/ports/payment-provider'
import { ACTION_NAMES } from '../../../src/routes/admin/withdrawals'
import { between, betweenExchange } from '../../helpers/between'
import type { TestDatabase } from '../../helpers/databases'
import { World } from '../../helpers/world'
import { SEVERAL } from '../admin/two-operators'
import type { Answers } from '../answers'
import { DEFERRED } from '../support'
import { asker, lookAround, WHY } from './asker'

const HOUR_MS = 3_600_000
/** Above this two have to decide. */
const SMALL = 10
const LARGE = 500
const REFERENCE = { reference: 'R', status: 'PENDING' }

/** What the bank and the exchange say; null for what they really do. */
interface Said {
  submit: SubmitOutcome | null
  lookup: LookupOutcome | null
  isExchangeSilent: boolean
}

/** A world with two operators, whose bank can stop payouts and says what the test wants. */
export async function decisionWorld(database: TestDatabase) {
  const said: Said = { submit: null, lookup: null, isExchangeSilent: false }
  const provider = (real: PaymentProvider): PaymentProvider => ({
    ...between({
      submit: (call) => (said.submit ? Promise.resolve(said.submit) : call()),
      lookup: (call) => (said.lookup ? Promise.resolve(said.lookup) : call()),
    })(real),
    cancel: () => Promise.resolve('unknown'),
  })
  const exchange = betweenExchange({
    findHold: (call) =>
      said.isExchangeSilent ? Promise.resolve({ kind: 'unknown', why: 'no answer' }) : call(),
  })
  const world = await World.create(database, {
    config: { ...SEVERAL, returns: 'approved' },
    around: { provider, exchange },
  })
  const as = async (now: Partial<Said>, amount: number) => {
    Object.assign(said, { submit: null, lookup: null }, now)
    const { id } = await world.withdrawn(amount)
    return { id }
  }
  return {
    ...{ world, said },
    /** Each is where it is for a while. */
    ready: () => as({}, DEFERRED),
    submitted: (amount: number) => as({ submit: { kind: 'accepted', ...REFERENCE } }, amount),
    inDoubt: (amount: number) =>
      as(
        { submit: { kind: 'unknown', why: 'no answer' }, lookup: { kind: 'unknown', why: 'no answer' } },
        amount,
      ),
    async returning(amount: number) {
      const at = await as({}, amount)
      said.lookup = { kind: 'returned', reference: 'R', amount: String(amount), code: 'account_closed' }
      await world.clock.advance(HOUR_MS)
      await world.engine.watch.run()
      return at
    },
  }
}

/** `approve-return` as the description calls it. */
export const operationFor = (name: string): string =>
  `${name.replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase())}Withdrawal${name === 'stop' ? 'Payout' : ''}`

/** What decides over one withdrawal, done, proposed and refused for every reason there is. */
export function describeDecisions(answers: Answers, database: () => TestDatabase): void {
  it('is kept by each action that is done', async () => {
    const { world, said, ...rows } = await decisionWorld(database())
    const ask = asker(answers, world)
    const waiting = { at: await rows.ready() }
    await ask('holdWithdrawal', '200', { ...waiting, body: WHY })
    await ask('resumeWithdrawal', '200', { ...waiting, body: WHY })
    await ask('holdWithdrawal', '200', { ...waiting, body: WHY })
    await ask('approveWithdrawal', '200', { ...waiting, body: WHY })
    await ask('retryWithdrawal', '200', { ...waiting, body: WHY })
    await ask('rejectWithdrawal', '200', { ...waiting, body: WHY })
    await ask('stopWithdrawalPayout', '200', { at: await rows.submitted(SMALL), body: WHY })

    const again = { at: await rows.submitted(SMALL) }
    await ask('sendAgainWithdrawal', 'evidence_required', { ...again, body: WHY })
    said.lookup = { kind: 'voided' }
    await world.clock.advance(HOUR_MS)
    await ask('sendAgainWithdrawal', '200', { ...again, body: { ...WHY, evidence: 'e' } })
    await ask('approveReturnWithdrawal', '200', { at: await rows.returning(SMALL), body: WHY })

    const lost = { at: await rows.inDoubt(SMALL) }
    const paid = { ...WHY, to: 'processed', transaction_id: 'T' }
    await ask('resolveWithdrawal', 'evidence_required', { ...lost, body: { ...WHY, to: 'settling' } })
    await ask('holdWithdrawal', '200', { ...lost, body: WHY })
    said.isExchangeSilent = true
    await ask('resolveWithdrawal', 'exchange_unavailable', { ...lost, body: paid })
    await ask('resolveWithdrawal', '200', { ...lost, body: { ...paid, to: 'settling' } })
    await lookAround(answers, world)
  })

  it('is kept by each action that another has to confirm', async () => {
    const { world, ...rows } = await decisionWorld(database())
    const ask = asker(answers, world)
    const held = { at: await rows.submitted(LARGE) }
    await world.database.query(
      `update bank_withdrawal.withdrawals set state = 'in_review', next_run_at = null, version = version + 1
        where id = $1`,
      [held.at.id],
    )
    const lost = { at: await rows.inDoubt(LARGE) }
    const back = { at: await rows.returning(LARGE) }
    const wishes = [
      ['approveWithdrawal', { ...held, body: WHY }],
      ['resumeWithdrawal', { ...held, body: WHY }],
      ['sendAgainWithdrawal', { ...lost, body: { ...WHY, evidence: 'e' } }],
      ['resolveWithdrawal', { ...lost, body: { ...WHY, to: 'settling', transaction_id: 'T' } }],
      ['approveReturnWithdrawal', { ...back, body: WHY }],
    ] as const
    for (const [id, wish] of wishes) {
      await ask(id, '202', wish)
      await ask(id, 'already_proposed', wish)
    }
    await lookAround(answers, world)
  })

  it('is kept by each refusal of an action', async () => {
    const { world, ...rows } = await decisionWorld(database())
    const ask = asker(answers, world)
    const own = await world.post(
      { currency: 'eur', amount: DEFERRED, bank_account: { iban: 'DE89370400440532013000' } },
      { userId: 2 },
    )
    const done = { at: await rows.ready() }
    await ask('cancelWithdrawal', '200', done)
    await world.database.query('update bank_withdrawal.withdrawals set watch_at = null')
    for (const name of ACTION_NAMES) {
      const body = {
        ...WHY,
        evidence: 'e',
        transaction_id: 'T',
        ...(name === 'resolve' && { to: 'settling' }),
      }
      const id = operationFor(name)
      await ask(id, 'withdrawal_not_found', { at: { id: 'nobody' }, body })
      await ask(id, 'own_withdrawal', { at: { id: String(own.body.id) }, body })
      await ask(id, 'changed_meanwhile', { ...done, body: { ...body, version: 1 } })
      await ask(id, 'action_not_possible', { ...done, body })
    }
    await lookAround(answers, world)
  })
}
