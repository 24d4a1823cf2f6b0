import type { KeyObject } from 'node:crypto'

import jwt from 'jsonwebtoken'

import type { BurnUpdate, ToolsLib } from '../src/kit/tools-lib'

/** What the benchmark's users are: everybody may withdraw, nobody's balance ends. */
export const USERS = 1_000
export const IBAN = 'DE89370400440532013000'

interface Burn {
  transaction_id: string
  readonly user_id: number
  readonly currency: string
  readonly amount: number
  status: boolean
  rejected: boolean
  readonly dismissed: false
  processing: boolean
  readonly waiting: false
  readonly onhold: false
}

export interface InstantKit {
  readonly toolsLib: ToolsLib
  /** How many burns there are, and how many of them are settled. */
  books(): { burns: number; settled: number }
  /** Makes burns that are there before the measuring begins. */
  preload(burns: readonly { id: string; userId: number; amount: number }[]): void
}

/** @returns The user's id, or null for a token that is not ours. The same check in every arm. */
export function userOf(key: KeyObject, header: string | undefined): number | null {
  if (!header?.startsWith('Bearer ')) return null
  try {
    const token = jwt.verify(header.slice(7), key, { algorithms: ['HS256'] }) as unknown as {
      sub: { id: number }
    }
    return token.sub.id
  } catch {
    return null
  }
}

/**
 * An exchange that answers at once, or after `latencyMs`, from memory: what is measured is everything else.
 *
 * @param options.otp Whether every user has one-time codes on; any code is right.
 */
export function createInstantKit(options: { key: KeyObject; otp?: boolean; latencyMs?: number }): InstantKit {
  const { latencyMs = 0 } = options
  const burns = new Map<string, Burn>()
  let settled = 0
  const after = <Answer>(answer: () => Answer): Promise<Answer> =>
    latencyMs === 0
      ? Promise.resolve(answer())
      : new Promise((resolve) => {
          setTimeout(() => resolve(answer()), latencyMs)
        })

  function add(id: string, userId: number, currency: string, amount: number): Burn {
    // Each member by itself, here and below: put together from parts it would take longer than what is measured.
    const burn: Burn = {
      transaction_id: id,
      user_id: userId,
      currency,
      amount,
      status: false,
      rejected: false,
      dismissed: false,
      processing: false,
      waiting: false,
      onhold: false,
    }
    burns.set(id, burn)
    return burn
  }

  function update(id: string, change: BurnUpdate): Burn {
    const burn = burns.get(id)
    if (!burn) throw new Error('Withdrawal not found')
    if (burn.status || burn.rejected) throw new Error('Withdrawal is already processed')
    if ('processing' in change) burn.processing = true
    if ('rejected' in change) burn.rejected = true
    if ('status' in change) {
      settled++
      burn.status = true
      burns.delete(id)
      burn.transaction_id = change.updatedTransactionId ?? id
      burns.set(burn.transaction_id, burn)
    }
    return { ...burn }
  }

  const search = (id: string | null, userId: number) => {
    const burn = id === null ? undefined : burns.get(id)
    const data = burn?.user_id === userId ? [{ network_id: 1_000 + userId, ...burn }] : []
    return { count: data.length, data }
  }

  return {
    preload(given) {
      for (const { id, userId, amount } of given) add(id, userId, 'eur', amount)
    },
    books: () => ({ burns: burns.size, settled }),
    toolsLib: {
      wallet: {
        burnAssetByKitId: (userId, currency, amount, { transactionId }) =>
          after(() => ({ ...add(transactionId, userId, currency, amount) })),
        updatePendingBurn: (id, change) => after(() => update(id, change)),
        getUserWithdrawalsByKitId: (userId, ...query) => after(() => search(query[12], userId)),
        getUserDepositsByKitId: () => after(() => ({ count: 0, data: [] })),
        getExchangeWithdrawals: () => after(() => ({ count: 0, data: [] })),
        mintAssetByKitId: () => Promise.reject(new Error('Nothing comes back here.')),
        getUserBalanceByKitId: (userId) =>
          after(() => ({ user_id: userId, eur_balance: 1e12, eur_available: 1e12 })),
        validateWithdrawal: (_user, _address, _amount, currency) =>
          after(() => ({ fee: 0, fee_coin: currency })),
      },
      security: {
        verifyBearerTokenExpressMiddleware: () => (req, _res, next) => {
          const request = req as { headers: { authorization?: string }; res: Refusing; auth?: unknown }
          const id = userOf(options.key, request.headers.authorization)
          if (id === null) return request.res.status(401).json({ message: 'Access denied' })
          request.auth = { sub: { id }, scopes: ['user'] }
          return next()
        },
        verifyOtpBeforeAction: () => after(() => true),
      },
      user: {
        getUserByKitId: (id) =>
          after(() => ({
            id,
            email: `user${id}@bench.example`,
            full_name: 'Ada Lovelace',
            activated: true,
            flagged: false,
            withdrawal_blocked: null,
            otp_enabled: options.otp === true,
            bank_account: [],
            network_id: 1_000 + id,
          })),
      },
      getKitConfig: () => ({ offramp: { eur: ['bank'] } }),
      getKitCoins: () => ['eur'],
      getKitCoin: (symbol) => ({
        symbol,
        fullname: 'Euro',
        type: 'fiat',
        active: true,
        allow_withdrawal: true,
        min: 1,
        max: 100_000,
        increment_unit: 0.01,
        withdrawal_fee: 0,
      }),
    },
  }
}

interface Refusing {
  status(code: number): { json(body: unknown): unknown }
}
