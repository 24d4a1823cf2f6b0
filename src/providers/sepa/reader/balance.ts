import { add, isZero, readDecimal, sameAmount, subtract } from '../../../domain/money'
import type { Pace } from '../pace'
import { all, attributeAt, type Element, textAt } from './xml-tree'

interface Signed {
  readonly amount: string | null
  readonly direction: string | null
}

/** A statement whose bookings do not lead from one balance to the other is not the whole day. */
export async function balanceProblems(
  statement: Element,
  booked: readonly Signed[],
  pace: Pace,
): Promise<readonly string[]> {
  const pages = textAt(statement, 'StmtPgntn', 'PgNb') ?? '1'
  const isLast = textAt(statement, 'StmtPgntn', 'LastPgInd') ?? 'true'
  if (Number(pages) !== 1 || isLast !== 'true') return []
  const opening = balance(statement, 'OPBD') ?? balance(statement, 'PRCD')
  const closing = balance(statement, 'CLBD')
  if (!opening || !closing || opening.currency !== closing.currency) return []
  let expected = opening.amount
  for (const { amount, direction } of booked) {
    await pace.step()
    if (amount === null) return []
    expected = add(expected, signed(amount, direction))
  }
  if (sameAmount(expected, closing.amount)) return []
  const name = textAt(statement, 'Id') ?? 'without an id'
  return [`Statement ${name.slice(0, 35)} does not add up: its bookings do not lead to its closing balance.`]
}

function balance(statement: Element, code: string): { amount: string; currency: string | null } | null {
  const found = all(statement, 'Bal').find((node) => textAt(node, 'Tp', 'CdOrPrtry', 'Cd') === code)
  const amount = readDecimal(textAt(found, 'Amt') ?? '')
  if (amount === null) return null
  return { amount: signed(amount, textAt(found, 'CdtDbtInd')), currency: attributeAt(found, 'Ccy', 'Amt') }
}

const signed = (amount: string, direction: string | null): string =>
  direction === 'DBIT' && !isZero(amount) ? subtract('0', amount) : amount
