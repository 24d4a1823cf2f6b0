import { retentionJobs } from '../../src/app/retention-job'
import type { Transaction } from '../../src/db/connect/database'
import { createRetentionStore } from '../../src/db/retention'
import { keysInUse } from '../../src/db/sealed-values'
import type { StoredWithdrawal } from '../../src/db/store'
import { verifyDatabase } from '../../src/db/verify'
import { createRetentionRun, type Retention } from '../../src/services/retention'
import { parseConfig } from '../../src/settings/plugin'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../helpers/databases'
import { keyNamed } from '../helpers/keys'
import { recordingLogger, silentLogger } from '../helpers/loggers'
import { IBAN, World } from '../helpers/world'

const DAY_MS = 86_400_000
const FOR_GOOD: Retention = { details: 0, accounts: 0, reports: 0, events: 0, files: 0 }

/** Goal: what names people ends with the time set for it, and nothing that may still matter does. */
describe.each(DATABASE_KINDS)('What is kept for a time only, on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  const night = (keptDays: Partial<Retention>) =>
    createRetentionRun({
      retention: createRetentionStore(database),
      providers: [],
      keptDays: { ...FOR_GOOD, ...keptDays },
      logger: silentLogger,
    })()
  /** As after the years for which what ended is watched. */
  const atRest = () =>
    database.query('update bank_withdrawal.withdrawals set watch_at = null where next_run_at is null')
  const recorded = (world: World, action: string) =>
    world.engine.store.listOperatorActions({ subject: 'retention', action, limit: 100 })
  const findings = async (world: World) => {
    const { vault } = world.engine.stepDeps
    const judgeRow = (row: StoredWithdrawal) => (vault.judge(row).kind === 'intact' ? null : 'changed')
    const results = await verifyDatabase(database, { stuckMinutes: 30, namedMax: 10, judgeRow })
    return results.flatMap(({ name, findings: found }) => found.map(({ id }) => `${name} ${id}`))
  }

  it('is looked for without the time limits of what others wait for, and past their connections', async () => {
    const { upkeep } = database
    if (!upkeep) return
    const world = await World.create(database)
    await world.withdrawn(10)
    await atRest()
    await world.clock.advance(100 * DAY_MS)
    const limits: unknown[] = []
    const noting = async () => {
      const own = await upkeep()
      await own.query(`set statement_timeout = '9s'`)
      return {
        ...own,
        transaction: <Result>(work: (tx: Transaction) => Promise<Result>) =>
          own.transaction(async (tx) => {
            const result = await work(tx)
            limits.push(...(await tx.query('show statement_timeout')))
            return result
          }),
      }
    }
    const refusing = { query: () => Promise.reject(new Error('This ends after seconds.')) }
    const store = createRetentionStore({ ...database, upkeep: noting, studies: refusing, lists: refusing })
    expect(await store.find('details', 60, 10)).toHaveLength(1)
    expect(limits).toEqual([{ statement_timeout: '0' }])
  })

  it('details are gone after it, on record; sums, states and trail stay, and nothing is found amiss', async () => {
    const world = await World.create(database, { config: { encryptionKeys: keyNamed('k1') } })
    const old = await world.withdrawn(10)
    await world.clock.advance(50 * DAY_MS)
    const young = await world.withdrawn(11)
    await atRest()
    await world.clock.advance(50 * DAY_MS)
    const journal = await world.journal(old.id)

    const [before] = await keysInUse(database)
    expect(await night({})).toBe(0)
    expect(await night({ details: 101 })).toBe(0)
    expect(await recorded(world, 'retention.details')).toEqual([])
    expect(await night({ details: 60 })).toBe(1)
    expect(await night({ details: 60 })).toBe(0)

    expect(await world.row(old.id)).toMatchObject({
      ...{ destination: 'erased', destinationMasked: 'erased', destinationHash: 'erased' },
      ...{ idempotencyKey: null, amount: old.amount, state: 'processed', version: old.version },
    })
    expect(await world.journal(old.id)).toEqual(journal)
    expect((await world.get(`/${young.id}`)).body.iban).toBe(IBAN)
    expect(await recorded(world, 'retention.details')).toMatchObject([
      { actor: 'retention', detail: { erased: 1, olderThanDays: 60 } },
    ])
    expect(await findings(world)).toEqual([])
    // What holds nothing any more needs no key.
    expect(await keysInUse(database)).toEqual([{ keyId: 'k1', count: Number(before?.count) - 1 }])

    // Younger than what the record speaks of: somebody else has done that.
    await database.query(`update bank_withdrawal.withdrawals set destination = 'erased' where id = $1`, [
      young.id,
    ])
    expect(await findings(world)).toEqual([`rows_are_what_was_accepted ${young.id}`])
  })

  it('details stay for as long as they count for a limit of their month', async () => {
    const world = await World.create(database)
    await world.clock.advanceTo(new Date('2026-03-01T00:30:00Z'))
    await world.withdrawn(10)
    await atRest()
    await world.clock.advanceTo(new Date('2026-03-31T23:40:00Z'))
    expect(await night({ details: 30 })).toBe(0)
    await world.clock.advanceTo(new Date('2026-04-01T00:40:00Z'))
    expect(await night({ details: 30 })).toBe(1)
  })

  it('details stay while anything about the withdrawal may still change', async () => {
    const world = await World.create(database)
    const { id } = await world.withdrawn(10)
    await world.clock.advance(5_000 * DAY_MS)
    expect(await night({ details: 30 })).toBe(0)
    await atRest()

    const waits: readonly (readonly [string, string])[] = [
      [
        `insert into bank_withdrawal.differences (kind, withdrawal_id, opened_at) values ('stuck', $1, now())`,
        `update bank_withdrawal.differences set resolved_at = now() where withdrawal_id = $1`,
      ],
      [
        `insert into bank_withdrawal.approvals
           (action, subject_kind, subject, subject_version, needed, asked_by, reason, asked_at)
         values ('resolve', 'withdrawal', $1, 1, 1, 'operator:2', 'r', now())`,
        `update bank_withdrawal.approvals set closed_at = now(), closed_as = 'changed' where subject = $1`,
      ],
      [
        `insert into bank_withdrawal.retired_payouts
           (payout_key, withdrawal_id, provider, end_to_end_id, order_key, why, retired_at, watch_at, watch_until)
         values ('k', $1, 'sandbox', 'e', 'o', 'voided', now(), now(), now())`,
        `update bank_withdrawal.retired_payouts set watch_at = null where withdrawal_id = $1`,
      ],
      [
        `update bank_withdrawal.withdrawals set lease_until = bank_withdrawal.clock() + interval '1 minute' where id = $1`,
        `update bank_withdrawal.withdrawals set lease_until = null where id = $1`,
      ],
      [
        `update bank_withdrawal.withdrawals set state = 'conflict' where id = $1`,
        `update bank_withdrawal.withdrawals set state = 'processed' where id = $1`,
      ],
    ]
    for (const [arises, ends] of waits) {
      await database.query(arises, [id])
      expect(await night({ details: 30 })).toBe(0)
      await database.query(ends, [id])
    }
    expect(await night({ details: 30 })).toBe(1)
  })

  it('what a bank says of a withdrawal without details is asked of a person, and moves no money', async () => {
    const world = await World.create(database, { config: { encryptionKeys: keyNamed('k1') } })
    const { id, payoutKey } = await world.withdrawn(10)
    await atRest()
    await world.clock.advance(100 * DAY_MS)
    expect(await night({ details: 30 })).toBe(1)
    const balance = await world.balance()

    const event = { provider: 'sandbox', eventId: 'late', type: 'returned', isVerified: true }
    expect(await world.engine.store.receiveEvent({ ...event, payouts: [{ key: payoutKey }] })).toBe(1)
    await world.engine.watch.run()
    await world.runToRest()
    expect((await world.row(id)).state).toBe('processed')
    expect(await world.balance()).toEqual(balance)
    expect(
      await database.query(
        'select withdrawal_id as id from bank_withdrawal.differences where resolved_at is null',
      ),
    ).toEqual([{ id }])
  })

  it('a withdrawal that was woken after it was found keeps its details', async () => {
    const world = await World.create(database)
    const { id } = await world.withdrawn(10)
    await atRest()
    await world.clock.advance(100 * DAY_MS)
    const retention = createRetentionStore(database)
    const found = await retention.find('details', 30, 10)
    expect(found).toEqual([[id, '']])
    await database.query('update bank_withdrawal.withdrawals set watch_at = bank_withdrawal.clock()')
    expect(await retention.erase('details', 30, found)).toBe(0)
    expect((await world.row(id)).destination).not.toBe('erased')
    expect(await recorded(world, 'retention.details')).toEqual([])
  })

  it('an account is held until it was let go, and for the time after', async () => {
    const world = await World.create(database)
    const { id, destinationHash, userId } = await world.withdrawn(10)
    await world.engine.store.quarantine({
      ...{ userId, destinationHash, withdrawalId: id, masked: '…', reasonCode: 'account_closed' },
    })
    await world.clock.advance(1_000 * DAY_MS)
    expect(await night({ accounts: 30 })).toBe(0)
    await database.query(
      `update bank_withdrawal.quarantined_destinations set lifted_at = bank_withdrawal.clock()`,
    )
    expect(await night({ accounts: 30 })).toBe(0)
    await world.clock.advance(31 * DAY_MS)
    expect(await night({ accounts: 30 })).toBe(1)
    expect(await recorded(world, 'retention.accounts')).toMatchObject([{ detail: { erased: 1 } }])
  })

  it('events go after it, however many there are, and one that comes once more does no harm', async () => {
    const world = await World.create(database, { config: { encryptionKeys: keyNamed('k1') } })
    const { id, payoutKey } = await world.withdrawn(10)
    await database.query(
      `insert into bank_withdrawal.webhook_events
         (provider, event_id, type, is_verified, payouts, matched, received_at)
       select 'sandbox', 'old-' || n, 'paid', true, '[]', 0, bank_withdrawal.clock() from generate_series(1, 1100) n`,
    )
    await world.clock.advance(40 * DAY_MS)
    const event = { provider: 'sandbox', type: 'paid', isVerified: true, payouts: [{ key: payoutKey }] }
    await world.engine.store.receiveEvent({ ...event, eventId: 'new' })

    expect(await night({ events: 30 })).toBe(1_100)
    expect(await database.query('select event_id as id from bank_withdrawal.webhook_events')).toEqual([
      { id: 'new' },
    ])
    const batches = await recorded(world, 'retention.events')
    expect(batches.map(({ detail }) => detail.erased)).toEqual([100, 500, 500])

    expect(await world.engine.store.receiveEvent({ ...event, eventId: 'old-1' })).toBe(1)
    await world.engine.watch.run()
    await world.runToRest()
    expect((await world.row(id)).state).toBe('processed')
    expect(await findings(world)).toEqual([])
  })

  it('a kind that cannot be erased tonight keeps nobody from the others', async () => {
    const logger = recordingLogger()
    const retention = {
      find: (of: string) =>
        of === 'details' ? Promise.reject(new Error('too slow')) : Promise.resolve([['a', 'b'] as const]),
      erase: () => Promise.resolve(1),
      filesOf: createRetentionStore(database).filesOf,
    }
    const keptDays = { ...FOR_GOOD, details: 30, events: 30 }
    expect(await createRetentionRun({ retention, providers: [], keptDays, logger })()).toBe(1)
    expect(logger.lines.map(({ event, fields }) => [event, fields.kind])).toEqual([
      ['retention.failed', 'details'],
      ['retention.erased', 'events'],
    ])
  })
})

it('is erased by one instance at a time', async () => {
  const database = await openTestDatabase('PostgreSQL')
  try {
    await database.transaction(async (tx) => {
      await tx.query('select pg_advisory_xact_lock(480726, 0)')
      expect(await createRetentionStore(database).erase('events', 30, [['sandbox', 'e']])).toBeNull()
    })
    expect(await createRetentionStore(database).erase('events', 30, [['sandbox', 'e']])).toBe(0)
  } finally {
    await database.close()
  }
})

it('is erased once a night, in the time zone of the schedules, where anything is not kept for good', async () => {
  const database = await openTestDatabase('PostgreSQL')
  try {
    const world = await World.create(database)
    await world.withdrawn(10)
    await database.query('update bank_withdrawal.withdrawals set watch_at = null')
    await world.clock.advance(31 * DAY_MS)
    const retention = createRetentionStore(database)
    const jobs = (given: Record<string, unknown>) =>
      retentionJobs({ config: parseConfig(given), logger: silentLogger, providers: { all: [] } }, retention)
    expect(jobs({})).toEqual([])
    expect(jobs({ reportsKeptDays: 30, eventsKeptDays: 30 })).toHaveLength(1)
    const [job] = jobs({ detailsKeptDays: 30, scheduleTimezone: 'Europe/Brussels' })
    expect(job).toMatchObject({ expression: '40 3 * * *', timezone: 'Europe/Brussels' })
    expect(await job?.run()).toBe(1)
  } finally {
    await database.close()
  }
})
