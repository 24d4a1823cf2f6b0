import type { Endpoint } from '../../../src/db/endpoints'
import type { ToldEntry } from '../../../src/db/told-journal'
import { deliveriesOf } from '../../../src/services/events/withdrawal-events'
import { DATABASE_KINDS, testDatabase } from '../../helpers/databases'
import { endpointAt, openReceiver, outbox, type Receiver, TELLING } from '../../helpers/receiver'
import { World } from '../../helpers/world'

/** How far the server that the dump is from had come beyond this one. */
const AHEAD = 50

/**
 * Goal: a dump that is restored into another server, as for an upgrade, neither silences the exchange's own systems nor tells
 * them of what is long over. Method: what is on record gets the numbers of a server that had come farther, written by one
 * transaction of this one, as a restore does.
 */
describe.each(DATABASE_KINDS)('after a restore into another server, on %s', (kind) => {
  const database = testDatabase(kind)
  let receiver: Receiver
  beforeEach(async () => {
    receiver = await openReceiver()
  })
  afterEach(() => receiver.close())

  const restore = () =>
    database.transaction((tx) =>
      tx.script(`
        set local session_replication_role = replica;
        update bank_withdrawal.journal set tx = (tx::text::bigint + ${AHEAD})::text::xid8;
        update bank_withdrawal.told set tx = (tx::text::bigint + ${AHEAD})::text::xid8;
        delete from bank_withdrawal.deliveries`),
    )
  const heardOf = (id: string) =>
    receiver.received.filter(({ data }) => data.id === id).map(({ type }) => type)

  it('what happens is told again as soon as somebody has looked', async () => {
    const world = await World.create(database, { config: TELLING })
    await endpointAt(world, receiver.url)
    await world.withdrawn(10)
    await outbox(world).run()
    await restore()
    receiver.received.length = 0

    await outbox(world).run()
    const { id } = await world.withdrawn(20)
    await outbox(world).run()
    expect(heardOf(id)).toEqual([
      'withdrawal.created',
      'withdrawal.locked',
      'withdrawal.sending',
      'withdrawal.paid',
    ])
  })

  it('what had happened before is told to nobody who came later', async () => {
    const world = await World.create(database, { config: TELLING })
    const before = await world.withdrawn(10)
    await restore()
    await endpointAt(world, receiver.url)
    // As many as it takes until the numbers of this server have come as far.
    for (let number = 0; number < 2 * AHEAD; number++)
      await database.transaction((tx) => tx.query('select pg_current_xact_id()'))
    await world.withdrawn(20)
    await outbox(world).run()
    expect(heardOf(before.id)).toEqual([])
  })
})

/**
 * Goal: who keeps what he has heard by its id, as docs/webhooks.md says, also hears what happens behind a backup. Method: what is
 * counted in the database is counted anew, as a restore has it, and something else happens.
 */
describe.each(DATABASE_KINDS)('after a restore from a backup, on %s', (kind) => {
  const database = testDatabase(kind)

  it('a notice has an id that none had before', async () => {
    const receiver = await openReceiver()
    try {
      const world = await World.create(database, { config: TELLING })
      await endpointAt(world, receiver.url, { audience: 'operators', name: 'night shift' })
      const stop = async (reason: string) => {
        await world.operate('/admin/stop', { reason, message: 'Back soon.' }).expect(200)
        await world.app.telling().sweep()
        await outbox(world).run()
        await world.operate('/admin/stop/lift', { reason: 'over' }).expect(200)
      }
      await stop('a drill')
      await database.transaction((tx) =>
        tx.script(`
          truncate bank_withdrawal.notices restart identity cascade;
          delete from bank_withdrawal.deliveries`),
      )
      await world.clock.advance(60_000)
      await stop('a fire')
      const opened = receiver.received.filter(({ type }) => type === 'notice.opened')
      expect(opened.map(({ data }) => data.id)).toEqual(['1', '1'])
      expect(new Set(opened.map(({ id }) => id)).size).toBe(2)
    } finally {
      receiver.close()
    }
  })
})

describe('What is told of a withdrawal', () => {
  const entry: ToldEntry = {
    ...{ withdrawalId: 'w1', seq: 4, at: new Date('2026-01-05T09:00:00.000Z'), reasonCode: null },
    ...{ from: 'ready', to: 'submitting', userId: '1', currency: 'eur', amount: '10', fee: '0' },
    ...{ payoutAmount: '10', method: 'BANK', destinationMasked: 'DE89…3000', provider: 'sandbox' },
    createdAt: new Date('2026-01-05T09:00:00.000Z'),
  }
  const told = (...entries: ToldEntry[]) =>
    deliveriesOf(entries, [{ id: 'e1', kinds: [] as readonly string[] } as Endpoint])

  it('has the same id each time that it is made, and another one where its number is used again', () => {
    const later = new Date('2026-01-06T09:00:00.000Z')
    const [once, twice, after] = told(
      entry,
      { ...entry },
      { ...entry, to: 'releasing' },
      {
        ...{ ...entry, from: 'releasing', to: 'canceled', at: later },
      },
    )
    expect(twice?.eventId).toBe(once?.eventId)
    expect(after).toMatchObject({ kind: 'withdrawal.canceled' })
    expect(after?.eventId).not.toBe(once?.eventId)
    expect(once?.eventId).toMatch(/^[A-Za-z0-9_-]{1,128}$/)
  })

  it('says of one that an operator has taken into the books again that a person has to decide', () => {
    expect(told({ ...entry, from: null, to: 'conflict', seq: 1, reasonCode: 'row_lost' })).toMatchObject([
      { kind: 'withdrawal.needs_person' },
    ])
    expect(told({ ...entry, from: null, to: 'requested', seq: 1 })).toMatchObject([
      { kind: 'withdrawal.created' },
    ])
  })
})
