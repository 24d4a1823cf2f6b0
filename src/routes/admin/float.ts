import { Router } from 'express'

import type { FundingCall } from '../../db/float'
import { CURRENCY_SYMBOL } from '../../domain/identifiers'
import { decimalsOf, parseAmount } from '../../domain/money'
import type { FloatDesk, FloatSight } from '../../services/operate/float'
import { checked } from '../checked'
import { AMOUNT_TEXT } from '../create-schema'
import { described } from '../described'
import { handle, rejectInvalid } from '../http'
import { actorOf, member, onlyKeys, reasonOf, reasonValidator, refuse, versionValidator } from './input'

/** An account that is empty. */
const NOTHING = /^0(\.0{1,4})?$/

const nameIn = (name: string, pattern: RegExp, message: string) =>
  member(name, { type: 'string', pattern: pattern.source }, (value) =>
    typeof value === 'string' && pattern.test(value) ? true : refuse(message),
  )

const availableValidator = described(
  checked('body', 'available', (value: unknown, { req }) => {
    const { currency } = req.body as { currency?: unknown }
    return availableIn(value, typeof currency === 'string' ? currency : '') === null
      ? refuse('available must be what the account can pay out now: 0 or more, as a decimal of the currency.')
      : true
  }),
  {
    ...{ in: 'body', name: 'available', isRequired: true },
    schema: {
      anyOf: [AMOUNT_TEXT, { type: 'string', pattern: NOTHING.source }, { type: 'number', minimum: 0 }],
      description: '0 or more, as a decimal of the currency.',
    },
  },
)

export const floatInput = [
  onlyKeys('provider', 'currency', 'available', 'reason', 'version'),
  nameIn('provider', /^[a-z][a-z0-9-]{0,31}$/, 'provider must be the name of a provider.'),
  nameIn('currency', CURRENCY_SYMBOL, 'currency must be a currency symbol in lower case.'),
  ...[availableValidator, reasonValidator, versionValidator],
]

/** What payout accounts hold against what waits, and who is asked to fill them. */
export function floatRoutes({ floats }: { readonly floats: FloatDesk }): Router {
  const router = Router()
  router.get(
    '/',
    handle(async (_req, res) => {
      const [data, calls] = await Promise.all([floats.list(), floats.calls()])
      res.json({ data: data.map(presentFloat), funding_calls: calls.map(presentCall) })
    }),
  )
  router.post(
    '/',
    ...floatInput,
    rejectInvalid,
    handle(async (req, res) => {
      const given = req.body as { provider: string; currency: string; available: unknown; version?: number }
      const entered = await floats.enter({
        provider: given.provider,
        currency: given.currency,
        available: availableIn(given.available, given.currency) ?? '0',
        actor: actorOf(res),
        reason: reasonOf(given),
        version: given.version ?? null,
      })
      res.json(presentFloat(entered))
    }),
  )
  return router
}

/** An empty account is worth saying, too. */
function availableIn(given: unknown, currency: string): string | null {
  if (given === 0 || (typeof given === 'string' && NOTHING.test(given))) return '0'
  const read = parseAmount(given, decimalsOf(currency))
  return 'amount' in read ? read.amount : null
}

const presentFloat = (float: FloatSight) => ({
  provider: float.provider,
  currency: float.currency,
  account: float.account,
  /** null where nobody says what is there. */
  available: float.level?.available ?? null,
  source: float.level?.source ?? null,
  as_of: float.level?.at.toISOString() ?? null,
  is_old: float.level?.isOld ?? false,
  is_told: float.isTold,
  is_short: float.isShort,
  queued: { count: float.queuedCount, total: float.queued },
  waiting_count: float.waitingCount,
  mode: float.mode,
  next_run_at: float.nextRunAt?.toISOString() ?? null,
  version: float.entry?.version ?? 0,
  ...(float.entry && {
    entered: {
      available: float.entry.available,
      at: float.entry.at.toISOString(),
      actor: float.entry.actor,
      reason: float.entry.reason,
    },
  }),
})

export const presentCall = (call: FundingCall) => ({
  id: call.id,
  provider: call.provider,
  currency: call.currency,
  account: call.account,
  amount: call.amount,
  needed_by: call.neededBy.toISOString(),
  available: call.available,
  queued: call.queued,
  expected: call.expected,
  opened_at: call.openedAt.toISOString(),
  updated_at: call.updatedAt.toISOString(),
  ...(call.closedAt && { closed_at: call.closedAt.toISOString(), closed_as: call.closedAs }),
})
