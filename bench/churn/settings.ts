/**
 * What autovacuum is told of the table of withdrawals. It counts dead rows against the size of the table, and an hour does
 * not make millions of rows: so both are set as they act on a table of that size.
 */
const ROWS = 3_000_000

export const SETTINGS = {
  defaults: {
    title: 'PostgreSQL’s defaults, as they act on three million rows',
    of: {
      vacuum_index_cleanup: 'auto',
      autovacuum_vacuum_scale_factor: 0,
      autovacuum_vacuum_threshold: 50 + 0.2 * ROWS,
      autovacuum_vacuum_insert_scale_factor: 0,
      autovacuum_vacuum_insert_threshold: 1_000 + 0.2 * ROWS,
      autovacuum_analyze_scale_factor: 0,
      autovacuum_analyze_threshold: 50 + 0.1 * ROWS,
    },
  },
  advised: {
    title: 'as advised, as it acts on three million rows',
    of: {
      vacuum_index_cleanup: 'on',
      autovacuum_vacuum_scale_factor: 0,
      autovacuum_vacuum_threshold: 50 + 0.01 * ROWS,
      autovacuum_vacuum_cost_delay: 0,
      autovacuum_vacuum_insert_scale_factor: 0,
      autovacuum_vacuum_insert_threshold: 1_000 + 0.2 * ROWS,
      autovacuum_analyze_scale_factor: 0,
      autovacuum_analyze_threshold: 50 + 0.1 * ROWS,
    },
  },
} as const satisfies Record<string, { title: string; of: Readonly<Record<string, number | string>> }>

export type SettingsName = keyof typeof SETTINGS

export const alterTable = (name: SettingsName): string =>
  `alter table bank_withdrawal.withdrawals set (${Object.entries(SETTINGS[name].of)
    .map(([setting, value]) => `${setting} = ${value}`)
    .join(', ')})`
