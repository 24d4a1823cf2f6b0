import { readDecimal } from '../../../domain/money'
import type { Pace } from '../pace'
import { balanceProblems } from './balance'
import { bankReferenceOf, idsOf, reasonsAt } from './references'
import type { Entry, Movement, Source } from './report'
import { all, attributeAt, type Element, has, type Makers, type Node, textAt } from './xml-tree'

/** Reports, statements and notifications differ in the name of their parts only. */
const PARTS: Readonly<Record<Source, string>> = {
  'camt.052': 'Rpt',
  'camt.053': 'Stmt',
  'camt.054': 'Ntfctn',
}
/** Returns by the payee's bank, and after a recall. */
const RETURN_CODES = ['RRTN', 'RPCR', 'ARET']
const CHARGE_CODES = ['CHRG', 'FEES', 'COMM', 'TAXE']

const DIRECTIONS: ReadonlyMap<string, 'debit' | 'credit'> = new Map([
  ['DBIT', 'debit'],
  ['CRDT', 'credit'],
])

interface Money {
  readonly amount: string | null
  readonly currency: string | null
}

/** What a booking, or one part of it, says by itself. */
interface Part extends Money {
  readonly ids: readonly string[]
  readonly fileIds: readonly string[]
  readonly direction: string | null
  readonly code: string | null
  readonly hasReturn: boolean
  readonly reasons: readonly string[]
  readonly bankReference: string | null
}

interface Booking extends Part {
  /** null where it does not say. */
  readonly status: string | null
  readonly isReversal: boolean
  readonly date: string | null
  readonly batchIds: readonly string[]
  readonly parts: readonly Part[]
}

export const CAMT_MAKERS: Makers = { TxDtls: partOf, Ntry: bookingOf }

function partOf(node: Element): Part {
  return {
    ...amountAt(node),
    ids: idsOf(textAt(node, 'Refs', 'EndToEndId'), textAt(node, 'Refs', 'InstrId')),
    fileIds: idsOf(textAt(node, 'Refs', 'PmtInfId'), textAt(node, 'Refs', 'MsgId')),
    direction: textAt(node, 'CdtDbtInd'),
    code: textAt(node, 'BkTxCd', 'Domn', 'Fmly', 'SubFmlyCd'),
    hasReturn: has(node, 'RtrInf'),
    reasons: reasonsAt(node, 'RtrInf'),
    bankReference: bankReferenceOf(textAt(node, 'Refs', 'AcctSvcrRef')),
  }
}

function bookingOf(entry: Element): Booking {
  const reversal = textAt(entry, 'RvslInd')
  return {
    ...partOf(entry),
    bankReference: bankReferenceOf(textAt(entry, 'AcctSvcrRef')),
    // `<Sts>BOOK</Sts>` up to version 04, `<Sts><Cd>BOOK</Cd></Sts>` later.
    status: textAt(entry, 'Sts', 'Cd') ?? textAt(entry, 'Sts'),
    isReversal: reversal === 'true' || reversal === '1',
    date: dayOf(textAt(entry, 'BookgDt', 'Dt') ?? textAt(entry, 'BookgDt', 'DtTm')),
    batchIds: all(entry, 'NtryDtls', 'Btch').flatMap((batch) =>
      idsOf(textAt(batch, 'PmtInfId'), textAt(batch, 'MsgId')),
    ),
    parts: all(entry, 'NtryDtls', 'TxDtls').map(({ made }) => made as Part),
  }
}

/** What moved on our account: the transaction amount, before what was instructed and what charges were taken from. */
function amountAt(node: Node): Money {
  const path = has(node, 'Amt') ? ['Amt'] : ['AmtDtls', 'TxAmt', 'Amt']
  const amount = readDecimal(textAt(node, ...path) ?? '')
  const currency = attributeAt(node, 'Ccy', ...path)
  return { amount, currency: currency !== null && /^[A-Z]{3}$/.test(currency) ? currency : null }
}

/** Without a time zone, which some banks write and some do not. */
const dayOf = (text: string | null): string | null => text?.slice(0, 10) ?? null

export async function readEntries(
  body: Node,
  source: Source,
  pace: Pace,
): Promise<{ entries: readonly Entry[]; problems: readonly string[] }> {
  const problems = new Set<string>()
  const entries: Entry[] = []
  let statement = 0
  for (const part of all(body, PARTS[source])) {
    if (!isLaterPage(part)) statement++
    const account = textAt(part, 'Acct', 'Id', 'IBAN') ?? textAt(part, 'Acct', 'Id', 'Othr', 'Id')
    const bookings = all(part, 'Ntry').map(({ made }) => made as Booking)
    // Pending and informational ones are no facts.
    const booked = bookings.filter(({ status }) => status === 'BOOK')
    if (bookings.some(({ status }) => status === null))
      problems.add('A booking does not say that it is booked; it was left out.')
    if (source === 'camt.053')
      for (const problem of await balanceProblems(part, booked, pace)) problems.add(problem)
    for (const booking of booked)
      entries.push({
        statement,
        ...(await entryOf(booking, account?.replace(/\s/g, '') ?? null, pace)),
      })
  }
  return { entries, problems: [...problems] }
}

/** Of the statement before it. Without a page number it is one of its own. */
function isLaterPage(part: Element): boolean {
  const pages = ['RptPgntn', 'StmtPgntn', 'NtfctnPgntn'].map((name) => textAt(part, name, 'PgNb'))
  return pages.some((page) => page !== null && Number(page) > 1)
}

async function entryOf(
  booking: Booking,
  account: string | null,
  pace: Pace,
): Promise<Omit<Entry, 'statement'>> {
  const parts: Movement[] = []
  const fileIds = new Set(booking.batchIds)
  for (const part of booking.parts) {
    await pace.step()
    for (const id of part.fileIds) fileIds.add(id)
    parts.push(movement(part, booking, account))
  }
  await pace.step()
  return { whole: { ...movement(booking, booking, account), fileIds: [...fileIds] }, parts }
}

function movement(part: Part, booking: Booking, account: string | null): Movement {
  // A booking's only part may leave out what is the booking's.
  const { amount, currency } = part.amount === null && booking.parts.length === 1 ? booking : part
  const codes = [part.code ?? '', booking.code ?? '']
  const direction = DIRECTIONS.get(part.direction ?? booking.direction ?? '') ?? null
  const isCredit = direction === 'credit'
  const { isReversal, date } = booking
  return {
    account,
    ids: part.ids,
    fileIds: part.fileIds,
    direction,
    isReturn: isCredit && (part.hasReturn || isReversal || codes.some((code) => RETURN_CODES.includes(code))),
    isReversal,
    isCharge: codes.some((code) => CHARGE_CODES.includes(code)),
    amount,
    currency,
    reasons: part.reasons,
    bankReference: part.bankReference ?? booking.bankReference,
    date,
  }
}
