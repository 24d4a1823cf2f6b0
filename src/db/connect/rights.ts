import type { Logger } from '../../ports/logger'
import type { Database, Queryable } from './database'

/** What a program that only pays needs none of. */
export interface Rights {
  readonly isSuperuser: boolean
  /** May switch triggers off, drop tables, change functions. */
  readonly mayChangeSchema: boolean
  /** May change or delete what is on record. */
  readonly mayRewriteTrail: boolean
}

/** And its months, where it is kept by month: each can be written past the whole. */
const JOURNAL = `select 'bank_withdrawal.journal'::regclass
  union all select inhrelid from pg_inherits where inhparent = 'bank_withdrawal.journal'::regclass`

/** Of the role that this connection has. */
export async function readRights(db: Queryable): Promise<Rights> {
  const [rights] = await db.query<Rights>(
    `select (select rolsuper from pg_roles where rolname = current_user) as "isSuperuser",
            has_schema_privilege('bank_withdrawal', 'create')
              or pg_has_role((select nspowner from pg_namespace where nspname = 'bank_withdrawal'), 'member')
              or (select bool_or(pg_has_role(relowner, 'member')) from pg_class where oid in (${JOURNAL})) as "mayChangeSchema",
            (select bool_or(has_table_privilege(oid, 'update, delete, truncate')) from pg_class where oid in (${JOURNAL}))
              or has_table_privilege('bank_withdrawal.operator_actions', 'update, delete, truncate')
              or has_table_privilege('bank_withdrawal.trail_heads', 'update, delete, truncate') as "mayRewriteTrail"`,
  )
  if (!rights) throw new Error('The database did not say what we may do.')
  return rights
}

/** Says at every start what a stolen password, or a mistake of ours, could do beyond our work. */
export async function checkRights(database: Database, logger: Logger): Promise<void> {
  // It is this process.
  if (database.kind === 'embedded') return
  const { isSuperuser, mayChangeSchema, mayRewriteTrail } = await readRights(database)
  const rights = [
    ...(isSuperuser ? ['superuser'] : []),
    ...(mayChangeSchema ? ['change_schema'] : []),
    ...(mayRewriteTrail ? ['rewrite_trail'] : []),
  ]
  if (rights.length > 0) logger.warn('database.too_many_rights', { rights, explanation: EXPLANATION })
}

const EXPLANATION =
  'The database role may do more than pay: whoever gets hold of it can switch off what guards the trail. Give the program ' +
  'a role of its own: npm run migrate -- --app-role (docs/operations.md, Two roles).'
