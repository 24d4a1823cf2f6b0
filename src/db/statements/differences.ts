import type { DifferenceKind } from '../../domain/questions'
import { storableJson } from '../../domain/storable'
import type { Queryable } from '../connect/database'

export interface Difference {
  /** As text: a bigint. */
  readonly id: string
  readonly kind: DifferenceKind
  readonly withdrawalId: string
  /** What makes it another question of the same kind about the same withdrawal. */
  readonly fact: string
  readonly detail: Readonly<Record<string, unknown>>
  readonly openedAt: Date
  readonly resolvedAt: Date | null
  readonly resolvedBy: string | null
  readonly resolution: string | null
}

/** A question as it was once asked and answered. */
export interface AnsweredQuestion {
  readonly detail: Readonly<Record<string, unknown>>
  readonly openedAt: Date
  readonly resolvedAt: Date
  readonly resolvedBy: string
  readonly resolution: string
}

/** With what was asked and answered before: of the same kind, about the same withdrawal, oldest first. */
export interface DifferenceWithHistory extends Difference {
  readonly history: readonly AnsweredQuestion[]
}

export type NewDifference = Pick<Difference, 'kind' | 'withdrawalId' | 'fact' | 'detail'>

const ANSWERED = (table: string): string => `jsonb_build_object(
  'detail', ${table}.detail, 'openedAt', to_jsonb(${table}.opened_at),
  'resolvedAt', to_jsonb(${table}.resolved_at), 'resolvedBy', ${table}.resolved_by,
  'resolution', ${table}.resolution)`

/**
 * Asks a person. The same fact again is the same question; one that a worker has closed by itself is asked anew, with
 * its history, while a person's answer to this very fact stands.
 *
 * @returns false when the question is on record already.
 */
export async function openDifference(db: Queryable, difference: NewDifference): Promise<boolean> {
  const rows = await db.query(
    `insert into bank_withdrawal.differences as d (kind, withdrawal_id, fact, detail, opened_at)
     values ($1, $2, $3, $4::jsonb, bank_withdrawal.clock())
     on conflict (kind, withdrawal_id, fact) do update
        set history = d.history || ${ANSWERED('d')}, detail = excluded.detail, opened_at = excluded.opened_at,
            resolved_at = null, resolved_by = null, resolution = null
      where d.resolved_by = 'worker'
     returning id`,
    [difference.kind, difference.withdrawalId, difference.fact, storableJson(difference.detail)],
  )
  return rows.length > 0
}

export interface Answer {
  readonly by: string
  readonly resolution: string
}

/** Answers all that is open of one kind. @returns false when it is answered already, or was never asked. */
export async function resolveDifference(
  db: Queryable,
  { withdrawalId, kind, by, resolution }: Answer & { withdrawalId: string; kind: string },
): Promise<boolean> {
  const rows = await db.query(
    `update bank_withdrawal.differences
        set resolved_at = bank_withdrawal.clock(), resolved_by = $3, resolution = $4
      where withdrawal_id = $1 and kind = $2 and resolved_at is null returning id`,
    [withdrawalId, kind, by, resolution],
  )
  return rows.length > 0
}

/** Answers one. @returns false when it is answered already, or there is none of this number. */
export async function answerDifference(
  db: Queryable,
  { id, by, resolution }: Answer & { id: string },
): Promise<boolean> {
  const rows = await db.query(
    `update bank_withdrawal.differences
        set resolved_at = bank_withdrawal.clock(), resolved_by = $2, resolution = $3
      where id = $1::bigint and resolved_at is null returning id`,
    [id, by, resolution],
  )
  return rows.length > 0
}

export interface DifferenceQuery {
  readonly isOpen: boolean
  readonly limit: number
  readonly withdrawalId?: string
  readonly kind?: DifferenceKind
}

/** The latest first. */
export async function listDifferences(
  db: Queryable,
  { isOpen, limit, withdrawalId, kind }: DifferenceQuery,
): Promise<readonly DifferenceWithHistory[]> {
  const rows = await db.query<DifferenceWithHistory>(
    `select d.id::text as id, d.kind, d.withdrawal_id as "withdrawalId", d.fact, d.detail,
            d.opened_at as "openedAt", d.resolved_at as "resolvedAt", d.resolved_by as "resolvedBy", d.resolution,
            d.history || coalesce((
              select jsonb_agg(${ANSWERED('e')} order by e.id) from bank_withdrawal.differences e
               where e.kind = d.kind and e.withdrawal_id = d.withdrawal_id and e.id <> d.id
                 and e.resolved_at is not null), '[]') as history
       from bank_withdrawal.differences d
      where (d.resolved_at is null) = $1 and ($3::text is null or d.withdrawal_id = $3)
        and ($4::text is null or d.kind = $4)
      order by d.opened_at desc, d.id desc limit $2`,
    [isOpen, limit, withdrawalId ?? null, kind ?? null],
  )
  // Inside JSON a time is a text.
  return rows.map(({ history, ...difference }) => ({
    ...difference,
    history: history.map((answered) => ({
      ...answered,
      openedAt: new Date(answered.openedAt),
      resolvedAt: new Date(answered.resolvedAt),
    })),
  }))
}
