import { createFloatStore } from '../../src/db/float'
import { createNoticeStore } from '../../src/db/notices'
import { hasLeft } from '../../src/domain/float'
import type { Exchange } from '../../src/ports/exchange'
import type { PaymentProvider } from '../../src/ports/payment-provider'
import { createProviderDirectory } from '../../src/services/payouts/directory'
import { createFloatWatch } from '../../src/services/watch/float-watch'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../helpers/databases'
import { recordingLogger } from '../helpers/loggers'
import { World, type WorldOptions } from '../helpers/world'
import { expectError } from '../routes/support'

const HOUR_MS = 3_600_000
const TICK_MS = 5 * 60_000
const PLACE = { provider: 'sandbox', currency: 'eur' }

describe.each(DATABASE_KINDS)('the float, on %s', (kind) => {
  let database: TestDatabase
  let world: World
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  const worldWith = async (config: Record<string, unknown>, options: WorldOptions = {}) => {
    world = await World.create(database, { ...options, config })
    return world
  }
  const enter = (available: string, more: Record<string, unknown> = {}) =>
    world.operate('/admin/float', { ...PLACE, available, reason: 'bank portal', ...more })
  const states = async (...ids: readonly string[]) =>
    Promise.all(ids.map(async (id) => (await world.row(id)).state))
  const haveLeft = async (...ids: readonly string[]) => (await states(...ids)).map((state) => hasLeft(state))
  const run = () => world.engine.batches.run()

  describe('held against a batch', () => {
    it.each([
      ['smallest', [false, false, true, true]],
      ['largest', [true, false, true, false]],
    ])('lets leave what fits, the %s first where that was chosen', async (floatOrder, left) => {
      await worldWith({ mode: 'batch', floatOrder })
      const made: string[] = []
      for (const amount of [65, 500, 30, 20]) {
        made.push((await world.withdrawn(amount)).id)
        await world.clock.advance(1_000)
      }
      await enter('100').expect(200)
      await run()
      expect(await haveLeft(...made)).toEqual(left)
    })

    it('is not entered in a currency that the exchange does not have, where the provider pays in any', async () => {
      const any = (provider: PaymentProvider): PaymentProvider => ({
        ...provider,
        capabilities: { ...provider.capabilities, currencies: 'any' },
      })
      await worldWith({}, { around: { provider: any } })
      for (const currency of ['xyz', '__proto__', 'constructor'])
        expect((await enter('100', { currency })).status).toBe(400)
      expectError(await enter('100', { currency: 'xyz' }), 'unsupported_currency')
      await enter('100').expect(200)
    })

    it('lets the method leave first that was chosen, though others came before', async () => {
      await worldWith({ mode: 'batch', floatFirst: ['PAYPAL'] })
      const bank = (await world.withdrawn(80)).id
      await world.clock.advance(1_000)
      const paypal = (
        await world
          .post({ currency: 'eur', amount: 60, method: 'PAYPAL', paypal_id: 'ada@example.com' })
          .expect(200)
      ).body.id as string
      await enter('100').expect(200)
      await run()
      expect(await haveLeft(bank, paypal)).toEqual([false, true])
    })

    it('lets leave what fits, the oldest first, and the rest wait with a reason until it is funded', async () => {
      await worldWith({ mode: 'batch' })
      const made: string[] = []
      for (const amount of [60, 500, 30, 20]) {
        made.push((await world.withdrawn(amount)).id)
        await world.clock.advance(1_000)
      }
      await enter('100').expect(200)

      const [sent] = await run()
      expect(sent?.batches).toMatchObject([{ itemCount: 2, total: '90' }])
      expect(await haveLeft(...made)).toEqual([true, false, true, false])
      const { body } = await world.get(`/${made[1]}`).expect(200)
      expect(body).toMatchObject({
        ...{ status: 'pending', stage: 'queued', reason_code: 'insufficient_float', cancelable: true },
        reason: 'Waiting for the exchange to fund its payout account.',
      })
      // Nobody knows when it is funded: no day is named.
      expect(body).not.toHaveProperty('eta')
      expect(await run()).toEqual([])

      await world.clock.advance(TICK_MS)
      expect(await run()).toMatchObject([{ batches: [], waiting: 'insufficient_float' }])
      await enter('520').expect(200)
      await run()
      await world.runToRest(HOUR_MS)
      expect(await states(...made)).toEqual(['processed', 'processed', 'processed', 'processed'])
      expect(await world.bank.executions()).toHaveLength(4)
    })

    it('asks the exchange nothing about what stays behind', async () => {
      let marked = 0
      const exchange = (real: Exchange): Exchange => ({
        ...real,
        markProcessing(id) {
          marked++
          return real.markProcessing(id)
        },
      })
      await worldWith({ mode: 'batch' }, { around: { exchange } })
      await world.withdrawn(10)
      await enter('0').expect(200)
      await run()
      expect(marked).toBe(0)
    })

    it('passes by a large one for a day, and then lets nobody younger leave before it', async () => {
      await worldWith({ mode: 'batch' })
      const whale = await world.withdrawn(500)
      await enter('100').expect(200)
      await run()
      await world.clock.advance(HOUR_MS)
      const early = await world.withdrawn(40)
      await run()
      expect(await haveLeft(whale.id, early.id)).toEqual([false, true])
      await world.clock.advance(24 * HOUR_MS)
      const late = await world.withdrawn(40)
      await run()
      expect(await haveLeft(whale.id, late.id)).toEqual([false, false])

      await enter('600').expect(200)
      await run()
      expect(await haveLeft(whale.id, late.id)).toEqual([true, true])
    })

    it('counts what came back as there again, and what left in the meantime as gone', async () => {
      await worldWith({ mode: 'batch' })
      await enter('100').expect(200)
      // Declined by the bank: its money never left.
      const declined = await world.withdrawn(60.03)
      await run()
      await world.runToRest(HOUR_MS)
      expect(await states(declined.id)).toEqual(['canceled'])
      const first = await world.withdrawn(70)
      await run()
      const second = await world.withdrawn(31)
      await run()
      expect(await haveLeft(first.id, second.id)).toEqual([true, false])
    })
  })

  describe('in a provider that pays at once', () => {
    it('keeps back what does not fit, and lets it go when it is funded', async () => {
      await worldWith({ mode: 'immediate' })
      await enter('100').expect(200)
      const first = await world.withdrawn(70)
      const second = await world.withdrawn(40)
      expect(await states(first.id, second.id)).toEqual(['processed', 'ready'])
      expect(second.reasonCode).toBe('insufficient_float')
      expect(await world.bank.executions()).toHaveLength(1)

      await enter('40').expect(200)
      await world.clock.advance(2_000)
      await world.engine.runner.tick()
      expect(await states(second.id)).toEqual(['processed'])
    })
  })

  describe('that nobody knows', () => {
    it('holds nothing back', async () => {
      await worldWith({ mode: 'batch' })
      const { id } = await world.withdrawn(10)
      await run()
      expect(await haveLeft(id)).toEqual([true])
    })

    it('holds nothing back any more when it was said too long ago, and says that it is old', async () => {
      await worldWith({ mode: 'batch' })
      await enter('0').expect(200)
      const { id } = await world.withdrawn(10)
      await run()
      expect(await haveLeft(id)).toEqual([false])
      await world.clock.advance(7 * 24 * HOUR_MS + 1_000)
      expect((await world.see('/admin/float')).body.data).toMatchObject([{ is_old: true, is_short: false }])
      await run()
      expect(await haveLeft(id)).toEqual([true])
    })
  })

  describe('told by the provider', () => {
    const watched = (balances: PaymentProvider['balances']) => {
      const logger = recordingLogger()
      const sandbox = world.app.providers()[0] as PaymentProvider
      const provider = { ...sandbox, balances, fundingAccount: () => 'Main account' } as PaymentProvider
      const watch = createFloatWatch({
        ...{ store: createFloatStore(database), clock: world.clock, logger },
        providers: createProviderDirectory([provider], 90).all,
        leavesAt: (_name, now) => new Date(now.getTime() + TICK_MS),
        notices: createNoticeStore(database),
        settings: { fundingLeadDays: 2, fundingCoverDays: 7 },
      })
      return { watch, logger }
    }

    it('calls for funds before it runs out, once, and closes the call when there is enough', async () => {
      await worldWith({ mode: 'batch' })
      let available = '100'
      const { watch, logger } = watched(() => Promise.resolve([{ currency: 'eur', available }]))
      await watch()
      await world.withdrawn(250)
      await world.clock.advance(60_000)
      await watch()
      await world.clock.advance(60_000)
      await watch()

      const { body } = await world.see('/admin/float').expect(200)
      expect(body.data).toMatchObject([
        {
          ...PLACE,
          available: '100',
          source: 'provider',
          is_short: true,
          queued: { count: 1, total: '250' },
        },
      ])
      expect(body.funding_calls).toMatchObject([
        { ...PLACE, account: 'Main account', amount: '150', available: '100', queued: '250' },
      ])
      const openNotices = () => createNoticeStore(database).list({ isOpen: true, limit: 9 })
      expect(await openNotices()).toMatchObject([
        {
          kind: 'float',
          about: 'sandbox',
          count: 1,
          examples: [{ facts: { amount: '150', currency: 'eur' } }],
        },
      ])
      const overview = (await world.see('/admin/overview').expect(200)).body
      expect(overview.funding_calls).toEqual(body.funding_calls)
      expect(logger.lines.filter(({ event }) => event === 'float.funding_call')).toHaveLength(1)

      available = '5000'
      await world.clock.advance(60_000)
      await watch()
      const after = (await world.see('/admin/float').expect(200)).body
      expect((await openNotices())[0]?.count ?? 0).toBe(0)
      expect(after.funding_calls).toMatchObject([{ closed_as: 'funded', closed_at: expect.any(String) }])
      expect((await world.see('/admin/overview').expect(200)).body.funding_calls).toEqual([])
    })

    it('is asked once a minute by one of all instances, and believed for a quarter of an hour', async () => {
      await worldWith({ mode: 'batch' })
      let asked = 0
      const balances = () => {
        asked++
        return asked < 2
          ? Promise.resolve([{ currency: 'eur', available: '7' }])
          : Promise.reject(new Error('down'))
      }
      const instances = [watched(balances), watched(balances)]
      await Promise.all(instances.map(({ watch }) => watch()))
      expect(asked).toBe(1)
      const level = async () => (await world.see('/admin/float').expect(200)).body.data[0]
      await world.clock.advance(60_000)
      await Promise.all(instances.map(({ watch }) => watch()))
      expect(asked).toBe(2)
      expect(await level()).toMatchObject({ available: '7', is_old: false })
      await world.clock.advance(15 * 60_000)
      expect(await level()).toMatchObject({ available: '7', is_old: true })
    })

    it('says nothing where its answer is none', async () => {
      await worldWith({ mode: 'batch' })
      const odd = [
        { currency: 'EUR; drop', available: '1' },
        { currency: 'eur', available: 'lots' },
      ]
      const { watch, logger } = watched(() => Promise.resolve(odd))
      await watch()
      expect(logger.lines.map(({ event }) => event)).toEqual(['float.unreadable', 'float.unreadable'])
      expect((await world.see('/admin/float').expect(200)).body.data).toEqual([])
    })
  })

  describe('entered by an operator', () => {
    it.each([
      ['an amount that is none', { available: 'a lot' }],
      ['less than nothing', { available: '-1' }],
      ['more decimals than the currency has', { available: '1.001' }],
      ['no reason', { available: '1', reason: '' }],
      ['a currency that is none', { available: '1', currency: 'EUR;' }],
      ['a provider whose name is none', { available: '1', provider: { $gt: '' } }],
      ['a key that is not known', { available: '1', amount: '2' }],
      ['a version that is none', { available: '1', version: -1 }],
    ])('is refused with a sentence where it is %s, and nothing is changed', async (_what, given) => {
      await worldWith({ mode: 'batch' })
      const refused = await world.operate('/admin/float', { ...PLACE, reason: 'r', ...given })
      expectError(refused, 'invalid_request')
      expect((await world.see('/admin/float').expect(200)).body.data).toEqual([])
    })

    it('is refused for a provider that is not there, and where somebody was faster', async () => {
      await worldWith({ mode: 'batch' })
      expectError(await enter('1', { provider: 'nobody' }), 'provider_not_found')
      await enter('5', { version: 0 }).expect(200)
      expectError(await enter('6', { version: 0 }), 'changed_meanwhile')
      const { body } = await enter('6', { version: 1 }).expect(200)
      expect(body).toMatchObject({
        ...{ available: '6', source: 'operator', version: 2 },
        entered: { available: '6', actor: 'operator:2', reason: 'bank portal' },
      })
      expectError(await world.get('/admin/float'), 'forbidden')
      const kept = await database.query(
        'select available::text from bank_withdrawal.float_entries order by version',
      )
      expect(kept).toEqual([{ available: '5' }, { available: '6' }])
    })
  })
})
