import fs from 'node:fs'
import path from 'node:path'

import { MIGRATIONS } from '../../src/db/connect/migrations.generated'
import { createNoticeStore } from '../../src/db/notices'
import { insertWithdrawals } from '../../src/db/statements/insert-withdrawal'
import { testDatabase } from '../helpers/databases'
import { until } from '../helpers/until'
import { draft, LEASE } from './rows'

const numbersIn = (text: string): string[] =>
  [...text.matchAll(/advisory_xact_lock(?:_shared)?\((\d+)/g)].map(([, number]) => String(number))

/** Goal: who waits for a lock waits for those who do the same. Method: what is held by one is asked for by the other. */
describe('a lock by a number', () => {
  const database = testDatabase('PostgreSQL')
  const rule = { name: 'all', of: 'exchange', per: 'day', currency: null, amount: null } as const
  const rules = [{ ...rule, count: 9, then: 'refuse' as const }]
  const policy = { version: 1, coolingOffHours: 0, causes: [], known: [], rules }
  const isAnyoneWaiting = async () =>
    (await database.query(`select from pg_locks where locktype = 'advisory' and not granted`)).length > 0

  it('of a withdrawal that counts for a limit of all is not waited for by what operators are told', async () => {
    const concern = { kind: 'stopped', about: 'everything', subject: 'everything', facts: {} }
    await database.transaction(async (tx) => {
      const guards = { openMax: 1, otpCode: null, policy }
      await insertWithdrawals({ ...database, ...tx }, [{ draft: draft(1), lease: LEASE, guards }])
      const raised = createNoticeStore(database)
        .raise(concern)
        .then(() => 'went on')
      expect(await Promise.race([raised, until(isAnyoneWaiting).then(() => 'waits')])).toBe('went on')
    })
  })

  it('is one thing’s alone: only the stop’s is the schema’s and the program’s', () => {
    const directory = path.join(__dirname, '..', '..', 'src', 'db')
    const files = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' })
    const ours = files
      .filter((file) => file.endsWith('.ts') && !file.includes('generated'))
      .flatMap((file) => numbersIn(fs.readFileSync(path.join(directory, file), 'utf8')))
    const schemas = new Set(MIGRATIONS.flatMap(({ sql }) => numbersIn(sql)))
    expect(new Set(ours).size).toBe(ours.length)
    expect(ours.filter((number) => schemas.has(number))).toEqual(['480722'])
  })
})
