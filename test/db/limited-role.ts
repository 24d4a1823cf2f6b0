import { grantTo } from '../../scripts/migrate/grants'
import type { Database } from '../../src/db/connect/database'
import { openServer } from '../../src/db/connect/pool'
import type { Logger } from '../../src/ports/logger'
import type { TestDatabase } from '../helpers/databases'

/** The database as a role has it that may only do what the program does; `admin` drops the role afterwards. */
export async function openLimited(admin: TestDatabase, role: string, logger: Logger): Promise<Database> {
  await admin.query(`create role ${role} login`)
  await admin.transaction((tx) => grantTo(tx, role))
  await admin.query(`grant select on public.test_clock to ${role}`)
  const url = new URL(String(admin.url))
  url.username = role
  return openServer({ url: url.href, logger })
}
