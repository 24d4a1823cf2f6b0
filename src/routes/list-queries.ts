import type { RequestHandler } from 'express'

import { SORT_COLUMNS } from '../db/statements/list-withdrawals'
import { isCurrencySymbol } from '../domain/identifiers'
import { type PublicStatus, publicStatus, type State, STATES } from '../domain/states'
import { checked } from './checked'
import { CURRENCY_SCHEMA } from './create-schema'
import { described, type Schema } from './described'
import type { Complaint } from './http'
import { DAY_OR_MOMENT } from './moments'

/** Query strings of the two lists. A repeated parameter arrives as an array, and is refused like any other nonsense. */

export const PAGE_SIZE_MAX = 100
/** Deeper pages cost the database more than any person reads. */
const OFFSET_MAX = 1_000_000
const SEARCH_MAX = 128

/** A form sends the fields that nobody filled in as empty ones. */
const isAbsent = (value: unknown): boolean => value === undefined || value === ''

interface Field {
  readonly isValid: (value: string) => boolean
  readonly mustBe: string
  readonly schema: Schema
}

function field(name: string, { isValid, mustBe, schema }: Field): RequestHandler {
  const validator = checked('query', name, (value: unknown) => {
    if (isAbsent(value) || (typeof value === 'string' && isValid(value))) return true
    const complaint: Complaint = { code: 'invalid_request', message: `${name} must be ${mustBe}.` }
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    throw complaint
  })
  return described(validator, { in: 'query', name, schema })
}

const integer = (name: string, min: number, max: number, fallback: number): RequestHandler =>
  field(name, {
    isValid: (value) => /^-?\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max,
    mustBe: `a whole number from ${min} to ${max}`,
    schema: { type: 'integer', minimum: min, maximum: max, default: fallback },
  })

const oneOf = (name: string, values: readonly string[], fallback?: string): RequestHandler =>
  field(name, {
    isValid: (value) => values.includes(value),
    mustBe: `one of: ${values.join(', ')}`,
    schema: { type: 'string', enum: values, ...(fallback !== undefined && { default: fallback }) },
  })

const date = (name: string): RequestHandler =>
  field(name, {
    isValid: (value) => readDate(value) !== null,
    mustBe: 'an ISO 8601 date, for example 2026-01-31',
    schema: {
      type: 'string',
      pattern: DAY_OR_MOMENT.source,
      description: 'A day, or a moment, in UTC where no zone is given.',
      examples: ['2026-01-31'],
    },
  })

/** The same names in every list. */
export const dateQueries: readonly RequestHandler[] = [date('start_date'), date('end_date')]

/**
 * In UTC where no zone is given: the answer must not depend on where the server stands.
 *
 * @param timeOfBareDay What a day without a time means.
 */
function readDate(value: string, timeOfBareDay = '00:00'): Date | null {
  const [, day, time = timeOfBareDay, zone = 'Z'] = DAY_OR_MOMENT.exec(value) ?? []
  if (day === undefined) return null
  const read = new Date(`${day}T${time}${zone}`)
  const year = read.getUTCFullYear()
  // Other years are written in a way that PostgreSQL does not read; NaN is refused here too.
  return year >= 1 && year <= 9_999 ? read : null
}

const STATUSES: readonly PublicStatus[] = ['pending', 'processed', 'canceled']

/** `GET /list`, as DataTables and the IoTaaP API ask. */
export const listValidators = [
  integer('offset', -1, OFFSET_MAX, -1),
  integer('limit', 1, PAGE_SIZE_MAX, 10),
  integer('draw', 0, 999_999_999, 0),
  oneOf('order', ['asc', 'desc'], 'desc'),
  field('search', {
    isValid: (value) => value.length <= SEARCH_MAX && !/[\p{Cc}\p{Cs}]/u.test(value),
    mustBe: `a line of at most ${SEARCH_MAX} characters`,
    schema: {
      ...{ type: 'string', maxLength: SEARCH_MAX, pattern: '^[^\\x00-\\x1f\\x7f-\\x9f]*$' },
      description:
        'What one knows a withdrawal by: its number or the bank’s, the account or its last four characters, or the amount. ' +
        'Newest first, whatever `order` says.',
    },
  }),
]

/** `GET /`, as the kit's own lists ask. */
export const pageValidators = [
  integer('limit', 1, PAGE_SIZE_MAX, 50),
  integer('page', 1, OFFSET_MAX / PAGE_SIZE_MAX, 1),
  oneOf('order_by', SORT_COLUMNS, 'created_at'),
  oneOf('order', ['asc', 'desc'], 'desc'),
  oneOf('status', STATUSES),
  oneOf('format', ['csv']),
  ...dateQueries,
  field('currency', {
    isValid: isCurrencySymbol,
    mustBe: 'a currency symbol such as "eur"',
    schema: CURRENCY_SCHEMA,
  }),
]

type Query = Readonly<Record<string, unknown>>

const numberOf = (value: unknown, fallback: number): number => (isAbsent(value) ? fallback : Number(value))
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined
const orderOf = (value: unknown): 'asc' | 'desc' => (value === 'asc' ? 'asc' : 'desc')

export const readListQuery = (input: Query) => ({
  // -1 is that API's word for "from the start".
  offset: Math.max(0, numberOf(input.offset, -1)),
  limit: numberOf(input.limit, 10),
  order: orderOf(input.order),
  draw: numberOf(input.draw, 0),
  search: textOf(input.search)?.trim() ?? '',
})

export function readPageQuery(input: Query) {
  const limit = numberOf(input.limit, 50)
  const status = textOf(input.status) as PublicStatus | undefined
  const currency = textOf(input.currency)?.toLowerCase()
  return {
    limit,
    offset: (numberOf(input.page, 1) - 1) * limit,
    order: orderOf(input.order),
    sort: (textOf(input.order_by) ?? 'created_at') as (typeof SORT_COLUMNS)[number],
    format: input.format === 'csv' ? ('csv' as const) : ('json' as const),
    filter: {
      ...(currency !== undefined && { currency }),
      ...(status !== undefined && { states: statesShownAs(status) }),
      ...readDates(input),
    },
  }
}

export function readDates(input: Query): { from?: Date; until?: Date } {
  const from = textOf(input.start_date)
  const until = textOf(input.end_date)
  return {
    ...(from !== undefined && { from: readDate(from) ?? new Date(0) }),
    // The last day is meant to be part of it.
    ...(until !== undefined && { until: readDate(until, '23:59:59.999') ?? new Date(0) }),
  }
}

const statesShownAs = (status: PublicStatus): State[] =>
  STATES.filter((state) => publicStatus(state) === status)
