import { add, isZero, readDecimal, sameAmount, subtract } from '../../../domain/money'
import { idsOf, reasonsAt } from './references'
import type { Entry, Movement, Source } from './report'
import { all, attributeAt, has, type Node, textAt } from './xml-tree'

/** Statements and notifications differ in the name of their parts only. */
const PARTS: Readonly<Record<Source, string>> = { 'camt.053': 'Stmt', 'camt.054': 'Ntfctn' }
/** Returns by the payee's bank, and after a recall. */
const RETURN_CODES = ['RRTN', 'RPCR', 'ARET']
const CHARGE_CODES = ['CHRG', 'FEES', 'COMM', 'TAXE']

export function readEntries(body: Node, source: Source): { entries: readonly Entry[]; problems: string[] } {
  const problems: string[] = []
  const entries = all(body, PARTS[source]).flatMap((part) => {
    const account = textAt(part, 'Acct', 'Id', 'IBAN') ?? textAt(part, 'Acct', 'Id', 'Othr', 'Id')
    const booked = all(part, 'Ntry').filter((entry) => isBooked(entry, problems))
    if (source === 'camt.053') problems.push(...balanceProblems(part, booked))
    return booked.map((entry) => readEntry(entry, account?.replace(/\s/g, '') ?? null))
  })
  return { entries, problems: [...new Set(problems)] }
}

/** `<Sts>BOOK</Sts>` up to version 04, `<Sts><Cd>BOOK</Cd></Sts>` later. Pending and informational ones are no facts. */
function isBooked(entry: Node, problems: string[]): boolean {
  const status = textAt(entry, 'Sts', 'Cd') ?? textAt(entry, 'Sts')
  if (status === null) problems.push('A booking does not say that it is booked; it was left out.')
  return status === 'BOOK'
}

function readEntry(entry: Node, account: string | null): Entry {
  const batches = all(entry, 'NtryDtls', 'Btch')
  const details = all(entry, 'NtryDtls', 'TxDtls')
  const whole = movement(entry, entry, account, details.length === 1)
  return {
    whole: {
      ...whole,
      fileIds: idsOf(
        ...batches.flatMap((batch) => [textAt(batch, 'PmtInfId'), textAt(batch, 'MsgId')]),
        ...details.flatMap((part) => [textAt(part, 'Refs', 'PmtInfId'), textAt(part, 'Refs', 'MsgId')]),
      ),
    },
    parts: details.map((part) => movement(part, entry, account, details.length === 1)),
  }
}

/** @param isOnly The booking has this one part, so that what the part leaves out is the booking's. */
function movement(node: Node, entry: Node, account: string | null, isOnly: boolean): Movement {
  const own = amountAt(node)
  const { amount, currency } = own.amount === null && isOnly ? amountAt(entry) : own
  const codes = [bookingCode(node), bookingCode(entry)]
  const direction = textAt(node, 'CdtDbtInd') ?? textAt(entry, 'CdtDbtInd')
  const isReversal = textAt(entry, 'RvslInd') === 'true' || textAt(entry, 'RvslInd') === '1'
  const isCredit = direction === 'CRDT'
  return {
    account,
    ids: idsOf(textAt(node, 'Refs', 'EndToEndId'), textAt(node, 'Refs', 'InstrId')),
    fileIds: idsOf(textAt(node, 'Refs', 'PmtInfId'), textAt(node, 'Refs', 'MsgId')),
    direction: isCredit ? 'credit' : 'debit',
    isReturn:
      isCredit &&
      (has(node, 'RtrInf') || isReversal || codes.some((code) => RETURN_CODES.includes(code ?? ''))),
    isReversal,
    isCharge: codes.some((code) => CHARGE_CODES.includes(code ?? '')),
    amount,
    currency,
    reasons: reasonsAt(node, 'RtrInf'),
    bankReference: textAt(node, 'Refs', 'AcctSvcrRef') ?? textAt(entry, 'AcctSvcrRef'),
    date: textAt(entry, 'BookgDt', 'Dt') ?? textAt(entry, 'BookgDt', 'DtTm')?.slice(0, 10) ?? null,
  }
}

/** What moved on our account: the transaction amount, before what was instructed and what charges were taken from. */
function amountAt(node: Node): { amount: string | null; currency: string | null } {
  const path = has(node, 'Amt') ? ['Amt'] : ['AmtDtls', 'TxAmt', 'Amt']
  const amount = readDecimal(textAt(node, ...path) ?? '')
  return { amount, currency: attributeAt(node, 'Ccy', ...path) }
}

const bookingCode = (node: Node): string | null => textAt(node, 'BkTxCd', 'Domn', 'Fmly', 'SubFmlyCd')

/** A statement whose bookings do not lead from one balance to the other is not the whole day. */
function balanceProblems(statement: Node, booked: readonly Node[]): string[] {
  const pages = textAt(statement, 'StmtPgntn', 'PgNb') ?? '1'
  const isLast = textAt(statement, 'StmtPgntn', 'LastPgInd') ?? 'true'
  if (pages !== '1' || isLast !== 'true') return []
  const opening = balance(statement, 'OPBD') ?? balance(statement, 'PRCD')
  const closing = balance(statement, 'CLBD')
  if (!opening || !closing || opening.currency !== closing.currency) return []
  const moved = booked.map(signed)
  if (moved.includes(null)) return []
  const expected = moved.reduce<string>((total, amount) => add(total, amount ?? '0'), opening.amount)
  if (sameAmount(expected, closing.amount)) return []
  const name = textAt(statement, 'Id') ?? 'without an id'
  return [`Statement ${name.slice(0, 35)} does not add up: its bookings do not lead to its closing balance.`]
}

function balance(statement: Node, code: string): { amount: string; currency: string | null } | null {
  const found = all(statement, 'Bal').find((node) => textAt(node, 'Tp', 'CdOrPrtry', 'Cd') === code)
  const amount = found === undefined ? null : signed(found)
  return amount === null ? null : { amount, currency: attributeAt(found, 'Ccy', 'Amt') }
}

function signed(node: Node): string | null {
  const amount = readDecimal(textAt(node, 'Amt') ?? '')
  if (amount === null) return null
  return textAt(node, 'CdtDbtInd') === 'DBIT' && !isZero(amount) ? subtract('0', amount) : amount
}
