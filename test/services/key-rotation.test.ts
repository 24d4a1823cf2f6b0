import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import path from 'node:path'

import type { Database } from '../../src/db/connect/database'
import { keysInUse } from '../../src/db/sealed-values'
import { createSettingsStore } from '../../src/db/settings-versions'
import { createStore } from '../../src/db/store'
import { ConfigError } from '../../src/errors'
import { systemRandomness } from '../../src/runtime/clock'
import { rotateKeys } from '../../src/services/key-rotation'
import { createReportSeal } from '../../src/services/report-seal'
import { createDocumentSeals, sealedDocuments } from '../../src/services/sealed-documents'
import { createSecretReseal, createSettingSecrets } from '../../src/services/settings/secrets'
import { createVault } from '../../src/services/vault'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../helpers/databases'
import { keyNamed, keyOf } from '../helpers/keys'
import { World } from '../helpers/world'

/**
 * Goal: keys come and go, and nobody is forgotten by it. Method: withdrawals that wait for a batch are stored with one
 * key, and the world starts again with others.
 */
const DESTINATION = { method: 'BANK', iban: 'DE89370400440532013000' } as const
const keys = (...ids: readonly string[]) => ids.map(keyNamed).join(',')
const hashKey = Buffer.from(keyOf('a').secret).toString('base64')
const vaultOf = (...ids: readonly string[]) =>
  createVault(ids.map(keyOf), systemRandomness, keyOf('a').secret)

const reportsOf = (...ids: readonly string[]) => createReportSeal(ids.map(keyOf), systemRandomness)
const resealedBy = (...ids: readonly string[]) => createSecretReseal(ids.map(keyOf), systemRandomness)
const documentsOf = (...ids: readonly string[]) => createDocumentSeals(ids.map(keyOf), systemRandomness)

describe.each(DATABASE_KINDS)('keys on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  /** Three that wait for a batch, sealed with the key `a`, or readable. */
  async function waiting(encryptionKeys = keys('a')) {
    const config = { mode: 'batch', encryptionKeys }
    const world = await World.create(database, { config })
    for (const amount of [10, 11, 12]) await world.withdrawn(amount)
    await world.app.stop()
    const restart = (changed: Record<string, unknown>) => {
      Object.assign(config, changed)
      return world.start()
    }
    return { world, restart }
  }
  const rotate = (...ids: readonly string[]) =>
    rotateKeys({
      database,
      vault: vaultOf(...ids),
      documents: documentsOf(...ids),
      reports: reportsOf(...ids),
      resealed: resealedBy(...ids),
      sealsReadable: false,
    })

  it('take over the secrets among the settings, which name the same ones as before', async () => {
    await World.create(database)
    const store = createSettingsStore(database)
    const secretsOf = (...ids: readonly string[]) =>
      createSettingSecrets({ store, keys: ids.map(keyOf), random: systemRandomness })
    const given = { acme_secret: { secret: await secretsOf('a').keep('acme_secret', 'right-secret') } }
    expect(await rotate('b', 'a')).toEqual({ seen: 1, resealed: 1, failed: [] })
    expect(await keysInUse(database)).toEqual([{ keyId: 'b', count: 1 }])

    const opened = await secretsOf('b').open(given)
    expect(opened).toEqual({ values: { acme_secret: 'right-secret' }, lost: [] })
    expect(await secretsOf('c').open(given)).toEqual({ values: {}, lost: ['acme_secret'] })
    // Nobody makes one setting's secret another's.
    expect(await secretsOf('b').open({ rest_secret: given.acme_secret })).toMatchObject({ values: {} })
    expect((await rotate('c')).failed).toEqual(['the secret acme_secret of the settings'])
  })

  it('are put in front, take over all values, and let the old one go: all are paid, no account is forgotten', async () => {
    const { world, restart } = await waiting()
    const { destinationHash, userId } = await world.row(String((await world.rows())[0]?.id))
    await createStore(database).quarantine({
      ...{ userId, destinationHash, masked: '…', reasonCode: 'account_closed' },
      withdrawalId: String((await world.rows())[0]?.id),
    })
    expect(await rotate('b', 'a')).toEqual({ seen: 3, resealed: 3, failed: [] })
    expect(await rotate('b', 'a')).toEqual({ seen: 3, resealed: 0, failed: [] })
    expect(await keysInUse(database)).toEqual([{ keyId: 'b', count: 3 }])

    await restart({ encryptionKeys: keys('b'), hashKey })
    const refused = await world.withdraw(5)
    expect(refused.body).toMatchObject({ code: 'destination_quarantined' })
    await world.runToRest()
    expect((await world.rows()).map(({ state }) => state)).toEqual(Array(3).fill('processed'))
  })

  it('take over the reports of banks, too, which stay readable byte for byte', async () => {
    await database.reset()
    const store = createStore(database)
    const bytes = Buffer.from('<Document>DE89370400440532013000</Document>')
    const report = { provider: 'sepa', documentId: createHash('sha256').update(bytes).digest('hex') }
    const content = await reportsOf('a').seal(report, bytes)
    const said = { name: 'r.xml', content, handedInBy: 'operator:2', reason: 'r' }
    await store.keepBankReport({ ...report, ...said })
    await store.keepBankReport({ ...report, ...said, documentId: 'f'.repeat(64) })

    const failed = [`sepa ${'f'.repeat(64)}`]
    expect(await rotate('b', 'a')).toEqual({ seen: 2, resealed: 1, failed })
    expect(await keysInUse(database)).toEqual([
      { keyId: 'a', count: 1 },
      { keyId: 'b', count: 1 },
    ])
    expect(await rotate('b', 'a')).toEqual({ seen: 2, resealed: 0, failed })
    const kept = await store.findBankReport('sepa', report.documentId)
    expect(Buffer.from(await reportsOf('b').open(report, String(kept?.content)))).toEqual(bytes)
  })

  it('keep the program from starting where one that is needed is missing, by its name', async () => {
    const { restart, world } = await waiting()
    const start = restart({ encryptionKeys: keys('b'), hashKey })
    await expect(start).rejects.toThrow(ConfigError)
    await expect(start).rejects.toThrow('encryptionKeys must still have the key a: 3 withdrawals')
    await restart({ encryptionKeys: keys('b', 'a') })
    await world.runToRest()
    expect((await world.rows()).map(({ state }) => state)).toEqual(Array(3).fill('processed'))
  })

  it('keep the program from starting with a hash key that would recognise nobody', async () => {
    const { restart } = await waiting()
    await rotate('b', 'a')
    await expect(restart({ encryptionKeys: keys('b') })).rejects.toThrow('hashKey must be the key')
    const other = Buffer.from(keyOf('c').secret).toString('base64')
    await expect(restart({ encryptionKeys: keys('b'), hashKey: other })).rejects.toThrow('hashKey')
    await restart({ encryptionKeys: keys('b'), hashKey })
  })

  it('that one instance has before the others leave what it has sealed waiting there, and put nobody to a question', async () => {
    const { world, restart } = await waiting()
    await restart({})
    await rotate('b', 'a')
    await world.runToRest(60_000)
    expect((await world.rows()).map(({ state }) => state)).toEqual(['ready', 'ready', 'ready'])
    expect(await world.asked()).toEqual([])
    await restart({ encryptionKeys: keys('b', 'a') })
    await world.runToRest()
    expect((await world.rows()).map(({ state }) => state)).toEqual(['processed', 'processed', 'processed'])
  })

  it('that nobody brings for a quarter of an hour are asked about', async () => {
    const { world, restart } = await waiting()
    await restart({})
    await rotate('b', 'a')
    await world.clock.advance(16 * 60_000)
    await world.runToRest(60_000)
    expect(new Set((await world.rows()).map(({ state }) => state))).toEqual(new Set(['in_review']))
  })

  it('leave a row that was changed as provably changed as it was, and name what does not open', async () => {
    const { world, restart } = await waiting()
    const [changed, damaged] = (await world.rows()).map(({ id }) => id)
    await database.query(`update bank_withdrawal.withdrawals set payout_amount = 6000 where id = $1`, [
      changed,
    ])
    await database.query(
      `update bank_withdrawal.withdrawals set destination = left(destination, -1) where id = $1`,
      [damaged],
    )
    expect(await rotate('b', 'a')).toEqual({ seen: 3, resealed: 2, failed: [damaged] })
    expect(await keysInUse(database)).toEqual([
      { keyId: 'a', count: 1 },
      { keyId: 'b', count: 2 },
    ])
    await restart({ encryptionKeys: keys('b', 'a') })
    await world.runToRest()
    expect((await world.row(String(changed))).reasonCode).toBe('row_changed')
    expect((await world.row(String(damaged))).reasonCode).toBe('destination_unreadable')
  })

  it('overwrite nothing that the program has sealed meanwhile', async () => {
    const { world } = await waiting()
    const id = String((await world.rows())[0]?.id)
    const row = await world.row(id)
    const other = { ...DESTINATION, iban: 'BE71096123456769' }
    const newer = vaultOf('a').seal(row, other)
    await rotateKeys({
      database: {
        ...database,
        async query(text, parameters) {
          const rows = await database.query<never>(text, parameters)
          if (text.includes('order by id limit'))
            await database.query('update bank_withdrawal.withdrawals set destination = $2 where id = $1', [
              id,
              newer,
            ])
          return rows
        },
      },
      vault: vaultOf('b', 'a'),
      documents: documentsOf('b', 'a'),
      reports: reportsOf('b', 'a'),
      resealed: resealedBy('b', 'a'),
      sealsReadable: false,
    })
    expect(vaultOf('b', 'a').open(id, (await world.row(id)).destination)).toEqual(other)
  })

  it('seal what providers keep, which is bound to its place, and move with it', async () => {
    await waiting()
    const stored = createStore(database).providerDocuments('sepa')
    const secret = 'DE89370400440532013000 Ada Canary'
    const before = sealedDocuments('sepa', stored, documentsOf('a'))
    await before.create('order/1', { iban: secret })
    await stored.create('order/2', { iban: secret })
    await before.create('order/3', 'x')
    expect(await before.list('order/')).toMatchObject([
      { value: { iban: secret } },
      { value: { iban: secret } },
      {},
    ])
    expect(await rotate('b', 'a')).toMatchObject({ failed: [] })

    const raw = await database.query<{ all: string }>(
      'select string_agg(value::text, null) as all from bank_withdrawal.provider_documents',
    )
    for (const part of ['DE89', 'Canary', 'iban']) expect(raw[0]?.all).not.toContain(part)
    const after = sealedDocuments('sepa', stored, documentsOf('b'))
    expect(await after.read('order/1')).toEqual({ value: { iban: secret }, version: 1 })
    expect(await after.read('order/2')).toEqual({ value: { iban: secret }, version: 1 })
    expect(await after.replace('order/1', { iban: 'another' }, 1)).toBe(true)
    expect(await after.read('order/1')).toEqual({ value: { iban: 'another' }, version: 2 })

    await database.query(`update bank_withdrawal.provider_documents d set value = o.value
      from bank_withdrawal.provider_documents o where d.id = 'order/3' and o.id = 'order/2'`)
    await expect(after.read('order/3')).rejects.toThrow('damaged')
    await expect(before.read('order/2')).rejects.toThrow('a key we do not have: b')
  })

  it('go on after a kill where they were left, and bind what an earlier version has sealed', async () => {
    const { world } = await waiting()
    let pages = 0
    const killed = rotateKeys({
      database: {
        ...database,
        query: (text, parameters) =>
          text.includes('jsonb_to_recordset') && ++pages > 0
            ? Promise.reject(new Error('killed'))
            : database.query(text, parameters),
      },
      vault: vaultOf('b', 'a'),
      documents: documentsOf('b', 'a'),
      reports: reportsOf('b', 'a'),
      resealed: resealedBy('b', 'a'),
      sealsReadable: false,
    })
    await expect(killed).rejects.toThrow('killed')
    expect(await rotate('b', 'a')).toMatchObject({ resealed: 3 })
    const row = await world.row(String((await world.rows())[0]?.id))
    expect(vaultOf('b').judge(row)).toEqual({ kind: 'intact' })
  })

  it('take in what was stored before there were any only when told to, and keep its quarantine', async () => {
    const { world, restart } = await waiting('')
    const id = String((await world.rows())[0]?.id)
    const { destinationHash, userId } = await world.row(id)
    const entry = {
      userId,
      destinationHash,
      masked: '…',
      reasonCode: 'account_closed',
      withdrawalId: id,
    } as const
    await createStore(database).quarantine(entry)
    expect(await rotate('a')).toEqual({ seen: 3, resealed: 0, failed: [] })
    await rotateKeys({
      database,
      vault: vaultOf('a'),
      documents: documentsOf('a'),
      reports: reportsOf('a'),
      resealed: resealedBy('a'),
      sealsReadable: true,
    })
    expect(await keysInUse(database)).toEqual([{ keyId: 'a', count: 3 }])

    await restart({ encryptionKeys: keys('a'), hashKey })
    expect((await world.withdraw(5)).body).toMatchObject({ code: 'destination_quarantined' })
    await world.runToRest()
    expect((await world.rows()).map(({ state }) => state)).toEqual(Array(3).fill('processed'))
  })

  it('seal what a withdrawal has become while they were at it', async () => {
    const { world } = await waiting('')
    const [first] = await world.rows()
    const id = String(first?.id)
    let pages = 0
    const meanwhile: Database = {
      ...database,
      async query(text, parameters, name) {
        const rows = await database.query(text, parameters, name)
        // Its bank has sent it back just after it was read.
        if (text.includes('where id > $1 order by id limit $2') && ++pages === 1)
          await database.query(
            'update bank_withdrawal.withdrawals set returned_amount = 9, version = version + 1 where id = $1',
            [id],
          )
        return rows as never
      },
    }
    const rotated = await rotateKeys({
      database: meanwhile,
      vault: vaultOf('a'),
      documents: documentsOf('a'),
      reports: reportsOf('a'),
      resealed: resealedBy('a'),
      sealsReadable: true,
    })

    expect(rotated).toEqual({ seen: 3, resealed: 3, failed: [] })
    expect(vaultOf('a').judge(await world.row(id))).toEqual({ kind: 'intact' })
  })
})

describe('npm run rotate-keys', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  const run = (args: readonly string[], encryptionKeys: string) =>
    new Promise<{ code: number; output: string }>((resolve) => {
      const script = path.join(__dirname, '../../scripts/rotate-keys.ts')
      const env = { ...process.env, NODE_OPTIONS: '', ENCRYPTION_KEYS: encryptionKeys, HASH_KEY: hashKey }
      const given = ['--import', 'tsx', script, '--database-url', String(database.url), ...args]
      execFile(process.execPath, given, { env }, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
      )
    })

  it('says how many values each key holds, and ends with 0 once only the newest does', async () => {
    const world = await World.create(database, { config: { mode: 'batch', encryptionKeys: keys('a') } })
    await world.withdrawn(10)

    const before = await run(['--status'], keys('b', 'a'))
    expect(before).toMatchObject({ code: 1, output: expect.stringContaining('key a: 1 values') })
    const after = await run([], keys('b', 'a'))
    expect(after).toMatchObject({ code: 0, output: expect.stringContaining('key b: 1 values') })
    expect(await run([], '')).toMatchObject({ code: 2 })
  })
})
