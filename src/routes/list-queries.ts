import { query, type ValidationChain } from 'express-validator'

import { SORT_COLUMNS } from '../db/find-withdrawals'
import { type PublicStatus, publicStatus, type State, STATES } from '../domain/states'
import type { Complaint } from './http'

/** Query strings of the two lists. A repeated parameter arrives as an array, and is refused like any other nonsense. */

export const PAGE_SIZE_MAX = 100
/** Deeper pages cost the database more than any person reads. */
const OFFSET_MAX = 1_000_000

const invalid = (message: string): Complaint => ({ code: 'invalid_request', message })

function integer(name: string, min: number, max: number): ValidationChain {
  return query(name).custom((value: unknown) => {
    if (value === undefined) return true
    const number = typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Number(value) : NaN
    if (number >= min && number <= max) return true
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    throw invalid(`${name} must be a whole number from ${min} to ${max}.`)
  })
}

function oneOf(name: string, values: readonly string[]): ValidationChain {
  return query(name).custom((value: unknown) => {
    if (value === undefined || (typeof value === 'string' && values.includes(value))) return true
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    throw invalid(`${name} must be one of: ${values.join(', ')}.`)
  })
}

function date(name: string): ValidationChain {
  return query(name).custom((value: unknown) => {
    if (value === undefined || (typeof value === 'string' && readDate(value) !== null)) return true
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    throw invalid(`${name} must be an ISO 8601 date, for example 2026-01-31.`)
  })
}

function readDate(value: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}([T ][\d:.]{5,12}(Z|[+-]\d{2}:?\d{2})?)?$/.test(value)) return null
  const read = new Date(value)
  return Number.isNaN(read.getTime()) ? null : read
}

const STATUSES: readonly PublicStatus[] = ['pending', 'processed', 'canceled']

/** `GET /list`, as DataTables and the IoTaaP API ask. */
export const listValidators = [
  integer('offset', -1, OFFSET_MAX),
  integer('limit', 1, PAGE_SIZE_MAX),
  integer('draw', 0, 999_999_999),
  oneOf('order', ['asc', 'desc']),
]

/** `GET /`, as the kit's own lists ask. */
export const pageValidators = [
  integer('limit', 1, PAGE_SIZE_MAX),
  integer('page', 1, OFFSET_MAX / PAGE_SIZE_MAX),
  oneOf('order_by', SORT_COLUMNS),
  oneOf('order', ['asc', 'desc']),
  oneOf('status', STATUSES),
  oneOf('format', ['csv']),
  date('start_date'),
  date('end_date'),
  query('currency').custom((value: unknown) => {
    if (value === undefined || (typeof value === 'string' && /^[A-Za-z0-9_-]{1,20}$/.test(value))) return true
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    throw invalid('currency must be a currency symbol such as "eur".')
  }),
]

type Query = Readonly<Record<string, unknown>>

const numberOf = (value: unknown, fallback: number): number =>
  value === undefined ? fallback : Number(value)
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const orderOf = (value: unknown): 'asc' | 'desc' => (value === 'asc' ? 'asc' : 'desc')

export const readListQuery = (input: Query) => ({
  // -1 is that API's word for "from the start".
  offset: Math.max(0, numberOf(input.offset, -1)),
  limit: numberOf(input.limit, 10),
  order: orderOf(input.order),
  draw: numberOf(input.draw, 0),
})

export function readPageQuery(input: Query) {
  const limit = numberOf(input.limit, 50)
  const status = textOf(input.status) as PublicStatus | undefined
  const currency = textOf(input.currency)?.toLowerCase()
  const from = textOf(input.start_date)
  const until = textOf(input.end_date)
  return {
    limit,
    offset: (numberOf(input.page, 1) - 1) * limit,
    order: orderOf(input.order),
    sort: (textOf(input.order_by) ?? 'created_at') as (typeof SORT_COLUMNS)[number],
    format: input.format === 'csv' ? ('csv' as const) : ('json' as const),
    filter: {
      ...(currency !== undefined && { currency }),
      ...(status !== undefined && { states: statesShownAs(status) }),
      ...(from !== undefined && { from: readDate(from) ?? new Date(0) }),
      ...(until !== undefined && { until: readDate(until) ?? new Date(0) }),
    },
  }
}

const statesShownAs = (status: PublicStatus): State[] =>
  STATES.filter((state) => publicStatus(state) === status)
