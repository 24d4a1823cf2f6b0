import { isZero, readDecimal, sum } from '../../domain/money'
import type { DeclineCode } from '../../domain/reasons'
import { errorFields } from '../../errors'
import type { Clock } from '../../ports/clock'
import type { Logger } from '../../ports/logger'
import type { ProviderDocuments } from '../../ports/payment-provider'
import { apiTime, type Fields, fieldsOf, type ModulrApi, type Payment, textOf } from './api'
import type { SourceAccounts } from './payment-request'
import { returnCode } from './statuses'

/**
 * Money that comes back does not change the payment: it arrives as a credit of type PO_REV, which names the scheme's
 * id of the payment. The credits are collected from the accounts and kept, so that partial returns add up and each
 * counts once.
 */
export interface Returns {
  /** All that has come back so far, by the payment's id; a payment nothing came back of is not in it. */
  of(payments: readonly Payment[]): Promise<ReadonlyMap<string, Returned>>
}

export interface Returned {
  readonly amount: string
  readonly code: DeclineCode
}

export interface ReturnsDeps {
  readonly api: ModulrApi
  readonly documents: ProviderDocuments
  readonly accounts: SourceAccounts
  readonly clock: Clock
  readonly logger: Logger
}

const DAY_MS = 24 * 3_600_000
/** Recalls are answered within 15 banking days (EPC SCT rulebook); later money comes as a new payment. */
export const RETURN_WINDOW_MS = 30 * DAY_MS
/** Bookings can be dated back; what is known already is not counted again. */
const OVERLAP_MS = 2 * DAY_MS
/** A thousand look-ups in a minute read the account once. */
const SWEEP_EVERY_MS = 60_000

interface Credit {
  readonly amount: string
  readonly reason: string | null
}

export function createReturns(deps: ReturnsDeps): Returns {
  const { documents, clock, logger } = deps
  let sweptAtMs: number | null = null
  let sweeping: Promise<void> | null = null

  /** A sweep that fails is tried again with the next question; a return is then reported a little later. */
  function sweep(): Promise<void> {
    if (sweeping) return sweeping
    if (sweptAtMs !== null && clock.monotonicMs() - sweptAtMs < SWEEP_EVERY_MS) return Promise.resolve()
    const startedAtMs = clock.monotonicMs()
    sweeping = sweepAll(deps)
      .then(() => {
        sweptAtMs = startedAtMs
      })
      .catch((error: unknown) => {
        logger.warn('modulr.returns_unread', errorFields(error))
      })
      .finally(() => {
        sweeping = null
      })
    return sweeping
  }

  return {
    async of(payments) {
      await sweep()
      const returned = new Map<string, Returned>()
      // One question for a batch of thousands, whose scheme ids are all in the same answer.
      const [single, ...others] = payments
      const book = others.length > 0 ? await documents.list('return/') : null
      for (const payment of payments) {
        const schemeId =
          payment === single && !book ? await rememberedSchemeId(documents, payment) : payment.schemeId
        if (schemeId === null) continue
        const prefix = creditPrefix(schemeId)
        const found = book ? book.filter(({ id }) => id.startsWith(prefix)) : await documents.list(prefix)
        const total = totalOf(found.map(({ value }) => value as Credit))
        if (total) returned.set(payment.id, total)
      }
      return returned
    },
  }
}

function totalOf(credits: readonly Credit[]): Returned | null {
  const amount = sum(credits.map((credit) => credit.amount))
  const reason = credits.find((credit) => credit.reason !== null)?.reason ?? null
  return isZero(amount) ? null : { amount, code: returnCode(reason) }
}

/** Stored when first seen: the link between a return and its payment must not depend on what Modulr shows later. */
async function rememberedSchemeId(documents: ProviderDocuments, payment: Payment): Promise<string | null> {
  const id = `scheme/${payment.id}`
  if (payment.schemeId === null) return ((await documents.read(id))?.value as string | undefined) ?? null
  await documents.create(id, payment.schemeId)
  return payment.schemeId
}

/** In some places the scheme's ids carry the name of the gateway in front (`PAYPORT:`). */
const bare = (schemeId: string): string => schemeId.replace(/^[A-Z_]+:/, '')
const creditPrefix = (schemeId: string): string => `return/${bare(schemeId)}/`

async function sweepAll({ api, documents, accounts, clock, logger }: ReturnsDeps): Promise<void> {
  const cursor = await documents.read('returns/cursor')
  const now = clock.now()
  const fromMs = cursor
    ? Date.parse(cursor.value as string) - OVERLAP_MS
    : now.getTime() - RETURN_WINDOW_MS - OVERLAP_MS
  for (const account of Object.values(accounts)) {
    const credits = await api.list(`/accounts/${encodeURIComponent(account)}/transactions`, {
      type: 'PO_REV',
      credit: 'true',
      fromPostedDate: apiTime(new Date(fromMs)),
    })
    for (const credit of credits) await keep(credit, { api, documents, logger })
  }
  if (cursor) await documents.replace('returns/cursor', now.toISOString(), cursor.version)
  else await documents.create('returns/cursor', now.toISOString())
}

async function keep(
  transaction: Fields,
  { api, documents, logger }: Pick<ReturnsDeps, 'api' | 'documents' | 'logger'>,
): Promise<void> {
  const id = textOf(transaction.id)
  const amount = readDecimal(transaction.amount)
  if (id === null || amount === null || transaction.credit === false) return
  if (await documents.read(`credit/${id}`)) return
  const facts = await factsOf(transaction, api)
  if (facts.schemeId === null) {
    // It cannot be told whose it is: reconciliation and the operator have to.
    logger.warn('modulr.return_unmatched', { transactionId: id })
  } else {
    const credit: Credit = { amount, reason: facts.reason }
    await documents.create(`${creditPrefix(facts.schemeId)}${id}`, credit)
  }
  // Last: a crash before this line reads the same credit again, and `create` keeps the first.
  await documents.create(`credit/${id}`, facts.schemeId)
}

/** The transaction's own notes, or else those of the incoming payment behind it. */
async function factsOf(transaction: Fields, api: ModulrApi) {
  const notes = notesIn(transaction.additionalInfo)
  const source = textOf(transaction.sourceId)
  if (notes.schemeId !== null || source === null) return notes
  const [payin] = await api.payments({ ids: source })
  return notesIn(payin?.details)
}

/** Described nowhere but in the webhook, whose names begin with capitals; found in whatever writing. */
function notesIn(value: unknown): { schemeId: string | null; reason: string | null } {
  const found = Object.entries(fieldsOf(value))
  const named = (name: string) =>
    textOf(found.find(([key]) => key.replace(/_/g, '').toLowerCase() === name)?.[1])
  return { schemeId: named('originalschemeid'), reason: named('returnreason') }
}
