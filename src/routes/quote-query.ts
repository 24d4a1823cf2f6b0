import type { RequestHandler } from 'express'

import { type Method, METHODS } from '../domain/destination'
import { isCurrencySymbol } from '../domain/identifiers'
import { parseAmount } from '../domain/money'
import { TEXTS } from '../errors'
import type { QuoteRequest } from '../services/intake/quote'
import { checked } from './checked'
import { AMOUNT_COMPLAINTS, complain, DECIMALS_MAX } from './create-body'
import { AMOUNT_TEXT, CURRENCY_SCHEMA } from './create-schema'
import { described, type Schema } from './described'
import type { Complaint } from './http'

/** The query of `GET /quote`: what the body of a request says of its amount. */
export const quoteValidators: readonly RequestHandler[] = [
  required('amount', AMOUNT_TEXT, (value) => {
    const parsed = parseAmount(value, DECIMALS_MAX)
    return 'problem' in parsed ? { code: 'invalid_amount', message: AMOUNT_COMPLAINTS[parsed.problem] } : null
  }),
  required('currency', CURRENCY_SCHEMA, (value) =>
    isCurrencySymbol(value)
      ? null
      : { code: 'unsupported_currency', message: 'currency must be a currency symbol such as "eur".' },
  ),
  required('method', { type: 'string', enum: METHODS }, (value) =>
    isMethod(value) ? null : { code: 'invalid_method', message: TEXTS.invalidMethod },
  ),
]

function required(
  name: string,
  schema: Schema,
  complaintOf: (value: unknown) => Complaint | null,
): RequestHandler {
  const validator = checked('query', name, (value: unknown) => complain(complaintOf(value)))
  return described(validator, { in: 'query', name, schema, isRequired: true })
}

const isMethod = (value: unknown): value is Method => METHODS.some((known) => known === value)

/** Reads a query that has passed the validators. */
export function readQuoteQuery(given: Readonly<Record<string, unknown>>): Omit<QuoteRequest, 'userId'> {
  const { currency, method } = given
  const parsed = parseAmount(given.amount, DECIMALS_MAX)
  if ('problem' in parsed || typeof currency !== 'string' || !isMethod(method))
    throw new Error('The query was not validated.')
  return { currency: currency.toLowerCase(), method, amount: parsed.amount }
}
