import type { Transaction } from '../../src/db/connect/database'

/**
 * What the program does with a table where it is less than reading, writing, changing and deleting rows. Whatever is on
 * record is not changed, and not deleted; nothing is truncated.
 */
export const LESS: Readonly<Record<string, string>> = {
  migrations: 'select',
  withdrawals: 'select, insert, update',
  journal: 'select, insert',
  operator_actions: 'select, insert',
  trail_heads: 'select, insert',
  payout_proofs: 'select, insert',
  batches: 'select, insert, update',
  batch_items: 'select, insert',
  retired_payouts: 'select, insert, update',
  // Sealed anew under another key.
  bank_reports: 'select, insert, update (content)',
  approvals: 'select, insert, update (closed_at, closed_as)',
  float_entries: 'select, insert',
  approval_words: 'select, insert',
  policies: 'select, insert',
  settings: 'select, insert',
  endpoints: 'select, insert',
  setting_secrets: 'select, insert, update (sealed)',
}
const MORE = 'select, insert, update, delete'
/** Of a month of the journal: what is written there is written through the whole. */
const OF_A_PART = 'select'

const ROLE = /^[a-z_][a-z0-9_$]{0,62}$/

/**
 * Lets the role do what the program does, and nothing else in our schema. Twice is once; to be done again after each
 * migration.
 *
 * @throws {Error} The name is none that stands without quotes, or there is no such role.
 */
export async function grantTo(tx: Transaction, role: string): Promise<void> {
  if (!ROLE.test(role)) throw new Error('The name of the role is to be letters, digits and "_".')
  const tables = await tx.query<{ name: string; isPart: boolean }>(
    `select relname as name, relispartition as "isPart" from pg_class
      where relnamespace = 'bank_withdrawal'::regnamespace and relkind in ('r', 'p') order by 1`,
  )
  const statements = [
    `revoke all on schema bank_withdrawal from ${role}`,
    `revoke all on all tables in schema bank_withdrawal from public, ${role}`,
    `grant usage on schema bank_withdrawal to ${role}`,
    `grant usage on all sequences in schema bank_withdrawal to ${role}`,
    ...tables.map(
      ({ name, isPart }) =>
        `grant ${isPart ? OF_A_PART : (LESS[name] ?? MORE)} on bank_withdrawal.${name} to ${role}`,
    ),
  ]
  await tx.script(statements.join(';\n'))
}
