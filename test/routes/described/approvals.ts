import type { TestDatabase } from '../../helpers/databases'
import { rewritten } from '../../helpers/rewritten'
import type { World } from '../../helpers/world'
import type { Answers } from '../answers'
import { type Ask, asker, lookAround, WHY } from './asker'
import { decisionWorld } from './decisions'

const LARGE = 500
const PAID = { ...WHY, to: 'processed', transaction_id: 'T' }

/** What waits for somebody, as it is proposed by operator 2. */
const proposed = async (ask: Ask, id: string, asked: Parameters<Ask>[2]) => {
  const { approval } = (await ask(id, '202', asked)) as { approval: { id: string } }
  return { at: { id: approval.id }, body: WHY, by: 3 }
}

/** Stored as an earlier version of the program may have left it, or settings that have changed since. */
const content = (world: World, { at }: { at: { id: string } }, changed: object) =>
  rewritten(world.database, (tx) =>
    tx.query('update bank_withdrawal.approvals set content = content || $2::jsonb where id = $1::bigint', [
      at.id,
      JSON.stringify(changed),
    ]),
  )

/** What others say to what one has proposed. */
export function describeApprovals(answers: Answers, database: () => TestDatabase): void {
  it('is kept by what others say to a proposal', async () => {
    const { world, ...rows } = await decisionWorld(database())
    const ask = asker(answers, world)
    const lost = { at: await rows.inDoubt(LARGE) }
    const resolve = () => proposed(ask, 'resolveWithdrawal', { ...lost, body: { ...PAID, to: 'settling' } })
    const refused = await resolve()
    await ask('getApproval', '200', { at: refused.at })
    await ask('refuseApproval', '200', refused)
    await ask('refuseApproval', 'already_decided', refused)
    await ask('confirmApproval', 'already_decided', refused)

    const kept = await resolve()
    await ask('confirmApproval', 'own_proposal', { ...kept, by: 2 })
    await world.database.query('update bank_withdrawal.withdrawals set user_id = 3 where id = $1', [
      lost.at.id,
    ])
    await ask('confirmApproval', 'own_withdrawal', kept)
    await ask('confirmApproval', '200', { ...kept, by: 4 })

    for (const word of ['confirmApproval', 'refuseApproval']) {
      const other = { at: await rows.inDoubt(LARGE) }
      const old = await proposed(ask, 'resolveWithdrawal', { ...other, body: { ...PAID, to: 'settling' } })
      await ask('holdWithdrawal', '200', { ...other, body: WHY })
      await ask(word, 'changed_meanwhile', old)
    }
    await lookAround(answers, world)
  })

  it('is kept by what cannot be done any more, or not now, when it is confirmed', async () => {
    const { world, said, ...rows } = await decisionWorld(database())
    const ask = asker(answers, world)
    const lost = { at: await rows.inDoubt(LARGE) }
    await ask('holdWithdrawal', '200', { ...lost, body: WHY })
    const paid = await proposed(ask, 'resolveWithdrawal', { ...lost, body: PAID })
    // The burn is pending still.
    await ask('confirmApproval', 'action_not_possible', paid)
    said.isExchangeSilent = true
    await ask('confirmApproval', 'exchange_unavailable', paid)

    const policy = { cooling_off_hours: 1 }
    const rules = await proposed(ask, 'changePolicy', { body: { ...WHY, policy } })
    await content(world, rules, { policy: { cooling_off_hours: -1 } })
    await ask('confirmApproval', 'invalid_policy', rules)

    await ask('pauseProvider', '200', { at: { name: 'sandbox' }, body: WHY })
    const resumed = await proposed(ask, 'resumeProvider', { at: { name: 'sandbox' }, body: WHY })
    await world.start({ provider: (provider) => ({ ...provider, name: 'another' }) })
    await ask('confirmApproval', 'provider_not_found', resumed)
    await lookAround(answers, world)
  })
}
