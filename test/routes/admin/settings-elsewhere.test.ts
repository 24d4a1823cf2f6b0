import { sandboxDefinition } from '../../../src/providers/sandbox'
import { acmeBank, type AcmeSeen } from '../../helpers/acme-bank'
import { testDatabase } from '../../helpers/databases'
import { keyNamed } from '../../helpers/keys'
import { recordingLogger } from '../../helpers/loggers'
import { IBAN, World } from '../../helpers/world'
import { as } from './two-operators'

/**
 * Goal: what one instance has saved counts in every other one within seconds, and nothing that is in hand is lost by it.
 * Method: two instances on one PostgreSQL, of which only the test's clock makes one look.
 */
const LOOKS_EVERY_MS = 10_000

describe('Settings that another instance has saved', () => {
  const database = testDatabase('PostgreSQL')

  const two = async (config: Record<string, unknown> = {}) => {
    const seen: AcmeSeen = { events: [] }
    const logger = recordingLogger()
    const world = await World.create(database, {
      ...{ definitions: [sandboxDefinition, acmeBank(seen)], logger },
      config: { encryptionKeys: keyNamed('k'), ...config },
    })
    const other = world.app
    await world.start()
    return { world, other, seen, logger }
  }
  const eventually = async (isTrue: () => boolean): Promise<void> => {
    while (!isTrue()) await new Promise(setImmediate)
  }

  it('count within one look, without a restart', async () => {
    const { world, other } = await two()
    const values = { providers: 'acme', acme_account: 'A1', acme_secret: 'right-secret' }
    await as(world, 2)('/admin/settings', { version: 0, values }).expect(200)
    expect(world.app.providers().map(({ name }) => name)).toEqual(['acme'])
    expect(other.providers().map(({ name }) => name)).toEqual(['sandbox'])

    await world.clock.advance(LOOKS_EVERY_MS)
    await eventually(() => other.providers()[0]?.name === 'acme')
    await other.stop()
  })

  it('that cannot work there change nothing there, which is said once and not at every look', async () => {
    const { world, other, logger } = await two()
    await database.query(
      `insert into bank_withdrawal.settings (version, given, actor, reason, at)
       values (1, '{"leaseSeconds": "soon"}', 'operator:9', 'by hand', now())`,
    )
    const told = () => logger.lines.filter(({ event }) => event === 'settings.not_effective')
    await world.clock.advance(LOOKS_EVERY_MS)
    await eventually(() => told().length === 2)
    await world.clock.advance(LOOKS_EVERY_MS)
    await other.stop()
    expect(told()).toHaveLength(2)
    expect((await world.withdrawn(10)).state).toBe('processed')
  })

  it('let a request that is under way end as it began, by the settings it began with', async () => {
    const seen: AcmeSeen = { events: [] }
    let letGo = () => {}
    let isIn = () => {}
    const held = new Promise<void>((resolve) => (letGo = resolve))
    const reached = new Promise<void>((resolve) => (isIn = resolve))
    const world = await World.create(database, {
      definitions: [sandboxDefinition, acmeBank(seen)],
      config: { encryptionKeys: keyNamed('k') },
      around: {
        exchange: (exchange) => ({
          ...exchange,
          findUser: async (id) => {
            if (id === 1) {
              isIn()
              await held
            }
            return exchange.findUser(id)
          },
        }),
      },
    })
    const asked = world
      .post({ currency: 'eur', amount: 10, bank_account: { iban: IBAN } })
      .then((answer) => answer)
    await reached
    const values = { providers: 'acme', acme_account: 'A1', acme_secret: 'right-secret' }
    await as(world, 2)('/admin/settings', { version: 0, values }).expect(200)
    letGo()
    const { status, body } = await asked
    expect(status).toBe(200)
    await as(world, 2)('/admin/settings', { version: 1, values: { providers: 'sandbox, acme' } }).expect(200)
    await world.runToRest(60_000)
    expect(await world.row(body.id)).toMatchObject({ state: 'processed', provider: 'sandbox' })
    expect(await world.balance()).toEqual({ available: 9_990, locked: 0 })
  })
})
