import type { Database, Queryable } from './connect/database'
import { CLOCK } from './row'

/** As somebody has written it; a secret by the id under which it is sealed. */
export type GivenSetting = string | number | boolean | { readonly secret: string }
export type GivenSettings = Readonly<Record<string, GivenSetting>>

/** What operators have set, all of it, as of one moment. */
export interface SettingsVersion {
  readonly version: number
  /** By full name; what is not here was set by nobody. */
  readonly given: GivenSettings
  /** The version whose values these are again; null where they are new. */
  readonly undoneTo: number | null
  readonly actor: string
  readonly reason: string
  readonly at: Date
}

export interface NewSettingsVersion extends Pick<SettingsVersion, 'given' | 'undoneTo' | 'actor' | 'reason'> {
  /** The version it was made from; 0 where there was none. */
  readonly madeFrom: number
  /** Names of what is another than before, for the record. */
  readonly changed: readonly string[]
}

export interface SealedSecret {
  readonly id: string
  readonly setting: string
  readonly sealed: string
}

/** Beside `Store`: nothing of it moves a withdrawal. */
export interface SettingsStore {
  /** 0 where nobody has set anything. */
  latestVersion(): Promise<number>
  /** The latest first. */
  list(query: { limit: number; before?: number }): Promise<readonly SettingsVersion[]>
  find(version: number): Promise<SettingsVersion | null>
  /** The version and the record of who made it: both or neither. @returns null when somebody else was first. */
  save(version: NewSettingsVersion): Promise<SettingsVersion | null>
  keepSecrets(secrets: readonly SealedSecret[]): Promise<void>
  findSecrets(ids: readonly string[]): Promise<readonly SealedSecret[]>
  /** How many withdrawals may be with a provider without an end that is known; counted to a thousand. */
  countMaybeWith(provider: string): Promise<number>
}

const SELECTED = `select version, given, undone_to as "undoneTo", actor, reason, at from bank_withdrawal.settings`

export const createSettingsStore = (db: Database): SettingsStore => ({
  async latestVersion() {
    const [found] = await db.query<{ version: number }>(
      'select coalesce(max(version), 0)::int as version from bank_withdrawal.settings',
      [],
      'settings_version',
    )
    return found?.version ?? 0
  },
  list: ({ limit, before }) =>
    db.query<SettingsVersion>(
      `${SELECTED} where $2::integer is null or version < $2 order by version desc limit $1`,
      [limit, before ?? null],
    ),
  async find(version) {
    const [found] = await db.query<SettingsVersion>(`${SELECTED} where version = $1`, [version])
    return found ?? null
  },
  save: (version) => db.transaction((tx) => save(tx, version)),
  async keepSecrets(secrets) {
    if (secrets.length === 0) return
    await db.query(
      `insert into bank_withdrawal.setting_secrets (id, setting, sealed, at)
       select id, setting, sealed, ${CLOCK} from jsonb_to_recordset($1::jsonb) as g (id text, setting text, sealed text)`,
      [JSON.stringify(secrets)],
    )
  },
  findSecrets: (ids) =>
    db.query<SealedSecret>(
      'select id, setting, sealed from bank_withdrawal.setting_secrets where id = any($1::text[]) order by id',
      [ids],
    ),
  async countMaybeWith(provider) {
    const [found] = await db.query<{ count: number }>(
      `select count(*)::int as count
         from (select 1 from bank_withdrawal.withdrawals
                where provider = $1
                  and (state in ('submitting', 'submitted', 'in_doubt')
                    or state in ('ready', 'in_review', 'conflict') and (payout_doubt_at is not null or retired_payouts > 0))
                limit 1000) as w`,
      [provider],
    )
    return found?.count ?? 0
  },
})

async function save(tx: Queryable, version: NewSettingsVersion): Promise<SettingsVersion | null> {
  const { madeFrom, given, undoneTo, actor, reason, changed } = version
  // Of two at once the second waits for the first, and finds its number taken.
  const [saved] = await tx.query<SettingsVersion>(
    `insert into bank_withdrawal.settings (version, given, undone_to, actor, reason, at)
     select $1::integer + 1, $2::jsonb, $3::integer, $4, $5, ${CLOCK}
      where $1::integer = (select coalesce(max(version), 0) from bank_withdrawal.settings)
     on conflict (version) do nothing
     returning version, given, undone_to as "undoneTo", actor, reason, at`,
    [madeFrom, JSON.stringify(given), undoneTo, actor, reason],
  )
  if (!saved) return null
  await tx.query(
    `insert into bank_withdrawal.operator_actions (at, actor, action, subject, reason, detail)
     values (${CLOCK}, $1, $2, 'settings', $3, $4::jsonb)`,
    [
      ...[actor, undoneTo === null ? 'settings.changed' : 'settings.undone', reason],
      JSON.stringify({ version: saved.version, changed, ...(undoneTo !== null && { undoneTo }) }),
    ],
  )
  return saved
}
