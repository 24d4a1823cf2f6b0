import type { SubjectKind } from '../../domain/approvals'
import type { Database, Queryable, Transaction } from '../connect/database'
import { CLOCK } from '../row'

/** What one person proposes, of exactly the record that was seen. */
export interface Proposal {
  /** `withdrawal.approve`. */
  readonly action: string
  readonly subjectKind: SubjectKind
  readonly subject: string
  readonly subjectVersion: number
  readonly content: Readonly<Record<string, unknown>>
  /** How many others have to confirm it. */
  readonly needed: number
  readonly actor: string
  readonly reason: string
}

/** What another says to it. */
export interface ApprovalWord {
  readonly actor: string
  readonly confirms: boolean
  readonly reason: string
  readonly at: Date
}

export interface Approval extends Omit<Proposal, 'actor'> {
  /** As text: a bigint. */
  readonly id: string
  readonly askedBy: string
  readonly askedAt: Date
  /** `changed`: the record is no longer the one that was seen. */
  readonly closedAs: 'done' | 'refused' | 'changed' | null
  readonly closedAt: Date | null
  readonly words: readonly ApprovalWord[]
}

/** What a word came to. `own`: of who proposed it; `again`: who has said something already. */
export type WordOutcome =
  | { readonly kind: 'heard'; readonly approval: Approval }
  | { readonly kind: 'not_found' | 'closed' | 'changed' | 'own' | 'again' }

/** The version that the record has now; null where there is none. */
const VERSION_NOW = `case a.subject_kind
  when 'withdrawal' then (select w.version from bank_withdrawal.withdrawals w where w.id = a.subject)
  when 'provider' then coalesce((select p.version from bank_withdrawal.provider_states p where p.provider = a.subject), 0)
  when 'stop' then coalesce((select s.version from bank_withdrawal.stop s), 0)
  when 'policy' then (select coalesce(max(p.version), 0) from bank_withdrawal.policies p)
  when 'settings' then coalesce((select max(v.version) from bank_withdrawal.settings v), 0)
  when 'endpoint' then coalesce(
    (select max(e.version) from bank_withdrawal.endpoints e where e.endpoint_id = a.subject), 0)
  else a.subject_version end`
const IS_CHANGED = `(${VERSION_NOW}) is distinct from a.subject_version`

const SELECTED = `a.id::text as id, a.action, a.subject_kind as "subjectKind", a.subject,
  a.subject_version as "subjectVersion", a.content, a.needed, a.asked_by as "askedBy", a.reason,
  a.asked_at as "askedAt", a.closed_at as "closedAt",
  case when a.closed_at is null and ${IS_CHANGED} then 'changed' else a.closed_as end as "closedAs",
  coalesce((select jsonb_agg(jsonb_build_object('actor', d.actor, 'confirms', d.confirms, 'reason', d.reason, 'at', d.at)
                             order by d.at, d.actor)
              from bank_withdrawal.approval_words d where d.approval_id = a.id), '[]') as words`

type RawApproval = Omit<Approval, 'words'> & {
  words: readonly (Omit<ApprovalWord, 'at'> & { at: string })[]
}
const toApproval = ({ words, ...approval }: RawApproval): Approval => ({
  ...approval,
  words: words.map((word) => ({ ...word, at: new Date(word.at) })),
})

/** What waits for somebody, the oldest first, or what has been closed, the latest first. */
export async function listApprovals(
  db: Queryable,
  query: { isOpen: boolean; limit: number; subjectKind?: SubjectKind; subject?: string },
): Promise<readonly Approval[]> {
  const order = query.isOpen ? 'asc' : 'desc'
  const rows = await db.query<RawApproval>(
    `select * from (select ${SELECTED} from bank_withdrawal.approvals a
       where ($3::text is null or a.subject_kind = $3) and ($4::text is null or a.subject = $4)
         and ($1 or a.closed_at is not null or ${IS_CHANGED})
         and (not $1 or a.closed_at is null)) found
      where ("closedAs" is null) = $1 order by found.id::bigint ${order} limit $2`,
    [query.isOpen, query.limit, query.subjectKind ?? null, query.subject ?? null],
  )
  return rows.map(toApproval)
}

export async function findApproval(db: Queryable, id: string): Promise<Approval | null> {
  const rows = await db.query<RawApproval>(
    `select ${SELECTED} from bank_withdrawal.approvals a where a.id = $1::bigint`,
    [id],
  )
  return rows[0] ? toApproval(rows[0]) : null
}

/** Of an open one whose record has changed nothing is left to decide. */
const closeChanged = (tx: Transaction, where: string, parameters: readonly unknown[]) =>
  tx.query(
    `update bank_withdrawal.approvals a set closed_at = ${CLOCK}, closed_as = 'changed'
      where a.closed_at is null and ${IS_CHANGED} and ${where}`,
    parameters,
  )

/**
 * Puts it before the others.
 *
 * @returns null where the same is proposed already, or the record is no longer the one that was seen: nothing was
 *   written.
 */
export const proposeApproval = (database: Database, proposal: Proposal): Promise<Approval | null> =>
  database.transaction(async (tx) => {
    const { subjectKind, subject, action } = proposal
    await closeChanged(tx, 'a.subject_kind = $1 and a.subject = $2', [subjectKind, subject])
    const [made] = await tx.query<{ id: string }>(
      `insert into bank_withdrawal.approvals as a
         (action, subject_kind, subject, subject_version, content, needed, asked_by, reason, asked_at)
       values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, ${CLOCK})
       on conflict do nothing returning a.id::text as id`,
      [
        ...[action, subjectKind, subject, proposal.subjectVersion, JSON.stringify(proposal.content)],
        ...[proposal.needed, proposal.actor, proposal.reason],
      ],
    )
    return made ? findApproval(tx, made.id) : null
  })

/** Longer than asking everybody takes before what was confirmed is done. */
const IS_BEING_DONE = `interval '2 minutes'`

/**
 * Writes down what somebody else says to it, once each; a refusal closes it. Who has confirmed it before is heard
 * again where enough have: what was to be done then may have been interrupted. Nobody refuses it while it is being done:
 * a "no" would be taken for one that was in time.
 */
export const sayToApproval = (
  database: Database,
  given: { id: string; actor: string; confirms: boolean; reason: string },
): Promise<WordOutcome> =>
  database.transaction(async (tx) => {
    const { id, actor, confirms, reason } = given
    // Words to one proposal queue up here: two last ones would both find that one is missing.
    const [locked] = await tx.query(
      'select from bank_withdrawal.approvals where id = $1::bigint for update',
      [id],
    )
    if (!locked) return { kind: 'not_found' }
    await closeChanged(tx, 'a.id = $1::bigint', [id])
    const seen = await findApproval(tx, id)
    if (!seen) return { kind: 'not_found' }
    if (seen.closedAs !== null) return { kind: seen.closedAs === 'changed' ? 'changed' : 'closed' }
    if (confirms && seen.askedBy === actor) return { kind: 'own' }
    const isRepeated = seen.words.some((word) => word.actor === actor)
    if (isRepeated && !(confirms && isConfirmed(seen))) return { kind: 'again' }
    if (!confirms && isConfirmed(seen) && (await isBeingDone(tx, id))) return { kind: 'closed' }
    if (!isRepeated)
      await tx.query(
        `insert into bank_withdrawal.approval_words (approval_id, actor, confirms, reason, at)
         values ($1::bigint, $2, $3, $4, ${CLOCK})`,
        [id, actor, confirms, reason],
      )
    if (!confirms) await close(tx, id, 'refused')
    const approval = await findApproval(tx, id)
    return approval ? { kind: 'heard', approval } : { kind: 'not_found' }
  })

/** Whether enough others have said yes. */
export const isConfirmed = ({ words, needed }: Approval): boolean =>
  words.filter(({ confirms }) => confirms).length >= needed

async function isBeingDone(tx: Transaction, id: string): Promise<boolean> {
  const [said] = await tx.query<{ isNew: boolean }>(
    `select coalesce(max(at) > ${CLOCK} - ${IS_BEING_DONE}, false) as "isNew"
       from bank_withdrawal.approval_words where approval_id = $1::bigint and confirms`,
    [id],
  )
  return said?.isNew === true
}

/** What was confirmed has been done, whatever was said meanwhile. Twice is once. */
export const concludeApproval = async (db: Queryable, id: string): Promise<void> => close(db, id, 'done')

async function close(db: Queryable, id: string, as: 'done' | 'refused'): Promise<void> {
  await db.query(
    `update bank_withdrawal.approvals set closed_at = ${CLOCK}, closed_as = $2
      where id = $1::bigint and (closed_at is null or ($2 = 'done' and closed_as <> 'done'))`,
    [id, as],
  )
}
