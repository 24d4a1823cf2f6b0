import { sandboxDefinition } from '../../../src/providers/sandbox'
import { acmeBank } from '../../helpers/acme-bank'
import type { TestDatabase } from '../../helpers/databases'
import { keyNamed } from '../../helpers/keys'
import { rewritten } from '../../helpers/rewritten'
import { World } from '../../helpers/world'
import { SEVERAL } from '../admin/two-operators'
import type { Answers } from '../answers'
import { asker, lookAround, WHY } from './asker'

const POLICY = { ...WHY, policy: { cooling_off_hours: 1 } }
const WRONG = { providers: 'acme, sandbox', acme_account: 'A1', acme_secret: 'wrong-secret' }
const HOURS = { detailsKeptDays: 400 }

const bankWorld = (database: TestDatabase, config: Record<string, unknown> = {}) =>
  World.create(database, {
    definitions: [sandboxDefinition, acmeBank()],
    config: { encryptionKeys: keyNamed('k'), ...config },
  })

/** What those who set the rules do, alone and with another. */
export function describeRules(answers: Answers, database: () => TestDatabase): void {
  it('is kept by rules that another operator has to confirm', async () => {
    const world = await bankWorld(database(), SEVERAL)
    const ask = asker(answers, world)
    const { approval } = (await ask('changePolicy', '202', { body: POLICY })) as { approval: { id: string } }
    await ask('changePolicy', 'already_proposed', { body: POLICY })
    await ask('confirmApproval', '200', { at: { id: approval.id }, body: WHY, by: 3 })
    await ask('restorePolicy', '202', { body: { ...WHY, to: 0 } })
    await ask('restorePolicy', 'already_proposed', { body: { ...WHY, to: 0 } })
    await ask('restorePolicy', 'changed_meanwhile', { body: { ...WHY, to: 0, version: 7 } })
    await lookAround(answers, world)
    await rewritten(database(), (tx) =>
      tx.query(`update bank_withdrawal.policies set content = content || '{"cooling_off_hours": -1}'`),
    )
    await ask('restorePolicy', 'invalid_policy', { body: { ...WHY, to: 1 } })

    await ask('stopEverything', '200', { body: WHY })
    await ask('liftStop', '202', { body: WHY })
    await ask('liftStop', 'already_proposed', { body: WHY })
    const at = { name: 'sandbox' }
    await ask('pauseProvider', '200', { at, body: WHY })
    await ask('resumeProvider', '202', { at, body: WHY })
    await ask('resumeProvider', 'already_proposed', { at, body: WHY })
  })

  it('is kept by settings that are saved, tried and undone', async () => {
    const world = await bankWorld(database())
    const ask = asker(answers, world)
    await ask('saveSettings', 'settings_not_working', { body: { ...WHY, version: 0, values: WRONG } })
    await ask('saveSettings', '200', { body: { ...WHY, version: 0, values: WRONG, untried: true } })
    await ask('saveSettings', '200', { body: { ...WHY, version: 1, values: { providers: 'sandbox' } } })
    await ask('undoSettings', 'settings_not_working', { body: { ...WHY, version: 2, to: 1 } })
    await ask('undoSettings', '200', { body: { ...WHY, version: 2, to: 0 } })
    await lookAround(answers, world)
  })

  it('is kept by settings that another operator has to confirm', async () => {
    const world = await bankWorld(database(), SEVERAL)
    const ask = asker(answers, world)
    const save = (version: number, values: object) => ({ body: { ...WHY, version, values } })
    const { approval } = (await ask('saveSettings', '202', save(0, HOURS))) as { approval: { id: string } }
    await ask('saveSettings', 'already_proposed', save(0, HOURS))
    await ask('confirmApproval', '200', { at: { id: approval.id }, body: WHY, by: 3 })
    await ask('undoSettings', '202', { body: { ...WHY, version: 1, to: 0 } })
    await ask('undoSettings', 'already_proposed', { body: { ...WHY, version: 1, to: 0 } })
    await lookAround(answers, world)
  })
}
