import type { Database } from '../../../src/db/connect/database'
import { checkDurability, openDatabase, UnfitDatabaseError } from '../../../src/db/connect/open'
import { recordingLogger, silentLogger } from '../../helpers/loggers'
import { type PostgresServer, startPostgres } from '../../helpers/postgres-server'

const SOUND = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  transaction_read_only: 'off',
  in_recovery: 'false',
}

/** A server that answers with these settings; nothing else of it is asked. */
const serverWith = (settings: Record<string, string>): Database => ({
  kind: 'server',
  query: <Row extends object>() =>
    Promise.resolve(
      Object.entries({ ...SOUND, ...settings }).map(([name, setting]) => ({
        name,
        setting,
      })) as unknown as Row[],
    ),
  transaction: () => Promise.reject(new Error('not asked for')),
  close: () => Promise.resolve(),
})

describe('opening a database', () => {
  it('takes no missing address for a server on this machine', async () => {
    // As JavaScript has it of an environment without it.
    for (const url of ['', undefined as unknown as string])
      await expect(openDatabase({ url }, silentLogger)).rejects.toThrow('database.url')
  })
})

describe('the look at what a database promises', () => {
  it('says nothing of a sound server', async () => {
    const logger = recordingLogger()
    await checkDurability(serverWith({}), logger)
    expect(logger.lines).toEqual([])
  })

  it.each(['fsync', 'full_page_writes', 'synchronous_commit'])(
    'says loudly that %s is off',
    async (setting) => {
      const logger = recordingLogger()
      await checkDurability(serverWith({ [setting]: 'off' }), logger)
      expect(logger.lines).toEqual([
        {
          level: 'error',
          event: 'database.may_lose_commits',
          fields: { settings: [setting], explanation: expect.stringContaining('Switch these settings on') },
        },
      ])
    },
  )

  it('says that a pooler keeps the time-outs of a connection to itself', async () => {
    const logger = recordingLogger()
    await checkDurability(serverWith({ statement_timeout: '0' }), logger)
    expect(logger.lines).toEqual([
      {
        level: 'warn',
        event: 'database.no_time_limit',
        fields: { explanation: expect.stringContaining('alter role') },
      },
    ])
  })

  it('refuses a server that is too old for the schema, and names both versions', async () => {
    const tooOld = serverWith({ server_version_num: '120022', server_version: '12.22 (Debian)' })
    const refused = expect(checkDurability(tooOld, silentLogger)).rejects
    await refused.toThrow(UnfitDatabaseError)
    await refused.toThrow('This is PostgreSQL 12.22 (Debian): before 13')
    await checkDurability(serverWith({ server_version_num: '130000' }), silentLogger)
  })

  it('names everything that is off at once', async () => {
    const logger = recordingLogger()
    await checkDurability(serverWith({ fsync: 'off', synchronous_commit: 'off' }), logger)
    expect(logger.lines).toMatchObject([{ fields: { settings: ['fsync', 'synchronous_commit'] } }])
  })

  it('says loudly that nobody waits for the standby that there is', async () => {
    const logger = recordingLogger()
    const settings = { synchronous_commit: 'local', synchronous_standby_names: 'standby' }
    await checkDurability(serverWith(settings), logger)
    expect(logger.lines).toMatchObject([
      { event: 'database.may_lose_commits', fields: { settings: ['synchronous_commit'] } },
    ])
  })

  it.each(['local', 'remote_write', 'remote_apply'])(
    'takes synchronous_commit = %s without a standby: what was acknowledged is on a disk',
    async (setting) => {
      const logger = recordingLogger()
      await checkDurability(
        serverWith({ synchronous_commit: setting, synchronous_standby_names: '' }),
        logger,
      )
      expect(logger.lines).toEqual([])
    },
  )

  it.each([
    ['a standby', { in_recovery: 'true', transaction_read_only: 'on' }],
    ['a standby that does not say read-only', { in_recovery: 'true' }],
    ['a read-only database', { transaction_read_only: 'on' }],
  ])('refuses %s, and says where to point the plugin', async (_what, settings) => {
    const look = checkDurability(serverWith(settings), silentLogger)
    await expect(look).rejects.toThrow(UnfitDatabaseError)
    await expect(look).rejects.toThrow(/primary.*point the plugin there/)
  })

  it.each([
    ['default_transaction_isolation', 'repeatable read', 'limits'],
    ['default_transaction_isolation', 'serializable', 'limits'],
    ['DateStyle', 'German, DMY', 'time'],
    ['session_replication_role', 'replica', 'triggers'],
  ])('refuses %s = %s, and says why and what to do', async (name, setting, why) => {
    const look = checkDurability(serverWith({ [name]: setting }), silentLogger)
    await expect(look).rejects.toThrow(UnfitDatabaseError)
    await expect(look).rejects.toThrow(
      new RegExp(`${name} = ${setting}.*${why}.*alter role \\.\\.\\. set ${name}`),
    )
  })

  it('says that the embedded database is not for production', async () => {
    const logger = recordingLogger()
    await checkDurability({ ...serverWith({}), kind: 'embedded' }, logger)
    expect(logger.lines).toMatchObject([
      {
        level: 'warn',
        event: 'database.embedded',
        fields: { explanation: expect.stringContaining('DATABASE_URL') },
      },
    ])
  })
})

describe('the look at a real server', () => {
  // The tests' own one does without what guards against power cuts.
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  }, 60_000)
  afterAll(() => server.destroy())

  const urlWith = (options: string): string => {
    const url = new URL(server.url('postgres'))
    url.searchParams.set('options', options)
    return url.href
  }

  it.each([
    ['sound', '', null, []],
    ['read-only', '-c default_transaction_read_only=on', UnfitDatabaseError, []],
    ['of another isolation', '-c default_transaction_isolation=repeatable\\ read', UnfitDatabaseError, []],
    ['of another style of dates', '-c datestyle=German', UnfitDatabaseError, []],
    ['without triggers', '-c session_replication_role=replica', UnfitDatabaseError, []],
    ['careless', '-c synchronous_commit=off', null, ['database.may_lose_commits']],
  ])('reads the settings of one that is %s', async (_what, options, refusal, events) => {
    const logger = recordingLogger()
    const database = await openDatabase({ url: urlWith(options) }, silentLogger)
    const look = checkDurability(database, logger)
    if (refusal) await expect(look).rejects.toThrow(refusal)
    else await look
    expect(logger.lines.map(({ event }) => event)).toEqual(events)
    await database.close()
  })
})
