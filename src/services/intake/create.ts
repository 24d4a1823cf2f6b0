import { NotInsertedError } from '../../db/statements/insert-withdrawal'
import { isStoppedError } from '../../db/statements/stop'
import type { Store, StoredWithdrawal } from '../../db/store'
import { fingerprint } from '../../domain/identifiers'
import type { PolicyInForce } from '../../domain/policy'
import { isFinal, publicStatus } from '../../domain/states'
import { AppError, errorFields, TEXTS } from '../../errors'
import type { Clock, Randomness } from '../../ports/clock'
import type { Logger } from '../../ports/logger'
import type { PaymentProvider } from '../../ports/payment-provider'
import { guardOf, limitReached } from '../policy/guard'
import { type DraftDeps, draftOf } from './draft'
import type { Accepted, Intake, IntakeRequest } from './intake'

export interface CreateDeps extends DraftDeps {
  readonly store: Store
  readonly intake: Intake
  readonly clock: Clock
  readonly random: Randomness
  readonly logger: Logger
  readonly providerNamed: (name: string) => PaymentProvider | null
  /** Longest time a request waits for its outcome. */
  readonly waitMs: number
  /** How many withdrawals a user may have open; null for any number. */
  readonly openMax: number | null
  /** What operators let happen. */
  readonly policy: () => Promise<PolicyInForce>
  readonly newLease: () => { owner: string; seconds: number; askedAtMs: number }
  /** Takes a fresh withdrawal as far as it goes now. Never rejects. */
  readonly drive: (
    row: StoredWithdrawal,
    lease: { owner: string; seconds: number; askedAtMs: number },
  ) => Promise<StoredWithdrawal>
}

export interface CreateRequest extends IntakeRequest {
  readonly idempotencyKey: string | null
}

export interface Created {
  readonly withdrawal: StoredWithdrawal
  readonly replayed: boolean
}

export type CreateWithdrawal = (request: CreateRequest) => Promise<Created>

/** How often a waiting request looks at its withdrawal, which a worker may be finishing in another process. */
const LOOK_EVERY_MS = 250

/**
 * Accepts a withdrawal: from the moment it is stored it will end in an outcome, whatever happens to this
 * process. The request then waits for that outcome for a while.
 */
export const createWithdrawalService =
  (deps: CreateDeps): CreateWithdrawal =>
  async (request) => {
    const requestHash = hashOf(request)
    const stored = await replayOr(
      () => findEarlier(deps, request, requestHash),
      async () => {
        const accepted = await deps.intake(request)
        const lease = deps.newLease()
        const row = await store(deps, request, requestHash, accepted, lease)
        return row && { row, lease }
      },
    )
    if ('earlier' in stored) return { withdrawal: stored.earlier, replayed: true }
    const { row, lease } = stored
    deps.logger.info('withdrawal.transitioned', {
      withdrawalId: row.id,
      from: null,
      to: row.state,
      event: 'withdrawal.requested',
      actor: 'user',
      version: row.version,
      provider: row.provider,
      currency: row.currency,
    })
    return { withdrawal: await outcomeWithin(deps, row, deps.drive(row, lease)), replayed: false }
  }

/**
 * The same request may have been sent twice: whatever keeps `work` from storing it, a refusal of the exchange, an open
 * withdrawal too many, a key that is taken, may be what the other one has caused. Then that one is the answer.
 *
 * @param work Returns null where the key was taken in the meantime.
 */
async function replayOr<Stored extends object>(
  findEarlier: () => Promise<StoredWithdrawal | null>,
  work: () => Promise<Stored | null>,
): Promise<Stored | { readonly earlier: StoredWithdrawal }> {
  const before = await findEarlier()
  if (before) return { earlier: before }
  const refusal: { error?: unknown } = {}
  try {
    const stored = await work()
    if (stored) return stored
  } catch (error) {
    refusal.error = error
  }
  const meanwhile = await findEarlier()
  if (meanwhile) return { earlier: meanwhile }
  throw 'error' in refusal ? refusal.error : new AppError('create_failed', TEXTS.createFailed)
}

const hashOf = ({ currency, amount, choice }: CreateRequest): string =>
  fingerprint({ currency, amount, choice })

/**
 * The withdrawal an idempotency key stands for already.
 *
 * @throws {AppError} `idempotency_key_reused` for another request, `idempotency_key_in_use` while the first one
 *   is still being answered.
 */
async function findEarlier(
  { store: db, waitMs }: CreateDeps,
  { userId, idempotencyKey }: CreateRequest,
  requestHash: string,
): Promise<StoredWithdrawal | null> {
  if (idempotencyKey === null) return null
  const row = await db.findByIdempotencyKey(userId, idempotencyKey).catch(failed)
  if (!row) return null
  if (row.requestHash !== requestHash)
    throw new AppError('idempotency_key_reused', 'This Idempotency-Key was used for another request.')
  const answeredBy = row.createdAt.getTime() + waitMs
  if (row.leased && !isFinal(row.state) && row.readAt.getTime() < answeredBy)
    throw new AppError(
      'idempotency_key_in_use',
      'The first request with this Idempotency-Key is still running.',
      {
        retryAfterSeconds: 1,
      },
    )
  // An answer with it says that it is accepted, whatever happens next.
  return (await db.confirmWithdrawal(row.id).catch(failed)) ?? row
}

async function store(
  deps: CreateDeps,
  { userId, idempotencyKey, currency, amount }: CreateRequest,
  requestHash: string,
  { fee, payoutAmount, destination, provider, otpCode }: Accepted,
  lease: { owner: string; seconds: number },
): Promise<StoredWithdrawal | null> {
  const { store: db, random, logger, openMax, clock } = deps
  const id = random.newId()
  const asked = { currency, amount, method: destination.method }
  const policy = guardOf(await deps.policy().catch(failed), asked)
  const draft = draftOf(deps, {
    id,
    userId,
    idempotencyKey,
    requestHash,
    currency,
    amount,
    fee,
    payoutAmount,
    destination,
    provider,
  })
  try {
    return await db.insertWithdrawal(draft, lease, { openMax, otpCode, policy })
  } catch (error) {
    if (error instanceof NotInsertedError && error.limit) throw limitReached(policy, error.limit, clock.now())
    if (error instanceof NotInsertedError) throw refusalOf(error, openMax)
    // The database itself has refused it; createWhileOpen says so in the operator's words.
    if (isStoppedError(error)) throw new AppError('create_failed', TEXTS.createFailed, { cause: error })
    // The answer to the commit may have been lost on the way: only the database knows whether it happened.
    logger.warn('withdrawal.insert_unanswered', { withdrawalId: id, ...errorFields(error) })
    // That it can be seen is not enough: it may be on a primary alone that is about to be replaced.
    const row = await db.confirmWithdrawal(id).catch(failed)
    if (!row) throw new AppError('create_failed', TEXTS.createFailed, { cause: error })
    return row
  }
}

function refusalOf({ why }: NotInsertedError, openMax: number | null): AppError {
  if (why === 'code_used')
    return new AppError('otp_invalid', 'This one-time code has been used. Please wait for the next one.')
  if (why === 'quarantined')
    return new AppError(
      'destination_quarantined',
      'A payment to this account came back. Please use another one, or contact support.',
    )
  return new AppError(
    'too_many_open_withdrawals',
    `You already have ${openMax} open withdrawals. Please wait until one of them is done, or cancel one.`,
  )
}

/** The outcome if it comes in time, else the withdrawal as it stands; a worker finishes it. */
async function outcomeWithin(
  deps: CreateDeps,
  created: StoredWithdrawal,
  driven: Promise<StoredWithdrawal>,
): Promise<StoredWithdrawal> {
  const endsAtMs = deps.clock.monotonicMs() + deps.waitMs
  const leftMs = () => Math.max(0, endsAtMs - deps.clock.monotonicMs())
  let row = (await firstOf(deps.clock, deps.waitMs, driven)) ?? (await latest(deps, created))
  while (worthWaiting(deps, row, leftMs())) {
    await pause(deps.clock, Math.min(LOOK_EVERY_MS, leftMs()))
    row = await latest(deps, row)
  }
  return row
}

/** A bank that needs days is not waited for, nor is a row that nobody will look at in time. */
function worthWaiting(deps: CreateDeps, row: StoredWithdrawal, leftMs: number): boolean {
  if (leftMs === 0 || publicStatus(row.state) !== 'pending' || row.nextRunAt === null) return false
  if (row.mode === 'batch') return false
  const expectedMs = deps.providerNamed(row.provider)?.capabilities.expectedMs ?? Infinity
  const nextLookInMs = row.leased ? 0 : row.nextRunAt.getTime() - row.readAt.getTime()
  return expectedMs <= deps.waitMs && nextLookInMs <= leftMs
}

const latest = async ({ store: db }: CreateDeps, row: StoredWithdrawal): Promise<StoredWithdrawal> =>
  (await db.findWithdrawal(row.id).catch(() => null)) ?? row

/** @returns null when `ms` are over first; the work goes on. */
async function firstOf<Result>(clock: Clock, ms: number, work: Promise<Result>): Promise<Result | null> {
  let cancel = () => {}
  const timeUp = new Promise<null>((resolve) => {
    cancel = clock.setTimer(ms, () => resolve(null))
  })
  return Promise.race([work, timeUp]).finally(cancel)
}

const pause = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.setTimer(ms, resolve)
  })

const failed = (cause: unknown): never => {
  throw new AppError('create_failed', TEXTS.createFailed, { cause })
}
