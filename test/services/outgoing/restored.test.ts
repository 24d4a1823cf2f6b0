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
