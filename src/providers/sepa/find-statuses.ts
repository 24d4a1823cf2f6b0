import { type Findings, knownItems, noFindings, noteItem, noteOrder, noteQuestion, shown } from './findings'
import { isMade, type Ledger, type Order } from './ledger'
import { messageIdOfPayments } from './message-id'
import { isRejection } from './order-view'
import type { Pace } from './pace'
import { paymentIdOf } from './pain001'
import type { FileStatus, Report, Status } from './reader/report'

/**
 * Accepted and held, blocked, or a payee's name that does not match the account (RVMC close, RVNM not, RVCM some of a
 * file): nothing happens until somebody releases or stops it in the bank's own pages.
 */
const WAITS_FOR_YOU = new Set(['ACWP', 'BLCK', 'RVMC', 'RVNM', 'RVCM'])

/** Messages of another kind, direct debits say, have ids of their own, which may be the same. */
const OUR_MESSAGE = /^pain\.?001/i

type StatusReport = Extract<Report, { kind: 'pain.002' }>

/** Finds our files and payments in a status report. What names neither is told to the operator, never guessed. */
export async function findStatuses(
  ledger: Ledger,
  { files, writtenAt }: Pick<StatusReport, 'files' | 'writtenAt'>,
  { reportId, pace }: { reportId: string; pace: Pace },
): Promise<Findings> {
  const findings = noFindings()
  const report = { reportId, writtenAt }
  for (const [at, file] of files.entries()) {
    const order = await orderOf(ledger, file, findings)
    if (!order) continue
    if (file.rest) {
      noteOrder(findings, order.key, fact(file.rest, `${reportId}#${at}`, report))
      findings.problems.push(...fileProblems(order, file.rest))
    }
    await findPayments(ledger, file, { order, report, findings, pace })
  }
  return findings
}

async function findPayments(
  ledger: Ledger,
  { payments }: FileStatus,
  { order, report, findings, pace }: { order: Order; report: ReadReport; findings: Findings; pace: Pace },
): Promise<void> {
  const items = await knownItems(
    ledger,
    payments.flatMap(({ ids }) => ids),
    pace,
  )
  for (const [at, { ids, status }] of payments.entries()) {
    await pace.step()
    const item = ids.map((id) => items.get(id)).find((found) => found?.orderKey === order.key)
    if (item) {
      noteItem(findings, item, fact(status, `${report.reportId}#${item.endToEndId}#${at}`, report))
      if (WAITS_FOR_YOU.has(status.status))
        noteQuestion(findings, item, `it waits for your decision at the bank: ${wordsOf(status)}`)
    } else
      findings.problems.push(
        `It reports ${status.status} on payment ${shown(ids[0] ?? null)}, which is not in message ${order.messageId}.`,
      )
  }
}

const wordsOf = ({ status, reasons }: Status): string => [status, ...reasons].join(' ')

function fileProblems({ messageId }: Order, status: Status): string[] {
  if (WAITS_FOR_YOU.has(status.status))
    return [`Message ${messageId} waits for your decision at the bank: ${wordsOf(status)}.`]
  return isRejection({ kind: 'status', id: '', reportId: '', ...status })
    ? [
        `The bank has rejected message ${messageId} (${wordsOf(status)}). Never hand this file in again: its payments are given back.`,
      ]
    : []
}

async function orderOf(
  ledger: Ledger,
  { messageId, messageName, paymentInformationId }: FileStatus,
  { problems }: Findings,
): Promise<Order | null> {
  const named = messageId ?? (paymentInformationId && messageIdOfPayments(paymentInformationId))
  if (messageName !== null && !OUR_MESSAGE.test(messageName)) {
    problems.push(`It is about a message of kind ${shown(messageName)}, and only pain.001 are ours.`)
    return null
  }
  if (named === null) {
    problems.push('It does not say which file it is about.')
    return null
  }
  const key = await ledger.orderKeyOf(named)
  const order = key === null ? null : await ledger.order(key)
  if (!isMade(order)) {
    problems.push(`It is about message ${shown(named)}, which is none of ours.`)
    return null
  }
  if (paymentInformationId !== null && paymentInformationId !== paymentIdOf(order.messageId)) {
    problems.push(
      `It is about payment block ${shown(paymentInformationId)}, which is not in ${order.messageId}.`,
    )
    return null
  }
  return order
}

interface ReadReport {
  readonly reportId: string
  readonly writtenAt: string | null
}

const fact = ({ status, reasons }: Status, id: string, { reportId, writtenAt }: ReadReport) =>
  ({ kind: 'status', id, reportId, status, reasons, ...(writtenAt !== null && { writtenAt }) }) as const
