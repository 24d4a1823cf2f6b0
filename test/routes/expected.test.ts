import { testDatabase } from '../helpers/databases'
import { World } from '../helpers/world'
import { DEFERRED } from './support'

/**
 * Goal: a user is told when the money comes, not when it would come if it left now. Method: batches leave at three in
 * the morning of Brussels, the clock stands at noon of some winter day.
 */
const NOON = new Date('2026-01-05T12:00:00Z')
const THREE = new Date('2026-01-06T02:00:00Z')
/** What the sandbox bank takes. */
const BANK_MS = 2_000

describe('When the money is expected', () => {
  const database = testDatabase('PostgreSQL')

  const world = async (config: Record<string, unknown>) => {
    const made = await World.create(database, {
      config: { schedule: '0 3 * * *', scheduleTimezone: 'Europe/Brussels', ...config },
    })
    await made.clock.advanceTo(NOON)
    return made
  }
  const etaOf = async (at: World, id: string) =>
    ((await at.get(`/${id}`).expect(200)) as { body: { eta?: string } }).body.eta
  const secondsAtOptions = async (at: World) => {
    const { body } = (await at.get('/options').expect(200)) as {
      body: { methods: { expected_seconds: number }[] }[]
    }
    return body.flatMap(({ methods }) => methods.map(({ expected_seconds }) => expected_seconds))
  }

  it('is after the next run of the batches, before and after the request', async () => {
    const at = await world({ mode: 'batch' })
    const { body } = await at.withdraw(10).expect(200)

    expect(body.eta).toBe(new Date(THREE.getTime() + BANK_MS).toISOString())
    expect(await etaOf(at, body.id)).toBe(body.eta)
    for (const seconds of await secondsAtOptions(at))
      expect(seconds).toBe((THREE.getTime() - NOON.getTime() + BANK_MS) / 1_000)
  })

  it('is the run after it, once this one has been missed', async () => {
    const at = await world({ mode: 'batch' })
    const { id } = await at.withdrawn(10)
    await at.clock.advanceTo(new Date(THREE.getTime() + 60_000))

    expect(await etaOf(at, id)).toBe(new Date(THREE.getTime() + 24 * 3_600_000 + BANK_MS).toISOString())
  })

  it('is in a moment where each payout leaves at once, whatever the schedule', async () => {
    const at = await world({ mode: 'immediate' })
    const { body } = await at.withdraw(10.13).expect(200)

    expect(body.status).toBe('pending')
    expect(Date.parse(body.eta) - NOON.getTime()).toBeLessThan(3_600_000)
    for (const seconds of await secondsAtOptions(at)) expect(seconds).toBe(BANK_MS / 1_000)
  })

  it('is not said while it waits for the exchange’s money at the bank', async () => {
    const at = await world({ mode: 'immediate' })
    const { body } = await at.withdraw(DEFERRED).expect(200)
    expect(body).toMatchObject({ reason_code: 'insufficient_float', stage: 'queued' })
    expect(body.eta).toBeUndefined()
  })

  it.each([
    ...['insufficient_float', 'stopped', 'provider_paused', 'provider_unavailable'],
    ...['exchange_unavailable', 'held_by_exchange', 'unresolved', 'vanished'],
  ])('is not said while it waits for others: %s', async (reason) => {
    const at = await world({ mode: 'batch' })
    const { body } = await at.withdraw(10).expect(200)
    expect(body.eta).toBeDefined()
    await database.query('update bank_withdrawal.withdrawals set reason_code = $2 where id = $1', [
      ...[body.id, reason],
    ])
    expect(await etaOf(at, body.id)).toBeUndefined()
  })

  it('is not said while a person decides', async () => {
    const at = await world({ mode: 'batch' })
    const { id } = await at.withdrawn(10)
    await database.query(
      "update bank_withdrawal.withdrawals set state = 'in_review', next_run_at = null where id = $1",
      [id],
    )

    expect(await etaOf(at, id)).toBeUndefined()
  })

  it('is not said of what has come', async () => {
    const at = await world({ mode: 'immediate' })
    const { id } = await at.withdrawn(10)

    expect(await etaOf(at, id)).toBeUndefined()
  })
})
