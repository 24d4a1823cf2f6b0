import express from 'express'
import request from 'supertest'

import type { WebhookRequest } from '../../src/ports/payment-provider'
import { type SandboxProvider, sandboxProvider } from '../../src/providers/sandbox'
import { between } from '../helpers/between'
import { DATABASE_KINDS, testDatabase } from '../helpers/databases'
import { BASE, World } from '../helpers/world'

/**
 * Goal: an event is a hint that is never lost, never counted twice and never believed. Method: the sandbox bank's
 * signed events, as they are and in every bent way, over HTTP.
 */
const SECRET = 'a-secret-path-of-some-length'

describe.each(DATABASE_KINDS)('a webhook, on %s', (kind) => {
  const database = testDatabase(kind)

  /** A withdrawal that the bank has accepted and settles two seconds later, and what the bank sends about it. */
  async function pending(config: Record<string, unknown> = {}) {
    const sandbox: SandboxProvider = sandboxProvider()
    const lookups: string[] = []
    const world = await World.create(database, {
      config,
      around: {
        provider: () => ({
          ...between({
            lookup: (call, _times, { key }) => {
              lookups.push(key)
              return call()
            },
          })(sandbox),
          webhook: sandbox.webhook,
        }),
      },
    })
    const { id } = await world.withdrawn('10.02')
    const deliveries = await sandbox.webhook.deliveries(`BW-${id}`)
    return { world, id, lookups, deliveries, settled: deliveries[1] as WebhookRequest }
  }

  const deliver = (host: express.Express, event: WebhookRequest, path = '/webhooks/sandbox') =>
    request(host)
      .post(`${BASE}${path}`)
      .set(event.headers as Record<string, string>)
      .set('Content-Type', 'application/json')
      .send(Buffer.from(event.rawBody ?? []).toString('utf8'))

  const events = () =>
    database.query<{ event_id: string; matched: number; is_verified: boolean }>(
      'select event_id, matched, is_verified from bank_withdrawal.webhook_events order by event_id',
    )

  it('has the payout looked up at once, and decides nothing by itself', async () => {
    const { world, id, lookups, settled } = await pending()
    await world.clock.advance(3_000)
    const resting = await world.row(id)
    await deliver(world.host(), settled).expect(200, { received: true })
    expect((await world.row(id)).state).toBe('submitted')
    expect((await world.row(id)).version).toBe(resting.version)

    await world.engine.runner.tick()
    expect(lookups).toEqual([`BW-${id}`])
    expect((await world.row(id)).state).toBe('processed')
  })

  it('that comes again is known, and wakes nobody', async () => {
    const { world, id, settled } = await pending()
    await deliver(world.host(), settled).expect(200)
    await world.engine.runner.tick()
    const before = (await world.row(id)).nextRunAt
    await deliver(world.host(), settled).expect(200)
    expect((await world.row(id)).nextRunAt).toEqual(before)
    expect(await events()).toHaveLength(1)
  })

  it('that says it is paid before it is, finds out that it is not', async () => {
    const { world, id, settled } = await pending()
    await deliver(world.host(), settled).expect(200)
    await world.engine.runner.tick()
    expect((await world.row(id)).state).toBe('submitted')
  })

  it('that arrives while a worker has the withdrawal is looked at as soon as the worker is done', async () => {
    const { world, id, settled } = await pending()
    const { store } = world.engine
    await world.clock.advance(60_000)
    const lease = { owner: 'other', seconds: 90 }
    const held = await store.claimOne(lease, id)
    await deliver(world.host(), settled).expect(200)
    await store.postpone({ id, version: held?.version ?? 0, leaseOwner: 'other' }, 900_000, undefined)
    await world.engine.runner.tick()
    expect((await world.row(id)).state).toBe('processed')
  })

  it('in the wrong order ends as in the right one', async () => {
    const { world, id, deliveries } = await pending()
    await world.clock.advance(3_000)
    for (const event of [...deliveries].reverse()) await deliver(world.host(), event).expect(200)
    await world.runToRest(60_000)
    expect((await world.row(id)).state).toBe('processed')
    expect(await events()).toHaveLength(2)
  })

  const bent: readonly [string, (event: WebhookRequest) => WebhookRequest][] = [
    [
      'without a signature',
      ({ headers, ...event }) => ({ ...event, headers: without(headers, 'webhook-signature') }),
    ],
    [
      'with another body',
      (event) => ({
        ...event,
        rawBody: Buffer.from(JSON.stringify({ type: 'payout.settled', data: { key: 'BW-1' } })),
      }),
    ],
    [
      'with a space more',
      (event) => ({ ...event, rawBody: Buffer.concat([Buffer.from(event.rawBody ?? []), Buffer.from(' ')]) }),
    ],
    [
      'of another time',
      ({ headers, ...event }) => ({ ...event, headers: { ...headers, 'webhook-timestamp': '1000000000' } }),
    ],
    [
      'with another id',
      ({ headers, ...event }) => ({ ...event, headers: { ...headers, 'webhook-id': 'evt_other' } }),
    ],
  ]
  it.each(bent)('%s is refused without saying why, and leaves nothing behind', async (_what, bend) => {
    const { world, settled } = await pending()
    const { body } = await deliver(world.host(), bend(settled)).expect(401)
    expect(body).toMatchObject({ code: 'unauthorized', message: 'This event is not accepted.' })
    expect(await events()).toEqual([])
  })

  it('about a payout that is not ours is taken in and wakes nobody', async () => {
    const { world, settled } = await pending()
    await world.database.query(
      "update bank_withdrawal.withdrawals set payout_key = 'BW-other', end_to_end_id = 'OTHER', provider_reference = null",
    )
    await deliver(world.host(), settled).expect(200)
    expect(await events()).toMatchObject([{ matched: 0 }])
  })

  it('to nobody is no address, and a megabyte is too large', async () => {
    const { world, settled } = await pending()
    await deliver(world.host(), settled, '/webhooks/nobody').expect(404)
    const large = { ...settled, rawBody: Buffer.alloc(1 << 20, 'x') }
    await deliver(world.host(), large).expect(413)
    expect(await events()).toEqual([])
  })

  describe('in a host that has parsed the body already', () => {
    const parsing = (world: World) => {
      const host = express()
      host.use(express.json())
      host.use(world.app.router)
      return host
    }

    it('counts on the secret path, as a hint', async () => {
      const { world, id, settled } = await pending({ webhookSecret: SECRET })
      await world.clock.advance(3_000)
      await deliver(parsing(world), settled, `/webhooks/sandbox/${SECRET}`).expect(200)
      await world.engine.runner.tick()
      expect((await world.row(id)).state).toBe('processed')
      expect(await events()).toMatchObject([{ is_verified: false, matched: 1 }])
    })

    it.each([
      ['without it', '/webhooks/sandbox'],
      ['on another', `/webhooks/sandbox/${SECRET}x`],
    ])('is refused %s', async (_what, path) => {
      const { world, settled } = await pending({ webhookSecret: SECRET })
      await deliver(parsing(world), settled, path).expect(401)
      expect(await events()).toEqual([])
    })

    it('is refused on any path where no secret is set', async () => {
      const { world, settled } = await pending()
      await deliver(parsing(world), settled, '/webhooks/sandbox/').expect(401)
      await deliver(parsing(world), settled, `/webhooks/sandbox/${SECRET}`).expect(401)
    })
  })
})

const without = (headers: WebhookRequest['headers'], name: string): WebhookRequest['headers'] =>
  Object.fromEntries(Object.entries(headers).filter(([header]) => header !== name))
