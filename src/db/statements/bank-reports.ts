import { ERASED } from '../../domain/destination'
import type { Queryable } from '../connect/database'
import { CLOCK } from '../row'

/** What a bank is said to have written, as somebody handed it in first. */
export interface BankReport {
  readonly provider: string
  /** SHA-256 of the bytes, in hex. */
  readonly documentId: string
  readonly name: string
  /** Sealed by services/report-seal.ts. */
  readonly content: string
  readonly handedInBy: string
  readonly reason: string
  readonly handedInAt: Date
}

/** Keeps it; the same document again is the one that is kept already, and brings its bytes back where they were erased. */
export async function keepBankReport(db: Queryable, report: Omit<BankReport, 'handedInAt'>): Promise<void> {
  await db.query(
    `insert into bank_withdrawal.bank_reports as r
       (provider, document_id, name, content, handed_in_by, reason, handed_in_at)
     values ($1, $2, $3, $4, $5, $6, ${CLOCK})
     on conflict (provider, document_id) do update set content = excluded.content where r.content = '${ERASED}'`,
    [
      ...[report.provider, report.documentId, report.name, report.content],
      ...[report.handedInBy, report.reason],
    ],
  )
}

export async function findBankReport(
  db: Queryable,
  provider: string,
  documentId: string,
): Promise<BankReport | null> {
  const rows = await db.query<BankReport>(
    `select provider, document_id as "documentId", name, content, handed_in_by as "handedInBy", reason,
            handed_in_at as "handedInAt"
       from bank_withdrawal.bank_reports where provider = $1 and document_id = $2`,
    [provider, documentId],
  )
  return rows[0] ?? null
}
