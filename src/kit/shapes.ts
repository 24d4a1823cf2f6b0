import { readDecimal } from '../domain/money'
import type { UserStanding } from '../domain/standing'
import type {
  ExchangeCurrency,
  ExchangeUser,
  Hold,
  HoldList,
  HoldSearch,
  PendingHold,
} from '../ports/exchange'
import type { Logger } from '../ports/logger'
import { type AccountFields, readBankAccounts } from './bank-accounts'

/**
 * What a kit's answers are taken for. The network client hands through whatever came back, so each field is
 * checked before it is believed; null means "this is no answer".
 */

export function toSearch(rows: readonly unknown[], id: string, logger: Logger): HoldSearch {
  if (rows.length === 0) return { kind: 'absent' }
  if (rows.length > 1) logger.error('hold.found_twice', { burnId: id, count: rows.length })
  const [hold] = rows.map(toHold).sort((a, b) => rank(a) - rank(b))
  return hold ? { kind: 'found', hold } : NO_BURN
}

/** One that cannot be read may be the one that is looked for: then nothing is known of any. */
export function toHolds(rows: readonly unknown[]): HoldList {
  const holds = rows.map(toHold).filter((hold) => hold !== null)
  return holds.length === rows.length ? { kind: 'all', holds } : NO_BURN
}

const NO_BURN = { kind: 'unknown', why: 'the look-up answered with no burn' } as const

/** Of several burns with one id (a wallet that does not keep them unique) the one that took money speaks. */
const rank = (hold: Hold | null): number =>
  hold ? ['settled', 'pending', 'released'].indexOf(hold.state) : -1

export function toHold(answer: unknown): Hold | null {
  if (typeof answer !== 'object' || answer === null) return null
  const row = answer as Record<string, unknown>
  const amount = readDecimal(row.amount)
  const flags = [row.status, row.rejected, row.dismissed]
  if (typeof row.transaction_id !== 'string' || typeof row.currency !== 'string' || amount === null)
    return null
  if (flags.some((flag) => typeof flag !== 'boolean')) return null
  return {
    id: row.transaction_id,
    // Only a look-up translates the network's user id into the kit's, and says so by adding `network_id`.
    userId: 'network_id' in row ? userIdOf(row.user_id) : null,
    currency: row.currency,
    amount,
    state:
      row.status === true
        ? 'settled'
        : row.rejected === true || row.dismissed === true
          ? 'released'
          : 'pending',
    processing: row.processing === true,
    waiting: row.waiting === true,
    onHold: row.onhold === true,
  }
}

/** A number that is no id could be written nowhere, and would keep all that is listed with it from being. */
export const userIdOf = (given: unknown): number | null =>
  typeof given === 'number' && Number.isSafeInteger(given) ? given : null

/** A hold with what else a list of the whole exchange says of it. */
export function toPendingHold(answer: unknown): PendingHold | null {
  const hold = toHold(answer)
  if (!hold) return null
  const row = answer as Record<string, unknown>
  const fee = readDecimal(row.fee ?? 0)
  if (fee === null) return null
  const createdAt = typeof row.created_at === 'string' ? new Date(row.created_at) : null
  return {
    ...hold,
    createdAt: createdAt && !Number.isNaN(createdAt.getTime()) ? createdAt : null,
    address: textOrNull(row.address),
    description: textOrNull(row.description),
    fee,
    type: textOrNull(row.type),
  }
}

const textOrNull = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null

/** A deposit, which is what a list of the user's deposits calls a mint. */
export function toMint(
  answer: unknown,
): { id: string; amount: string; currency: string; settled: boolean } | null {
  if (typeof answer !== 'object' || answer === null) return null
  const { transaction_id: id, amount: given, currency, status } = answer as Record<string, unknown>
  const amount = readDecimal(given)
  if (typeof id !== 'string' || typeof currency !== 'string' || amount === null) return null
  if (typeof status !== 'boolean') return null
  return { id, amount, currency, settled: status }
}

export function toUser(
  userId: number,
  row: unknown,
  { names = {}, now }: { names?: AccountFields; now: Date },
): ExchangeUser | null {
  if (typeof row !== 'object' || row === null) return null
  const fields = row as Record<string, unknown>
  const fullName =
    typeof fields.full_name === 'string' && fields.full_name.trim() ? fields.full_name.trim() : null
  return {
    id: userId,
    email: typeof fields.email === 'string' ? fields.email : null,
    fullName,
    otpEnabled: fields.otp_enabled === true,
    standing: standingOf(fields, now),
    bankAccounts: readBankAccounts(fields.bank_account, fullName, names),
    raw: row,
  }
}

/** @param kitConfig The exchange's own settings; `{}` until the kit has loaded them. */
/** The status of an identity that an operator of the kit has verified, as of a bank account. */
const VERIFIED = 3

/** A kit freezes a user by taking `activated` away, and blocks withdrawals until a time. */
function standingOf(fields: Record<string, unknown>, now: Date): UserStanding {
  const { activated, withdrawal_blocked: blockedUntil, flagged, id_data: identity } = fields
  const status = (identity as { status?: unknown } | null | undefined)?.status
  return {
    isBlocked: activated === false || !isOver(blockedUntil, now),
    isFlagged: flagged === true,
    isVerified: status === undefined ? null : status === VERIFIED,
  }
}

/** Nothing, or a time that has passed. Whatever else stands there is a block that nobody can read: it holds. */
function isOver(until: unknown, now: Date): boolean {
  if (until === null || until === undefined || until === false) return true
  // As a time it would be the first millisecond of 1970.
  if (until === true) return false
  // By what it says, not by what it is: a kit's dates come from another realm.
  const ms = new Date(until as string).getTime()
  return !Number.isNaN(ms) && ms <= now.getTime()
}

export function toCurrency(answer: unknown, symbol: string, kitConfig: unknown): ExchangeCurrency | null {
  if (typeof answer !== 'object' || answer === null) return null
  const coin = answer as Record<string, unknown>
  if (coin.symbol !== symbol) return null
  return {
    symbol,
    fullName: typeof coin.fullname === 'string' ? coin.fullname : symbol.toUpperCase(),
    isFiat: coin.type === 'fiat',
    withdrawalsAllowed: coin.allow_withdrawal !== false,
    min: readDecimal(coin.min),
    max: readDecimal(coin.max),
    increment: readDecimal(coin.increment_unit),
    fee: listedFee(coin, symbol, kitConfig),
    accountTypes:
      accountTypes(member(kitConfig, 'offramp', symbol)) ??
      accountTypes(member(kitConfig, 'offramp', symbol.toUpperCase())),
  }
}

/** As `validateWithdrawal` will find it: the operator's fee, but only a truthy one, before the network's. */
function listedFee(coin: Record<string, unknown>, symbol: string, kitConfig: unknown): string {
  const custom = member(kitConfig, 'fiat_fees', symbol, 'withdrawal_fee')
  const listed = member(coin, 'withdrawal_fees', symbol, 'value')
  return readDecimal(custom || (listed ?? coin.withdrawal_fee)) ?? '0'
}

/** Not every exchange has set its off-ramps up; one that has an empty list pays nobody. */
function accountTypes(offramp: unknown): readonly string[] | null {
  if (!Array.isArray(offramp)) return null
  return offramp.filter((type): type is string => typeof type === 'string')
}

function member(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, name)
        ? (at as Record<string, unknown>)[name]
        : undefined,
    value,
  )
}
