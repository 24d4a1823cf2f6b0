import type { RequestHandler } from 'express'

import { readDecimal } from '../../domain/money'
import {
  type ActionForSeveral,
  FOR_SEVERAL,
  type ItemResult,
  SEVERAL_MAX,
  type SeveralDecision,
} from '../../services/operate/several'
import { checked } from '../checked'
import type { Schema } from '../described'
import { handle, rejectInvalid } from '../http'
import { presentApproval } from './approvals'
import {
  actorOf,
  isVersion,
  member,
  onlyKeys,
  reasonOf,
  reasonValidator,
  refuse,
  VERSION_SCHEMA,
} from './input'
import { presentWithdrawal } from './present'

export type DecideSeveral = (
  action: ActionForSeveral,
  decision: SeveralDecision,
) => Promise<readonly ItemResult[]>

interface Given {
  readonly items: readonly { readonly id: string; readonly version: number }[]
  readonly totals: Readonly<Record<string, unknown>>
}

/** One decision about several, with a result for each. */
export const severalRoute = (decide: DecideSeveral): RequestHandler[] => [
  checked('param', 'action', (value: unknown) =>
    (FOR_SEVERAL as readonly unknown[]).includes(value)
      ? true
      : refuse(`Several at once can only: ${FOR_SEVERAL.join(', ')}.`),
  ),
  ...severalInput(),
  rejectInvalid,
  handle(async (req, res) => {
    const { items, totals } = req.body as Given
    const results = await decide(req.params.action as ActionForSeveral, {
      ...{ actor: actorOf(res), reason: reasonOf(req.body), items },
      totals: Object.fromEntries(
        Object.entries(totals).map(([currency, amount]) => [
          currency.toLowerCase(),
          readDecimal(amount) ?? '0',
        ]),
      ),
    })
    res.json({ data: results.map(presentResult) })
  }),
]

const totalsValidator = () =>
  member(
    'totals',
    {
      type: 'object',
      additionalProperties: {
        anyOf: [{ type: 'number' }, { type: 'string', maxLength: 64, pattern: '^-?[0-9]+(\\.[0-9]+)?$' }],
      },
      description: 'Their sums by currency, which the person who decides has seen.',
    },
    (value) =>
      isObject(value) && Object.values(value).every((amount) => readDecimal(amount) !== null)
        ? true
        : refuse('totals must be an object of sums by currency, as the withdrawals add up to.'),
  )

const ITEMS: Schema = {
  ...{ type: 'array', minItems: 1, maxItems: SEVERAL_MAX },
  description: 'Each once.',
  items: {
    ...{ type: 'object', additionalProperties: false, required: ['id', 'version'] },
    properties: {
      id: { type: 'string' },
      version: VERSION_SCHEMA,
    },
  },
}

export const severalInput = (): RequestHandler[] => [
  ...[onlyKeys('reason', 'items', 'totals'), reasonValidator, itemsValidator(), totalsValidator()],
]

function itemsValidator() {
  return member('items', ITEMS, (value: unknown) => {
    if (!Array.isArray(value) || value.length === 0 || value.length > SEVERAL_MAX)
      return refuse(`items must be a list of 1 to ${SEVERAL_MAX} withdrawals.`)
    const items = value as unknown[]
    const ids = new Set(items.map((item) => (isObject(item) ? item.id : null)))
    return items.every(isItem) && ids.size === items.length
      ? true
      : refuse('Each item must have an id, and the version that was shown, once.')
  })
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isItem = (value: unknown): boolean =>
  isObject(value) &&
  Object.keys(value).every((key) => key === 'id' || key === 'version') &&
  typeof value.id === 'string' &&
  isVersion(value.version)

function presentResult(result: ItemResult) {
  const { id } = result
  if ('done' in result) return { id, ok: true, withdrawal: presentWithdrawal(result.done) }
  if ('proposed' in result) return { id, ok: true, approval: presentApproval(result.proposed) }
  return { id, ok: false, code: result.refused.code, message: result.refused.message }
}
