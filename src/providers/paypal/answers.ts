import { readDecimal } from '../../domain/money'

/**
 * Reads what PayPal answers. Nothing is taken for granted: a field that is missing or of another type is null, and
 * nothing follows from null.
 */

export interface Money {
  /** Lower case, as ours. */
  readonly currency: string
  readonly amount: string
}

export interface BatchHeader {
  readonly batchId: string | null
  readonly key: string | null
  readonly status: string | null
  readonly amount: Money | null
}

export interface BatchPage {
  readonly header: BatchHeader
  readonly items: readonly ItemAnswer[]
  readonly totalItems: number | null
  readonly totalPages: number | null
}

export interface ItemAnswer {
  readonly itemId: string
  readonly key: string | null
  readonly status: string | null
  readonly transactionId: string | null
  readonly money: Money | null
  readonly receiver: string | null
  /** The name of what is wrong with it, a word such as RECEIVER_UNREGISTERED. */
  readonly error: string | null
}

export interface ErrorAnswer {
  readonly name: string
  readonly details: readonly { readonly field: string; readonly links: readonly string[] }[]
}

type Fields = Readonly<Record<string, unknown>>

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const countOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null
/** Ids go into paths, documents and the journal, so they are only what an id of PayPal's looks like. */
const idOf = (value: unknown): string | null =>
  typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value) ? value : null
/** A word of PayPal's own, never free text: that could repeat what a person typed. */
const wordOf = (value: unknown): string | null =>
  typeof value === 'string' && /^[A-Z][A-Z0-9_]{0,99}$/.test(value) ? value : null

function moneyOf(value: unknown): Money | null {
  const { currency, value: text } = fieldsOf(value)
  const amount = readDecimal(text)
  return typeof currency === 'string' && amount !== null ? { currency: currency.toLowerCase(), amount } : null
}

function headerOf(value: unknown): BatchHeader {
  const { payout_batch_id, batch_status, amount, sender_batch_header } = fieldsOf(value)
  return {
    batchId: idOf(payout_batch_id),
    key: textOf(fieldsOf(sender_batch_header).sender_batch_id),
    status: wordOf(batch_status),
    amount: moneyOf(amount),
  }
}

/** Of a 201: only the header is there. */
export const readCreated = (body: unknown): BatchHeader => headerOf(fieldsOf(body).batch_header)

export function readBatchPage(body: unknown): BatchPage {
  const { batch_header, items, total_items, total_pages } = fieldsOf(body)
  return {
    header: headerOf(batch_header),
    items: listOf(items).flatMap((item) => readItem(item) ?? []),
    totalItems: countOf(total_items),
    totalPages: countOf(total_pages),
  }
}

/** @returns null when it has no id: it is no payout item. */
export function readItem(body: unknown): ItemAnswer | null {
  const { payout_item_id, transaction_status, transaction_id, payout_item, errors } = fieldsOf(body)
  const itemId = idOf(payout_item_id)
  if (itemId === null) return null
  const { sender_item_id, amount, receiver } = fieldsOf(payout_item)
  return {
    itemId,
    key: textOf(sender_item_id),
    // Not as it stands: it may be a text. Somebody has to hear of it all the same.
    status: wordOf(transaction_status) ?? (textOf(transaction_status) === null ? null : 'UNREADABLE'),
    transactionId: idOf(transaction_id),
    money: moneyOf(amount),
    receiver: textOf(receiver),
    error: wordOf(fieldsOf(errors).name),
  }
}

/** @returns null when it is no error of PayPal's (a proxy's page, say). */
export function readError(body: unknown): ErrorAnswer | null {
  const { name, details } = fieldsOf(body)
  const word = wordOf(name)
  if (word === null) return null
  return { name: word, details: listOf(details).map(detailOf) }
}

function detailOf(value: unknown): ErrorAnswer['details'][number] {
  // Live answers say `link`, the specification says nothing, other errors of PayPal's say `links`.
  const { field, link, links } = fieldsOf(value)
  const hrefs = [...listOf(link), ...listOf(links)].flatMap((entry) => textOf(fieldsOf(entry).href) ?? [])
  return { field: textOf(field) ?? '', links: hrefs }
}

/** The batch a link leads to. Only the id is used: the host in it may be another one, and is not to be trusted. */
export const batchIdInLink = (href: string): string | null =>
  idOf(/\/v1\/payments\/payouts\/([^/?#]+)\/?(?:[?#].*)?$/.exec(href)?.[1])
