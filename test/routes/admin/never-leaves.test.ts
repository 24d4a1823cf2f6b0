import { sandboxDefinition } from '../../../src/providers/sandbox'
import { testDatabase } from '../../helpers/databases'
import { keyNamed } from '../../helpers/keys'
import { World, type WorldOptions } from '../../helpers/world'
import { expectError } from '../support'
import { as } from './two-operators'

/** The 31st where it is a month's second Monday: a right expression, and no such day. */
const NEVER = '0 0 31 * 1#2'

describe('A schedule that never comes', () => {
  const database = testDatabase('PostgreSQL')
  const started = (config: WorldOptions['config'] = {}) =>
    World.create(database, {
      definitions: [sandboxDefinition],
      config: { encryptionKeys: keyNamed('k'), ...config },
    })
  const save = (world: World, values: object, version = 0) =>
    as(world, 2)('/admin/settings', { version, values })
  const plansOf = async (world: World) =>
    ((await world.see('/admin/settings').expect(200)).body as { plans: readonly object[] }).plans

  it.each([
    ['the schedule of all', { mode: 'batch', schedule: NEVER }],
    ['that of one provider', { mode: 'batch', schedules: `sandbox=${NEVER}` }],
    ['one for what a batch has left', { schedule: NEVER }],
  ])('is not saved, and why not is said: %s', async (_which, values) => {
    const world = await started()
    const refused = await save(world, values)
    expectError(refused, 'invalid_request')
    expect(refused.body).toMatchObject({
      message: 'the schedule of sandbox never comes: there is no such day, and its batches would never leave',
    })
    expect(await plansOf(world)).toMatchObject([{ schedule: '*/5 * * * *' }])
  })

  describe('and is fixed where the program is started', () => {
    let world: World
    beforeEach(async () => {
      world = await started({ mode: 'batch', schedule: NEVER })
    })

    it('is shown as what never comes, and is in the way of no other change', async () => {
      expect(await plansOf(world)).toMatchObject([{ mode: 'batch', schedule: NEVER, next_runs: [] }])
      await save(world, { statementText: 'Payout' }).expect(200)
      const { body } = await world.see('/admin/overview').expect(200)
      expect(body).toMatchObject({ providers: [{ mode: 'batch' }] })
      expect(JSON.stringify(body)).not.toContain('next_run_at')
    })

    it('lets nobody withdraw what would never leave, and takes nothing', async () => {
      const { body } = await world.get('/options').expect(200)
      expect(body).toEqual([])
      expectError(await world.get('/quote?currency=eur&method=BANK&amount=10'), 'unsupported_currency')
      expectError(await world.withdraw(10), 'unsupported_currency')
      expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
    })
  })
})
