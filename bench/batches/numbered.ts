import { createSecretKey } from 'node:crypto'

import type { Database } from '../../src/db/connect/database'
import type { ToolsLib } from '../../src/kit/tools-lib'
import type { PaymentProvider } from '../../src/ports/payment-provider'
import { createInstantKit, IBAN, USERS } from '../instant-kit'
import { instantProvider } from '../instant-provider'
import { type Marks, memoryMarks } from '../marks'

/** Withdrawal number n, and everything about it, follows from n: nobody has to remember a million of them. */
const idOf = (n: number): string => `bench-${String(n).padStart(8, '0')}`
const numberOf = (id: string): number => Number(id.slice('bench-'.length))
const userOf = (n: number): number => (n % USERS) + 1
const AMOUNT = 10

const PENDING = 0
const PROCESSING = 1
export const SETTLED = 2
const PAID = 1
export const PAID_TWICE = 2

export interface NumberedKit {
  readonly toolsLib: ToolsLib
  settled(): number
}

export function numberedKit(rows: number, latencyMs = 0, states: Marks = memoryMarks(rows)): NumberedKit {
  let settled = 0
  const { toolsLib } = createInstantKit({ key: createSecretKey(Buffer.alloc(32, 1)), latencyMs })
  const after = <Answer>(answer: () => Answer): Promise<Answer> =>
    latencyMs === 0
      ? Promise.resolve(answer())
      : new Promise((resolve) => {
          setTimeout(() => resolve(answer()), latencyMs)
        })
  const burn = (n: number) => ({
    // Plainly: beginning with a spread it would be of a new shape each time on Node 20, and that would be counted as the plugin's.
    transaction_id: idOf(n),
    user_id: userOf(n),
    currency: 'eur',
    amount: AMOUNT,
    status: states.get(n) === SETTLED,
    rejected: false,
    dismissed: false,
    processing: states.get(n) === PROCESSING,
    waiting: false,
    onhold: false,
  })
  return {
    settled: () => settled,
    toolsLib: {
      ...toolsLib,
      wallet: {
        ...toolsLib.wallet,
        updatePendingBurn: (id, change) =>
          after(() => {
            const n = numberOf(id)
            if (states.get(n) === SETTLED) throw new Error('Withdrawal is already processed')
            if ('status' in change) {
              settled++
              states.set(n, SETTLED)
            } else states.set(n, 'processing' in change ? PROCESSING : PENDING)
            return burn(n)
          }),
        getUserWithdrawalsByKitId: (userId, ...query) =>
          after(() => {
            const n = numberOf(String(query[12]))
            const data = userOf(n) === userId ? [{ ...burn(n), network_id: 1_000 + userId }] : []
            return { count: data.length, data }
          }),
      },
    },
  }
}

/** Pays each number once, and marks the one that it is asked to pay twice. */
export function numberedBank(
  rows: number,
  {
    batchSize = 1_000,
    providerMs = 0,
    paid = memoryMarks(rows),
  }: { batchSize?: number; providerMs?: number; paid?: Marks } = {},
) {
  let calls = 0
  const { capabilities, ...rest } = instantProvider({ maxItems: batchSize })
  const wait = (): Promise<void> =>
    providerMs === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, providerMs))
  const settled = (key: string) => ({ kind: 'settled' as const, reference: key, transactionId: key })
  const provider: PaymentProvider = {
    ...rest,
    capabilities,
    async submit({ key, items }) {
      calls++
      await wait()
      for (const item of items) {
        const n = numberOf(item.key)
        paid.set(n, paid.get(n) === 0 ? PAID : PAID_TWICE)
      }
      const [only] = items
      if (items.length === 1 && only?.key === key) return settled(key)
      return {
        ...{ kind: 'accepted', reference: key },
        items: Object.fromEntries(items.map((item) => [item.key, settled(item.key)])),
      }
    },
    async lookup({ key }) {
      calls++
      await wait()
      return paid.get(numberOf(key)) !== 0 ? settled(key) : { kind: 'not_found', conclusive: true }
    },
  }
  return {
    provider,
    calls: () => calls,
    complaints() {
      const marks = Array.from({ length: rows }, (_, n) => paid.get(n))
      const count = (mark: number) => marks.filter((one) => one === mark).length
      return [
        ...(count(PAID_TWICE) > 0 ? [`${count(PAID_TWICE)} paid twice`] : []),
        ...(count(0) > 0 ? [`${count(0)} not paid`] : []),
      ]
    },
  }
}

/** As `POST /` and the lock leave them: ready for the next batch, or to be paid at once. */
export async function preload(
  database: Database,
  rows: number,
  mode: 'batch' | 'immediate' = 'batch',
): Promise<void> {
  for (let from = 0; from < rows; from += 50_000)
    await database.query(
      `with numbered as (
         select n, 'bench-' || lpad(n::text, 8, '0') as id, now() - interval '1 hour' as at
           from generate_series($1::int, $2::int) n
       ), stored as (
         insert into bank_withdrawal.withdrawals
           (id, user_id, request_hash, currency, amount, fee, payout_amount, method, destination, destination_masked,
            destination_hash, provider, mode, payout_key, end_to_end_id, state, version, next_run_at, held_at,
            state_since, created_at, updated_at)
         select id, n % $3::int + 1, '', 'eur', ${AMOUNT}, 0, ${AMOUNT}, 'BANK',
                'plain:{"method":"BANK","iban":"${IBAN}"}', 'DE********3000', 'hash', 'instant', $4, id, id,
                'ready', 2, at, at, at, at, at
           from numbered
       )
       insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, from_state, to_state, actor)
       select id, seq, at, event, from_state, to_state, actor
         from numbered, (values (1, 'withdrawal.requested', null, 'requested', 'user'),
                                (2, 'hold.confirmed', 'requested', 'ready', 'worker'))
                         steps (seq, event, from_state, to_state, actor)`,
      [from, Math.min(from + 50_000, rows) - 1, USERS, mode],
    )
}
