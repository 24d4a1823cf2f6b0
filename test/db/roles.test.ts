import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { promisify } from 'node:util'

import type { Database } from '../../src/db/connect/database'
import { migrate, MigrationsNeededError } from '../../src/db/connect/migrate'
import { openServer } from '../../src/db/connect/pool'
import { checkRights } from '../../src/db/connect/rights'
import { erasePersonal, readPersonal } from '../../src/db/personal'
import { createRetentionStore } from '../../src/db/retention'
import { createSettingsStore } from '../../src/db/settings-versions'
import { createTrailStore } from '../../src/db/trail'
import { verifyDatabase } from '../../src/db/verify'
import { rotateKeys } from '../../src/services/key-rotation'
import { createReportSeal } from '../../src/services/report-seal'
import { createRetentionRun } from '../../src/services/retention'
import { createDocumentSeals } from '../../src/services/sealed-documents'
import { createSecretReseal, createSettingSecrets } from '../../src/services/settings/secrets'
import { createHeadSigner, createTrailHeads } from '../../src/services/trail-heads'
import { createVault } from '../../src/services/vault'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { keyNamed, keyOf } from '../helpers/keys'
import { recordingLogger, silentLogger } from '../helpers/loggers'
import { World } from '../helpers/world'
import { createFreshDatabase } from './fresh-database'
import { openLimited } from './limited-role'

const ROOT = path.join(__dirname, '../..')
const run = promisify(execFile)
const DAY_MS = 86_400_000
const suffix = randomBytes(4).toString('hex')
const OWNER = `owner_${suffix}`
const APP = `app_${suffix}`

/** Goal: the program works with a role that can neither change the schema nor rewrite the past. Method: it runs under one. */
describe('a role that may only pay', () => {
  let admin: TestDatabase
  let limited: Database
  const logger = recordingLogger()

  beforeAll(async () => {
    admin = await openTestDatabase('PostgreSQL')
    limited = await openLimited(admin, APP, logger)
  })
  afterAll(async () => {
    await limited.close()
    await admin.transaction((tx) => tx.script(`drop owned by ${APP}`))
    await admin.query(`drop role ${APP}`)
    await admin.close()
  })

  /** The play exchange and the clock of the tests are not the program's own. */
  const openWorld = (config: Record<string, unknown>) =>
    World.create(admin, { config, logger, around: { database: () => limited } })

  it('is enough to pay, to give back, and for what users and operators see and do', async () => {
    const world = await openWorld({ encryptionKeys: keyNamed('k1') })
    const paid = await world.withdrawn(10)
    expect(paid.state).toBe('processed')
    const declined = await world.withdrawn('10.03')
    expect(declined.state).toBe('canceled')
    await world.operate('/admin/stop', { reason: 'a look', message: 'Later.' }).expect(200)
    await world.operate('/admin/stop/lift', { reason: 'fine' }).expect(200)
    await world.operate('/admin/providers/sandbox/pause', { reason: 'a look' }).expect(200)
    await world.see(`/admin/withdrawals/${paid.id}`).expect(200)
    await world.get('/?page=1').expect(200)
    await world.app.stop()
    const said = logger.lines.filter(({ level }) => level === 'error').map(({ event }) => event)
    // Of the tests' own server.
    expect(said).toEqual(['database.may_lose_commits'])
    expect(logger.lines.map(({ event }) => event)).not.toContain('database.too_many_rights')
  })

  it('is enough for batches, for coming back after a restart, and for a check of all of it', async () => {
    const world = await openWorld({ mode: 'batch' })
    const ids = [(await world.withdrawn(10)).id, (await world.withdrawn(11)).id]
    const canceled = await world.withdrawn(12)
    await world.post({}, { path: `/${canceled.id}/cancel` }).expect(200)
    await world.start()
    await world.runToRest()
    expect(await Promise.all(ids.map(async (id) => (await world.row(id)).state))).toEqual([
      'processed',
      'processed',
    ])
    expect((await world.row(canceled.id)).state).toBe('canceled')
    const results = await verifyDatabase(limited, { stuckMinutes: 30, namedMax: 3 })
    expect(results.filter(({ count }) => count > 0)).toEqual([])
    await world.clock.advance(DAY_MS)
    const signer = createHeadSigner([], Buffer.alloc(32, 5))
    if (!signer) throw new Error('There is no key.')
    expect(await createTrailHeads({ trail: createTrailStore(limited), signer, logger })()).toBe(1)
  })

  it('is enough for the commands that keep, give out, erase and seal what is stored', async () => {
    const world = await openWorld({ encryptionKeys: keyNamed('k1') })
    await world.withdrawn(10)
    const secrets = { store: createSettingsStore(limited), keys: [keyOf('k1')], random: world.random }
    await createSettingSecrets(secrets).keep('rest_secret', 'a-secret')
    const keys = [keyOf('k2'), keyOf('k1')]
    const rotated = await rotateKeys({
      ...{ database: limited, sealsReadable: false },
      documents: createDocumentSeals(keys, world.random),
      reports: createReportSeal(keys, world.random),
      resealed: createSecretReseal(keys, world.random),
      vault: createVault(keys, world.random),
    })
    expect(rotated).toMatchObject({ failed: [] })
    expect(rotated.resealed).toBeGreaterThan(0)
    expect((await readPersonal(limited, 1)).length).toBeGreaterThan(1)
    await admin.query('update bank_withdrawal.withdrawals set watch_at = null')
    await world.clock.advance(32 * DAY_MS)
    const erased = { userId: 1, olderThanDays: 30, actor: 'command:test', reason: 'asked' }
    expect(await erasePersonal(limited, erased)).toMatchObject({ withdrawals: 1, kept: 0 })
  })

  it('is enough to erase each night what has been kept for long enough', async () => {
    const world = await openWorld({})
    const { id, destinationHash, userId, payoutKey } = await world.withdrawn(10)
    const { store } = world.engine
    await store.quarantine({
      ...{ userId, destinationHash, withdrawalId: id, masked: '…', reasonCode: 'account_closed' },
    })
    const report = { provider: 'sepa', documentId: 'f'.repeat(64), name: 'r.xml', content: 'plain:x' }
    await store.keepBankReport({ ...report, handedInBy: 'operator:2', reason: 'r' })
    const event = { provider: 'sandbox', eventId: 'e', type: 'paid', isVerified: true }
    await store.receiveEvent({ ...event, payouts: [{ key: payoutKey }] })
    await admin.query('update bank_withdrawal.withdrawals set watch_at = null')
    await admin.query('update bank_withdrawal.quarantined_destinations set lifted_at = since')
    await world.clock.advance(31 * DAY_MS)
    const run = createRetentionRun({
      retention: createRetentionStore(limited),
      providers: [],
      keptDays: { details: 30, accounts: 30, reports: 30, events: 30, files: 30 },
      logger,
    })
    expect(await run()).toBe(4)
    expect(await store.findBankReport('sepa', report.documentId)).toMatchObject({ content: 'erased' })
    await store.keepBankReport({ ...report, handedInBy: 'operator:3', reason: 'again' })
    expect(await store.findBankReport('sepa', report.documentId)).toMatchObject({
      ...{ content: 'plain:x', handedInBy: 'operator:2', reason: 'r' },
    })
  })

  it.each([
    ['change what is on record', `update bank_withdrawal.journal set actor = 'x'`],
    ['take it out', 'delete from bank_withdrawal.journal'],
    ['empty a table', 'truncate bank_withdrawal.workers'],
    ['change what operators did', `update bank_withdrawal.operator_actions set actor = 'x'`],
    ['change what was signed', `update bank_withdrawal.trail_heads set signature = ''`],
    ['delete withdrawals', 'delete from bank_withdrawal.withdrawals'],
    ['change what was proposed', `update bank_withdrawal.approvals set asked_by = 'x'`],
    ['change a policy that was in force', `update bank_withdrawal.policies set reason = 'x'`],
    ['say that it was migrated', `insert into bank_withdrawal.migrations values (99, 'x', now())`],
    ['switch off a guard', 'alter table bank_withdrawal.journal disable trigger all'],
    ['go around all of them', 'set session_replication_role = replica'],
    ['drop a table', 'drop table bank_withdrawal.journal'],
    ['make one', 'create table bank_withdrawal.mine (a int)'],
    [
      'change how hashes are made',
      `create or replace function bank_withdrawal.chain_entry() returns trigger language plpgsql as 'begin return new; end'`,
    ],
  ])('may not %s', async (_what, statement) => {
    await expect(limited.query(statement)).rejects.toMatchObject({ code: '42501' })
  })

  it('is said to be too much where it is more', async () => {
    const owner = recordingLogger()
    await checkRights(admin, owner)
    expect(owner.lines).toMatchObject([
      {
        level: 'warn',
        event: 'database.too_many_rights',
        fields: { rights: ['superuser', 'change_schema', 'rewrite_trail'] },
      },
    ])
    const enough = recordingLogger()
    await checkRights(limited, enough)
    expect(enough.lines).toEqual([])
  })

  it('is told in words that somebody else has to migrate first', async () => {
    await admin.query(
      'insert into bank_withdrawal.migrations (number, name, applied_at) values (0, $1, now())',
      ['x'],
    )
    await admin.query('delete from bank_withdrawal.migrations where number = 1')
    try {
      await admin.query('delete from bank_withdrawal.migrations where number = 0')
      await expect(migrate(limited)).rejects.toThrow(MigrationsNeededError)
      await expect(migrate(limited)).rejects.toThrow(/needs the migrations 1, .*npm run migrate/)
    } finally {
      await admin.query(`insert into bank_withdrawal.migrations values (1, 'withdrawals', now())`)
    }
  })
})

it('is set up by one command, run by the role that owns the schema', async () => {
  const fresh = await createFreshDatabase()
  const url = new URL(fresh.url)
  const [app, owner] = [`${APP}_2`, `${OWNER}_2`]
  try {
    await fresh.asAdmin(`create role ${owner} login`)
    await fresh.asAdmin(`create role ${app} login`)
    await fresh.asAdmin(`grant create on database ${url.pathname.slice(1)} to ${owner}`)
    url.username = owner
    const command = ['--import', 'tsx', 'scripts/migrate.ts', '--database-url', url.href, '--app-role', app]
    await run(process.execPath, command, { cwd: ROOT })
    // Twice is once.
    const { stdout } = await run(process.execPath, [...command, '--journal-by-month'], { cwd: ROOT })
    expect(stdout).toContain('The journal by month: cut.')
    expect(stdout).toContain(`${app} may do what the program does`)
    const logger = recordingLogger()
    for (const role of [owner, app]) {
      url.username = role
      const database = openServer({ url: url.href, logger: silentLogger })
      await migrate(database)
      await checkRights(database, logger)
      await database.close()
    }
    expect(logger.lines.map(({ fields }) => fields.rights)).toEqual([['change_schema', 'rewrite_trail']])
  } finally {
    await fresh.drop()
    await fresh.asAdmin(`drop role ${owner}`)
    await fresh.asAdmin(`drop role ${app}`)
  }
}, 60_000)
