import { ERASED } from '../domain/destination'
import { isFinal } from '../domain/states'
import type { Queryable } from './connect/database'
import { COLUMNS, type RawRow, statesThat, type StoredWithdrawal, toWithdrawal } from './row'

/** How many values a key holds. `readable` counts those that were stored without one. */
export interface KeyUse {
  readonly keyId: string
  readonly count: number
}

const KEY_OF = `case when destination like 'plain:%' then 'readable' else split_part(destination, ':', 2) end`

const KEY_OF_DOCUMENT = `case when jsonb_typeof(value) = 'object' and value ? '$sealed'
  then split_part(value ->> '$sealed', ':', 1) else 'readable' end`

const KEY_OF_REPORT = `case when content like 'plain:%' then 'readable' else split_part(content, ':', 2) end`

/** Over all there are, withdrawals, providers' documents, banks' reports and secrets among the settings: reads the tables. */
export const keysInUse = (db: Queryable): Promise<readonly KeyUse[]> =>
  db.query<KeyUse>(
    `select key as "keyId", count(*)::int as count from (
       select ${KEY_OF} as key from bank_withdrawal.withdrawals where destination <> '${ERASED}'
       union all
       select ${KEY_OF_DOCUMENT} from bank_withdrawal.provider_documents
       union all
       select ${KEY_OF_REPORT} from bank_withdrawal.bank_reports where content <> '${ERASED}'
       union all
       select split_part(sealed, ':', 1) from bank_withdrawal.setting_secrets) used group by 1 order by 1`,
  )

/** Over those with which something is still to be done: few, by indexes, however long the table is. */
export const keysNeeded = (db: Queryable): Promise<readonly KeyUse[]> =>
  db.query<KeyUse>(
    `select ${KEY_OF} as "keyId", count(*)::int as count from (
       select destination from bank_withdrawal.withdrawals
        where state not in ('processed', 'canceled', 'returning', 'returned')
       union all
       select destination from bank_withdrawal.withdrawals where state = 'returning' and next_run_at is not null
       union all
       select destination from bank_withdrawal.withdrawals
        where watch_at is not null and state in (${statesThat(isFinal)})) needed
      where destination not like 'plain:%' group by 1 order by 1`,
  )

/** Some that are sealed and not over, or whose account is quarantined: these have to be recognised. */
export async function someToRecognise(db: Queryable, limit: number): Promise<readonly StoredWithdrawal[]> {
  const rows = await db.query<RawRow>(
    `select ${COLUMNS} from (
       (select * from bank_withdrawal.withdrawals
         where state not in ('processed', 'canceled', 'returning', 'returned') limit $1)
       union all
       (select w.* from bank_withdrawal.quarantined_destinations q
          join bank_withdrawal.withdrawals w on w.id = q.withdrawal_id where q.lifted_at is null limit $1)) known
      where destination not like 'plain:%'`,
    [limit],
  )
  return rows.map(toWithdrawal)
}

/** A page in the order of their ids, after that one. */
export async function pageOfWithdrawals(
  db: Queryable,
  after: string,
  limit: number,
): Promise<readonly StoredWithdrawal[]> {
  const rows = await db.query<RawRow>(
    `select ${COLUMNS} from bank_withdrawal.withdrawals where id > $1 order by id limit $2`,
    [after, limit],
  )
  return rows.map(toWithdrawal)
}

export interface Resealed {
  readonly id: string
  /** That was sealed: what the row has become since is not what the new value vouches for. */
  readonly version: number
  readonly before: string
  readonly after: string
  /** Where the account is recognised by another hash from now on; its quarantine goes with it. */
  readonly hash: string
}

/** Writes new seals where rows and old ones still stand: what the program has done meanwhile stays. @returns How many. */
export async function reseal(db: Queryable, values: readonly Resealed[]): Promise<number> {
  const rows = await db.query<{ id: string }>(
    `with given as (
       select * from jsonb_to_recordset($1::jsonb) as g (id text, version integer, before text, after text, hash text)
     ), resealed as (
       update bank_withdrawal.withdrawals w set destination = g.after, destination_hash = g.hash
         from given g where w.id = g.id and w.version = g.version and w.destination = g.before
       returning w.id
     ), requarantined as (
       update bank_withdrawal.quarantined_destinations q set destination_hash = g.hash
         from given g join resealed r on r.id = g.id
        where q.withdrawal_id = g.id and q.destination_hash <> g.hash
          and not exists (select from bank_withdrawal.quarantined_destinations o
                           where o.destination_hash = g.hash and o.user_id = q.user_id)
     )
     select id from resealed`,
    [JSON.stringify(values)],
  )
  return rows.length
}

export interface StoredSecret {
  readonly id: string
  readonly setting: string
  readonly sealed: string
}

/** All there are, of versions long undone too: a few for each change of a password. */
export const settingSecrets = (db: Queryable): Promise<readonly StoredSecret[]> =>
  db.query<StoredSecret>('select id, setting, sealed from bank_withdrawal.setting_secrets order by id')

/** @returns false when it was sealed anew meanwhile. */
export async function resealSecret(
  db: Queryable,
  { id, sealed }: StoredSecret,
  anew: string,
): Promise<boolean> {
  const rows = await db.query<{ id: string }>(
    'update bank_withdrawal.setting_secrets set sealed = $3 where id = $1 and sealed = $2 returning id',
    [id, sealed, anew],
  )
  return rows.length > 0
}

export interface StoredDocument {
  readonly provider: string
  readonly id: string
  readonly value: unknown
  readonly version: number
}

export const pageOfDocuments = (
  db: Queryable,
  after: { provider: string; id: string },
  limit: number,
): Promise<readonly StoredDocument[]> =>
  db.query<StoredDocument>(
    `select provider, id, value, version from bank_withdrawal.provider_documents
      where (provider, id) > ($1, $2) order by provider, id limit $3`,
    [after.provider, after.id, limit],
  )

/** The same document in another seal: its version stays. @returns false when it was written meanwhile. */
export async function resealDocument(
  db: Queryable,
  { provider, id, value, version }: StoredDocument,
): Promise<boolean> {
  const rows = await db.query<{ id: string }>(
    `update bank_withdrawal.provider_documents set value = $3::jsonb
      where provider = $1 and id = $2 and version = $4 returning id`,
    [provider, id, JSON.stringify(value), version],
  )
  return rows.length > 0
}

export interface StoredReport {
  readonly provider: string
  readonly documentId: string
  readonly content: string
}

export const pageOfReports = (
  db: Queryable,
  after: { provider: string; documentId: string },
  limit: number,
): Promise<readonly StoredReport[]> =>
  db.query<StoredReport>(
    `select provider, document_id as "documentId", content from bank_withdrawal.bank_reports
      where (provider, document_id) > ($1, $2) and content <> '${ERASED}'
      order by provider, document_id limit $3`,
    [after.provider, after.documentId, limit],
  )

/** The same bytes in another seal. @returns false when somebody else has sealed them meanwhile. */
export async function resealReport(
  db: Queryable,
  { provider, documentId, content }: StoredReport,
  sealed: string,
): Promise<boolean> {
  const rows = await db.query<{ provider: string }>(
    `update bank_withdrawal.bank_reports set content = $4
      where provider = $1 and document_id = $2 and content = $3 returning provider`,
    [provider, documentId, content, sealed],
  )
  return rows.length > 0
}
