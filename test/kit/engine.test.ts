import type { State } from '../../src/domain/states'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { type EngineRig, expectGivenBack, expectPaid, openEngineRig } from './engine-rig'
import type { Endpoint, Fault } from './fake-network'

/**
 * Goal: with a wallet that behaves as badly as the real one may, a withdrawal still ends with one burn, in the right
 * state, and no money is made or lost. Method: the whole plugin runs on a fake kit; each wallet call in turn fails in
 * each way, with and without its effect.
 */
const SETTLED: readonly State[] = ['requested', 'ready', 'submitting', 'settling', 'processed']
const RELEASED: readonly State[] = ['requested', 'ready', 'submitting', 'in_doubt', 'releasing', 'canceled']

let database: TestDatabase
let rig: EngineRig
beforeAll(async () => {
  database = await openTestDatabase('PostgreSQL')
})
afterAll(() => database.close())
beforeEach(async () => {
  rig = await openEngineRig(database)
})
afterEach(() => rig.close())

describe('on a wallet that works, a withdrawal', () => {
  it('that is paid settles its burn under the bank’s id, and asks the wallet for three things', async () => {
    const id = await rig.withdrawToRest('10.5')

    await expectPaid(rig, id, '10.5')
    expect((await rig.world.journal(id)).map(({ to }) => to)).toEqual(SETTLED)
    expect(rig.books.burns).toMatchObject([{ transaction_id: (await rig.world.row(id)).settledBurnId }])
    expect(
      rig.network.requests.filter(({ endpoint }) => endpoint === 'burn' || endpoint === 'update'),
    ).toHaveLength(3)
  })

  it('that is declined gives the balance back', async () => {
    const id = await rig.withdrawToRest('10.03')

    await expectGivenBack(rig, id)
    expect((await rig.world.journal(id)).map(({ to }) => to)).toEqual(RELEASED)
  })

  it('is never written to the wallet as a final burn, nor with an account number', async () => {
    await rig.withdrawToRest('10.5')

    expect(rig.network.lastBody('burn')).toMatchObject({ status: false })
    for (const { rawBody, url } of rig.network.requests) expect(`${url}${rawBody}`).not.toMatch(/DE\d{20}/)
  })

  it('that the kit refuses is refused in the kit’s words, and the wallet is not asked', async () => {
    rig.kit.state.forcesOtp = true

    const { body } = await rig.world.withdraw('10').expect(400)

    expect(body).toMatchObject({
      code: 'withdrawal_refused',
      message: 'Two-factor authentication (OTP) must be enabled to withdraw',
    })
    expect(rig.network.requestsTo('burn')).toHaveLength(0)
  })

  it('of more than there is is refused with the words clients know', async () => {
    const { body } = await rig.world.withdraw('1000.01').expect(400)

    expect(body).toMatchObject({ message: 'Provided amount is larger than current wallet balance' })
    expect(rig.network.requestsTo('burn')).toHaveLength(0)
  })
})

const HTML = '<html><body>502 Bad Gateway</body></html>'
const WAYS: Readonly<Record<string, Fault>> = {
  'times out, and nothing has happened': { effect: 'none', reply: 'hang' },
  'times out after it took effect': { effect: 'done', reply: 'hang' },
  'is answered with HTML, and nothing has happened': { effect: 'none', reply: { status: 200, body: HTML } },
  'is answered with HTML after it took effect': { effect: 'done', reply: { status: 200, body: HTML } },
  'is answered with 502, and nothing has happened': { effect: 'none', reply: { status: 502, body: HTML } },
  'is answered with 502 after it took effect': { effect: 'done', reply: { status: 502, body: HTML } },
  'is reset, and nothing has happened': { effect: 'none', reply: 'reset' },
  'is reset after it took effect': { effect: 'done', reply: 'reset' },
  'breaks off after it took effect': { effect: 'done', reply: 'cut' },
}

describe.each(Object.keys(WAYS))('a wallet call that %s', (way) => {
  const fail = (endpoint: Endpoint, earlier = 0) => {
    const fine = Array.from({ length: earlier }, () => null)
    const fault = WAYS[way]
    if (fault) rig.network.failNext(endpoint, ...fine, fault)
  }

  it('costs nothing when it is the lock', async () => {
    fail('burn')

    await expectPaid(rig, await rig.withdrawToRest('10.5'), '10.5')
  })

  it('costs nothing when it is the lock of a withdrawal that is declined', async () => {
    fail('burn')

    await expectGivenBack(rig, await rig.withdrawToRest('10.03'))
  })

  it('costs nothing when it marks the burn', async () => {
    fail('update')

    await expectPaid(rig, await rig.withdrawToRest('10.5'), '10.5')
  })

  it('costs nothing when it settles the burn', async () => {
    fail('update', 1)

    await expectPaid(rig, await rig.withdrawToRest('10.5'), '10.5')
  })

  it('costs nothing when it rejects the burn', async () => {
    fail('update', 1)

    await expectGivenBack(rig, await rig.withdrawToRest('10.03'))
  })

  it('costs nothing when every call does it once, the look-ups included', async () => {
    for (const endpoint of ['burn', 'update', 'withdrawals'] as const) fail(endpoint)
    // The look after the lost answer to the mark shows it: it is not made twice.
    fail('update')

    await expectPaid(rig, await rig.withdrawToRest('10.5'), '10.5')
  })
})
