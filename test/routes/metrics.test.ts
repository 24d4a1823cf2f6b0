import express from 'express'
import request from 'supertest'

import { createBooksStore } from '../../src/db/books'
import { STUCK_AFTER_MS } from '../../src/domain/stuck'
import { errorHandler } from '../../src/routes/http'
import { metricsRoutes } from '../../src/routes/metrics'
import { DATABASE_KINDS, testDatabase } from '../helpers/databases'
import { silentLogger } from '../helpers/loggers'
import { endpointAt, openReceiver, outbox, TELLING } from '../helpers/receiver'
import { samplesOf, valueIn } from '../helpers/samples'
import { BASE, IBAN, World, type WorldOptions } from '../helpers/world'
import { DEFERRED, expectError, failingDatabase } from './support'

const TOKEN = 'collector-0123456789abcdef'
const HOUR_MS = 3_600_000

describe.each(DATABASE_KINDS)('GET /metrics, on %s', (kind) => {
  const database = testDatabase(kind)

  const worldWith = ({ config, ...options }: WorldOptions = {}) =>
    World.create(database, { ...options, config: { metricsToken: TOKEN, ...config } })
  const collect = async (world: World, token = TOKEN) => {
    const answer = await request(world.host())
      .get(`${BASE}/metrics`)
      .set('Authorization', `Bearer ${token}`)
      .expect(200)
    return { samples: samplesOf(answer.text), text: answer.text, type: answer.headers['content-type'] }
  }

  it('tells what has happened, and what stands now', async () => {
    const world = await worldWith()
    await world.withdrawn(10)
    const waiting = await world.withdrawn(DEFERRED)
    await world.get(`/${waiting.id}`).expect(200)
    await world.get('/0123456789abcdef').expect(404)
    await world.clock.advance(HOUR_MS)

    const { samples, type } = await collect(world)
    const value = (name: string, labels?: Record<string, string>) => valueIn(samples, name, labels)
    expect(type).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(value('http_requests_total', { route: '/', method: 'POST', status: '200' })).toBe(2)
    expect(value('http_requests_total', { route: '/:id', method: 'GET', status: '200' })).toBe(1)
    expect(value('http_requests_total', { route: '/:id', method: 'GET', status: '404' })).toBe(1)
    expect(value('http_request_seconds_count', { route: '/:id' })).toBe(2)
    expect(value('transitions_total', { from: 'settling', to: 'processed', currency: 'eur' })).toBe(1)
    expect(value('remote_calls_total', { party: 'exchange', call: 'place_hold', outcome: 'done' })).toBe(2)
    expect(value('remote_calls_total', { party: 'sandbox', outcome: 'settled' })).toBe(1)
    expect(value('remote_calls_total', { party: 'sandbox', outcome: 'deferred' })).toBe(1)
    expect(value('standing', { state: 'ready', currency: 'eur' })).toBe(1)
    expect(value('standing_amount', { state: 'ready', currency: 'eur' })).toBe(10.04)
    expect(value('standing', { state: 'processed', currency: 'eur' })).toBe(1)
    expect(value('oldest_seconds', { state: 'ready', currency: 'eur' })).toBe(3_600)
    expect(value('oldest_seconds', { state: 'processed' })).toBeUndefined()
    expect(value('age_limit_seconds', { state: 'ready' })).toBe(STUCK_AFTER_MS.ready / 1_000)
    expect(value('database_up')).toBe(1)
    expect(value('stopped')).toBe(0)
    expect(value('provider_paused', { provider: 'sandbox' })).toBe(0)
  })

  it('tells of batches, of what is paused, and of what asks for a person', async () => {
    const world = await worldWith({ config: { mode: 'batch' } })
    await world.withdrawn(10)
    await world.withdrawn(11)
    const held = await world.withdrawn(13)
    await world.operate(`/admin/withdrawals/${held.id}/hold`, { reason: 'look' }).expect(200)
    await world.engine.batches.run()
    await world.operate('/admin/providers/sandbox/pause', { reason: 'maintenance' }).expect(200)
    await world.withdrawn(12)
    await world.engine.batches.run()

    const { samples } = await collect(world)
    const group = { provider: 'sandbox', currency: 'eur' }
    expect(valueIn(samples, 'batches_total', { ...group, outcome: 'accepted' })).toBe(1)
    expect(valueIn(samples, 'batch_items_total', group)).toBe(2)
    expect(valueIn(samples, 'batch_groups_total', { ...group, result: 'sent' })).toBe(1)
    expect(valueIn(samples, 'batch_groups_total', { ...group, result: 'waiting' })).toBe(1)
    expect(valueIn(samples, 'provider_paused', { provider: 'sandbox' })).toBe(1)
    expect(valueIn(samples, 'questions_open', { state: 'in_review' })).toBe(1)
  })

  it('tells what became of messages, and how the books stand', async () => {
    const receiver = await openReceiver()
    const world = await worldWith({ config: TELLING })
    await endpointAt(world, receiver.url)
    const off = await endpointAt(world, receiver.url, { name: 'off' })
    await world.withdrawn(10)
    receiver.answers = ({ type }) => (type === 'withdrawal.created' ? 200 : 302)
    await outbox(world).run()
    await database.query(
      `update bank_withdrawal.deliveries set state = 'dead', due_at = null, ended_at = bank_withdrawal.clock()
        where endpoint_id = $1 and state = 'waiting' and kind = 'withdrawal.locked'`,
      [off.id],
    )
    const books = createBooksStore(database)
    const at = world.clock.now()
    for (const state of ['complete', 'incomplete'] as const) {
      await books.ask({ slot: null, since: new Date(0), until: at, askedBy: 'schedule', reason: 'r' })
      const run = await books.claim({ owner: 'o', seconds: 60 })
      if (run) await books.end(run, { place: run.place, state })
    }
    await world.clock.advance(HOUR_MS)

    const { samples } = await collect(world)
    const value = (name: string, labels?: Record<string, string>) => valueIn(samples, name, labels)
    const waiting = await database.query<{ n: number; isOff: boolean }>(
      `select count(*)::int as n, endpoint_id = $1 as "isOff" from bank_withdrawal.deliveries
        where state = 'waiting' group by 2 order by 2`,
      [off.id],
    )
    const sent = { audience: 'systems', way: 'webhook' }
    expect(value('deliveries_total', { ...sent, outcome: 'taken' })).toBe(2)
    expect(value('deliveries_total', { ...sent, outcome: 'redirected' })).toBe(2)
    expect(value('deliveries_waiting', { audience: 'systems' })).toBe(
      waiting.reduce((sum, { n }) => sum + n, 0),
    )
    expect(value('deliveries_oldest_seconds', { audience: 'systems' })).toBe(3_600)
    expect(value('deliveries_dead', { audience: 'systems' })).toBe(1)
    expect(value('deliveries_waiting', { audience: 'operators' })).toBeUndefined()
    expect(value('reconciliation_scheduled')).toBe(1)
    expect(value('reconciliation_completed_at_seconds')).toBe(Math.floor(at.getTime() / 1_000))
    expect(value('reconciliation_incomplete')).toBe(1)
    expect(value('proofs_open')).toBe(0)

    // Whoever is switched off keeps nobody waiting.
    await world
      .operate(`/admin/endpoints/${off.id}`, { version: 1, on: false, reason: 'moved away' })
      .expect(200)
    await world.clock.advance(HOUR_MS)
    const { samples: later } = await collect(world)
    expect(valueIn(later, 'deliveries_waiting', { audience: 'systems' })).toBe(waiting[0]?.n)
    receiver.close()
  })

  it('names nobody: no id, no account, no user', async () => {
    const world = await worldWith()
    const { id } = await world.withdrawn(10)
    await world.get(`/${id}`).expect(200)
    // The same route however it is spelled, and nothing of what was made up.
    await world.get(`/${id}/NO-SUCH-THING`)
    await request(world.host()).get(`${BASE.toUpperCase()}/ADMIN/Withdrawals/${id}`)
    const { text, samples } = await collect(world)
    for (const secret of [id, IBAN, 'Ada', 'NO-SUCH-THING', 'ADMIN', TOKEN])
      expect(text).not.toContain(secret)
    expect(valueIn(samples, 'http_requests_total', { route: 'none', status: '404' })).toBe(1)
  })

  it('asks the database once, however many collect', async () => {
    let reads = 0
    const world = await worldWith({
      around: {
        database: failingDatabase(/tally_standing union all/, () => {
          reads++
          return false
        }),
      },
    })
    await Promise.all(Array.from({ length: 8 }, () => collect(world)))
    await world.clock.advance(4_000)
    await collect(world)
    expect(reads).toBe(1)
    await world.clock.advance(4_000)
    await collect(world)
    expect(reads).toBe(2)
  })

  it('says what it knows while the database is down', async () => {
    let isDown = false
    const world = await worldWith({ around: { database: failingDatabase(/./, () => isDown) } })
    await world.withdrawn(DEFERRED)
    await collect(world)
    isDown = true
    await world.clock.advance(60_000)

    const { samples } = await collect(world)
    expect(valueIn(samples, 'database_up')).toBe(0)
    expect(valueIn(samples, 'snapshot_age_seconds')).toBe(60)
    expect(valueIn(samples, 'standing', { state: 'ready', currency: 'eur' })).toBe(1)
    expect(valueIn(samples, 'remote_calls_total', { party: 'exchange', call: 'place_hold' })).toBe(1)
    isDown = false
  })

  it('is for the collector and for operators alone', async () => {
    const world = await worldWith()
    const ask = (token?: string) => {
      const asked = request(world.host()).get(`${BASE}/metrics`)
      return token === undefined ? asked : asked.set('Authorization', `Bearer ${token}`)
    }
    expectError(await ask(), 'unauthorized')
    expectError(await ask(`${TOKEN}x`), 'unauthorized')
    expectError(await ask(world.token(1)), 'unauthorized')
    await ask(world.token(2, 'admin')).expect(200)
  })

  it('is for nobody without a token where a host serves it, not even on its own machine', async () => {
    const world = await World.create(database)
    expectError(await request(world.host()).get(`${BASE}/metrics`), 'unauthorized')
    expectError(
      await request(world.host()).get(`${BASE}/metrics`).set('Authorization', 'Bearer '),
      'unauthorized',
    )
    await world.see('/metrics').expect(200)
  })
})

describe('GET /metrics of a program that serves by itself', () => {
  const served = (token = '') => {
    const routes = metricsRoutes({
      read: () => Promise.resolve({ text: 'up 1', contentType: 'text/plain' }),
      token,
      trustsLoopback: true,
      isOperator: () => Promise.resolve(false),
    })
    return express().use(routes, errorHandler(silentLogger))
  }

  it('is for its own machine, as long as there is no token', async () => {
    await request(served()).get('/').expect(200, 'up 1')
    await request(served(TOKEN)).get('/').expect(401)
  })

  it.each(['localhost', 'LOCALHOST:8080', '127.0.0.1:8080', '[::1]:8080'])(
    'is for its own machine, asked as %s',
    (name) => request(served()).get('/').set('Host', name).expect(200),
  )

  it.each([
    'page.example:8080',
    '127.0.0.1.page.example',
    'localhost.page.example',
    '127.0.0.1@page.example',
  ])('is for no page of a stranger’s in a browser on that machine, which asks for %s', (name) =>
    request(served()).get('/').set('Host', name).expect(401),
  )

  it.each(['x-forwarded-for', 'x-real-ip', 'forwarded', 'via'])(
    'is for nobody whom a proxy on that machine lets in, which %s tells',
    (header) => request(served()).get('/').set(header, 'for=203.0.113.9').expect(401),
  )
})
