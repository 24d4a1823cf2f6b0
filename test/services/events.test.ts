import type { ReceivedEvent } from '../../src/db/store'
import { createStore } from '../../src/db/store'
import { sandboxProvider } from '../../src/providers/sandbox'
import { createReceiveWebhook } from '../../src/services/events/webhooks'
import { DATABASE_KINDS, openTestDatabase } from '../helpers/databases'
import { silentLogger } from '../helpers/loggers'
import { TestClock } from '../helpers/test-clock'

const NUL = '\u0000'

describe.each(DATABASE_KINDS)('A genuine event, on %s', (kind) => {
  it.each([
    ['its id', { id: `evt${NUL}1` }],
    ['half a character in its id', { id: 'evt\ud8001' }],
    ['its type', { type: `payout.${NUL}` }],
    ['what it names', { payouts: [{ key: `BW-${NUL}` }, { reference: '\udc00' }, { key: 'BW-unknown' }] }],
  ])('is taken, and known the second time, with a NUL in %s', async (_where, changes) => {
    const database = await openTestDatabase(kind)
    const stored: ReceivedEvent[] = []
    const store = createStore(database)
    const sandbox = sandboxProvider()
    const event = { id: 'evt-1', type: 'payout.settled', payouts: [], ...changes }
    const receive = createReceiveWebhook({
      store: {
        receiveEvent: (given) => {
          stored.push(given)
          return store.receiveEvent(given)
        },
      },
      providerNamed: () => ({
        ...sandbox,
        webhook: { verify: () => Promise.resolve('genuine' as const), parse: () => event },
      }),
      secret: '',
      clock: new TestClock(database),
      logger: silentLogger,
    })
    const request = { headers: {}, rawBody: null, body: {} }

    expect(await receive('sandbox', request, null)).toBe('received')
    expect(await receive('sandbox', request, null)).toBe('known')
    expect(stored[0]?.payouts.every(({ key }) => key === undefined || key === 'BW-unknown')).toBe(true)
    await database.close()
  })
})
