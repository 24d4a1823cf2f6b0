import { randomBytes, randomUUID } from 'node:crypto'

import pg from 'pg'
import request from 'supertest'

import { openServer } from '../../../src/db/connect/pool'
import { createStore } from '../../../src/db/store'
import { verifyDatabase } from '../../../src/db/verify'
import { createSandboxBank } from '../../../src/providers/sandbox/bank'
import { systemClock } from '../../../src/runtime/clock'
import { silentLogger } from '../../helpers/loggers'
import { until } from '../../helpers/until'
import { FakeNetwork } from '../fake-network'
import { type KitProcess, startKit } from './kit-process'
import { BASE, bearer, script, untilReady } from './rig'

/**
 * Goal: a kit ends and starts the plugin's thread at will, without a word, and sometimes runs two; nothing is lost
 * and nothing is paid twice. Method: real threads on a real PostgreSQL, terminated in the middle of what they do.
 */
const META = {
  providers: 'sandbox',
  lease_seconds: 10,
  exchange_timeout_ms: 2_000,
  quiet_seconds: 1,
  max_open_withdrawals: 0,
}

let network: FakeNetwork
let databaseUrl: string
const kits: KitProcess[] = []
const run = async (url: string, statement: string) => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<Record<string, unknown>>(statement)
  await client.end()
  return rows
}
const server = () => String(process.env.TEST_POSTGRES)
const createDatabase = () => run(server(), `create database ${new URL(databaseUrl).pathname.slice(1)}`)

beforeEach(async () => {
  network = await FakeNetwork.listen()
  for (const networkId of [1001, 1002]) network.books.fund(networkId, 'eur', '1000')
  const url = new URL(server())
  url.pathname = `/t_${randomBytes(6).toString('hex')}`
  databaseUrl = url.href
})
afterEach(async () => {
  const crashes = kits.flatMap((kit) => kit.crashes)
  await Promise.all(kits.splice(0).map((kit) => kit.terminate()))
  await network.close()
  await run(server(), `drop database if exists ${new URL(databaseUrl).pathname.slice(1)} with (force)`)
  expect(crashes).toEqual([])
})

async function start(meta: unknown = META): Promise<KitProcess> {
  const kit = await startKit({ script: await script(), networkUrl: network.url, databaseUrl, meta })
  kits.push(kit)
  return kit
}

const withdraw = (url: string, key: string, userId = 1) =>
  request(url)
    .post(BASE)
    .set('Authorization', bearer(['user'], userId))
    .set('Idempotency-Key', key)
    .send({ amount: 10, bank_id: 'a1b2c3d4e5f60718', currency: 'eur' })

const rows = () => run(databaseUrl, 'select id, state, idempotency_key from bank_withdrawal.withdrawals')

it('two workers that load at once migrate an empty database together, and both serve', async () => {
  await createDatabase()
  const both = await Promise.all([start(), start()])
  await Promise.all(both.map(({ url }) => untilReady(url)))
  const answers = await Promise.all(both.map(({ url }, n) => withdraw(url, `key-${n}`).expect(200)))

  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(2)
  const [migrations] = await run(
    databaseUrl,
    'select count(*)::int as n, count(distinct number)::int as kinds from bank_withdrawal.migrations',
  )
  expect(migrations?.n).toBe(migrations?.kinds)

  // What a kit's plugin has made is what `npm run verify`, which comes from elsewhere, takes for whole.
  const database = openServer({ url: databaseUrl, logger: silentLogger })
  try {
    const results = await verifyDatabase(database, { stuckMinutes: 30, namedMax: 10 })
    expect(results.filter(({ count }) => count > 0)).toEqual([])
  } finally {
    await database.close()
  }
}, 120_000)

it('the plugin waits for a database that comes up later, and says so once per try', async () => {
  const { url, logs } = await start()
  const { body } = await withdraw(url, 'early').expect(503)
  expect(body).toMatchObject({ code: 'not_ready' })
  await until(() => logs.some(({ text }) => text.includes('plugin.not_started')))

  await createDatabase()
  await untilReady(url)
  await withdraw(url, 'later').expect(200)
}, 60_000)

/** Two people ask, so that neither has too many requests at once. */
const personOf = (key: string): number => 1 + (Number(/\d+$/.exec(key)?.[0]) % 2)
const withdrawAs = (url: string, key: string) => withdraw(url, key, personOf(key))

it('what a thread was doing when it was terminated is finished by the next one, once', async () => {
  await createDatabase()
  const keys = Array.from({ length: 12 }, (_, n) => `key-${n}`)
  let { url, terminate } = await start()
  await untilReady(url)
  // Three saves of settings while requests keep coming: each ends the thread wherever it is.
  for (let save = 0; save < 3; save++) {
    const burnsBefore = network.requestsTo('burn').length
    const asked = keys.slice(save * 4, save * 4 + 4).map((key) =>
      withdrawAs(url, key).then(
        () => undefined,
        () => undefined,
      ),
    )
    await until(() => network.requestsTo('burn').length > burnsBefore)
    await terminate()
    await Promise.all(asked)
    ;({ url, terminate } = await start())
    await untilReady(url)
  }
  // The clients ask again, as they do, and those who are to wait do so.
  for (const key of keys)
    await until(async () => {
      const { status, body } = await withdrawAs(url, key)
      return status === 200 && body.status === 'processed'
    })

  const stored = await rows()
  expect(stored.map(({ state }) => state)).toEqual(keys.map(() => 'processed'))
  expect(network.books.burns.filter(({ status }) => status)).toHaveLength(keys.length)
  for (const networkId of [1001, 1002])
    expect(network.books.balanceOf(networkId, 'eur')).toEqual({ available: 940, locked: 0 })
  expect(network.books.isConserved('eur')).toBe(true)
  const database = openServer({ url: databaseUrl, logger: silentLogger })
  const bank = createSandboxBank(createStore(database).providerDocuments('sandbox'), systemClock)
  expect(await bank.executions()).toHaveLength(keys.length)
  await database.close()
}, 120_000)

it('two workers alive at once pay each withdrawal once', async () => {
  await createDatabase()
  const [first, second] = await Promise.all([start(), start()])
  await Promise.all([untilReady(first.url), untilReady(second.url)])
  const keys = Array.from({ length: 10 }, (_, n) => `key-${n}`)
  await Promise.all(
    keys.flatMap((key) =>
      [first, second].map(({ url }) => until(async () => (await withdrawAs(url, key)).status === 200)),
    ),
  )
  await until(async () => (await rows()).every(({ state }) => state === 'processed'))

  expect(await rows()).toHaveLength(keys.length)
  expect(network.books.burns).toHaveLength(keys.length)
  for (const networkId of [1001, 1002])
    expect(network.books.balanceOf(networkId, 'eur')).toEqual({ available: 950, locked: 0 })
}, 60_000)

it('two workers pay what users ask for with the kit’s own form, once', async () => {
  await createDatabase()
  const meta = { ...META, adoption: { type: 'boolean', value: true }, adoption_seconds: '10' }
  const account = 'type: bank - bank_name: Musterbank - iban: DE89370400440532013000 - bic: COBADEFFXXX'
  const ask = () =>
    network.books.burn({
      ...{ user_id: 1001, currency: 'eur', amount: 10, status: false, email: true },
      ...{
        transaction_id: randomUUID(),
        address: 'a1b2c3d4e5f60718',
        description: `withdrawal to ${account}`,
      },
    })
  for (let n = 0; n < 3; n++) ask()
  const both = await Promise.all([start(meta), start(meta)])
  await Promise.all(both.map(({ url }) => untilReady(url)))
  await until(() => network.books.burns.every(({ status }) => status))

  expect(await rows()).toHaveLength(3)
  expect(network.books.burns).toHaveLength(3)
  expect(network.books.balanceOf(1001, 'eur')).toEqual({ available: 970, locked: 0 })
}, 60_000)
