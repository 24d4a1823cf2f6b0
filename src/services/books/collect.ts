import type { BooksStore, ReconciliationRun } from '../../db/books'
import { isRefused } from '../../db/connect/database'
import { isPayoutKey } from '../../domain/identifiers'
import {
  afterFailure,
  afterPage,
  afterWindow,
  FAILURES_MAX,
  failureWaitMs,
  newSource,
  type ReconciliationItem,
  type ReconciliationPlace,
  type Source,
  windowOf,
  withdrawalNamedBy,
} from '../../domain/reconciliation'
import { redactText } from '../../domain/redaction'
import { isStorable, storableText } from '../../domain/storable'
import { describeError } from '../../errors'
import type { Exchange, ListedCredit, ListedHold } from '../../ports/exchange'
import type { ListedPayout, PaymentProvider } from '../../ports/payment-provider'
import type { ProviderCalls } from '../payouts/provider-calls'

export interface CollectDeps {
  readonly books: BooksStore
  readonly exchange: Pick<Exchange, 'listCurrencies' | 'listHolds' | 'listCredits'>
  readonly providers: readonly PaymentProvider[]
  readonly providerNamed: (name: string) => PaymentProvider | null
  readonly providerCalls: Pick<ProviderCalls, 'list'>
}

/** The run as it was written; null when it is somebody else's now. `waits`: an answer could not be had, it is due later. */
export type Turn = { readonly run: ReconciliationRun; readonly waits: boolean } | null

/** Of an answer that could not be had. */
const WHY_LENGTH_MAX = 200
export const whyOf = (error: unknown): string =>
  redactText(describeError(error).message).slice(0, WHY_LENGTH_MAX)

/** Which lists there are to read. */
export async function findSources(
  { books, exchange, providers }: CollectDeps,
  run: ReconciliationRun,
  keepSeconds: number,
): Promise<Turn> {
  const { place, since } = run
  let currencies: readonly string[]
  try {
    currencies = (await exchange.listCurrencies()).filter(({ isFiat }) => isFiat).map(({ symbol }) => symbol)
  } catch (error) {
    return failed(books, run, { ...place, failures: place.failures + 1 }, whyOf(error))
  }
  const listing = providers.filter(({ listPayouts }) => listPayouts)
  const sources = [
    ...currencies.map((name) => newSource('hold', name, since)),
    ...currencies.map((name) => newSource('credit', name, since)),
    ...listing.map(({ name }) => newSource('payout', name, since)),
  ]
  const notListed = providers.filter((provider) => !listing.includes(provider)).map(({ name }) => name)
  const found = { ...place, phase: 'collect', failures: 0, sources, notListed } as const
  return went(await books.advance(run, { place: found, keepSeconds }))
}

/** One window of one list, and how far it has come, in one commit; meanwhile the next one is read. */
export async function collectNext(
  { books, windows }: Pick<CollectDeps, 'books'> & { readonly windows: Windows },
  run: ReconciliationRun,
  source: Source,
  keepSeconds: number,
): Promise<Turn> {
  const answer = await windows.read(source, run.until)
  const written = (next: Source): ReconciliationPlace => ({
    ...run.place,
    sources: run.place.sources.map((one) => (one === source ? next : one)),
  })
  async function withoutIt(why: string): Promise<Turn> {
    const next = afterFailure(source, why)
    const againInMs = failureWaitMs(source.failures)
    if (next.isDone) return went(await books.advance(run, { place: written(next), keepSeconds }))
    return waited(await books.advance(run, { place: written(next), againInMs }))
  }
  if (answer.kind === 'failed') return withoutIt(answer.why)
  const { items, cursor } = answer
  const place = written(
    cursor === null ? afterWindow(source, run.until, items.length) : afterPage(source, cursor, items.length),
  )
  const following = place.sources.find(({ isDone }) => !isDone)
  if (following) windows.begin(following, run.until)
  try {
    return went(await books.advance(run, { place, items, keepSeconds }))
  } catch (error) {
    // It would be listed again, and refused again, at every turn.
    if (!isRefused(error)) throw error
    return withoutIt(`something in it cannot be stored: ${whyOf(error)}`)
  }
}

type Window =
  | { readonly kind: 'read'; readonly items: readonly ReconciliationItem[]; readonly cursor: string | null }
  | { readonly kind: 'failed'; readonly why: string }

/** What is listed, a window at a time: the others are asked for one, and never for two at once. */
export interface Windows {
  /** What was begun, if it was this one. */
  read(source: Source, until: Date): Promise<Window>
  /** Waits for nothing. */
  begin(source: Source, until: Date): void
  /** Resolves when nobody is being asked any more. Never rejects. */
  rest(): Promise<void>
}

export function createWindows(deps: CollectDeps): Windows {
  let ahead: { readonly name: string; readonly window: Promise<Window> } | null = null
  const nameOf = (source: Source, until: Date): string =>
    JSON.stringify([source.kind, source.name, source.cursor, windowOf(source, until)])
  const rest = async () => {
    const begun = ahead
    ahead = null
    await begun?.window
  }
  return {
    async read(source, until) {
      if (ahead?.name !== nameOf(source, until)) {
        await rest()
        return readWindow(deps, source, until)
      }
      const { window } = ahead
      ahead = null
      return window
    },
    begin(source, until) {
      ahead = { name: nameOf(source, until), window: readWindow(deps, source, until) }
    },
    rest,
  }
}

async function readWindow(deps: CollectDeps, source: Source, until: Date): Promise<Window> {
  const range = windowOf(source, until)
  const { kind, name, cursor } = source
  try {
    if (kind === 'hold')
      return read((await deps.exchange.listHolds({ currency: name, ...range })).map(fromHold))
    if (kind === 'credit')
      return read(
        (await deps.exchange.listCredits({ currency: name, ...range })).map(fromCredit).filter(isOfOurs),
      )
    const provider = deps.providerNamed(name)
    if (!provider) return { kind: 'failed', why: 'the provider is not configured any more' }
    const answer = await deps.providerCalls.list(provider, { ...range, cursor })
    if (answer.kind === 'unknown') return { kind: 'failed', why: answer.why }
    const ours = answer.page.payouts.filter(({ key }) => isPayoutKey(key))
    return read(ours.map(fromPayout(name)), answer.page.next)
  } catch (error) {
    return { kind: 'failed', why: whyOf(error) }
  }
}

const read = (items: readonly ReconciliationItem[], cursor: string | null = null): Window => ({
  kind: 'read',
  items,
  cursor,
})

/** What is no text is no name of ours either, and keeps none beside it from being stored. */
const nameOf = (id: string): string => (isStorable(id) ? id : storableText(id))

// Members one by one, and nothing spread: there may be millions of these.
function fromHold(hold: ListedHold): ReconciliationItem {
  const named = withdrawalNamedBy(hold.id, hold.description)
  const id = nameOf(hold.id)
  return {
    kind: 'hold',
    source: hold.currency,
    id,
    ref: named ?? id,
    isOurs: named !== null,
    userId: hold.userId,
    currency: hold.currency,
    amount: hold.amount,
    fee: hold.fee,
    state: hold.state,
    at: hold.createdAt.toISOString(),
  }
}

function fromCredit(credit: ListedCredit): ReconciliationItem {
  const named = withdrawalNamedBy(credit.id, credit.description)
  const { userId, currency, amount } = credit
  const id = nameOf(credit.id)
  return {
    ...{ kind: 'credit', source: currency, id, ref: named ?? id, isOurs: named !== null },
    ...{ userId, currency, amount, fee: '0', at: credit.createdAt.toISOString() },
    state: credit.settled ? 'settled' : 'pending',
  }
}

/** Deposits are mostly deposits: of those that are none of ours nothing is kept. */
const isOfOurs = ({ isOurs }: ReconciliationItem): boolean => isOurs

const fromPayout =
  (source: string) =>
  (payout: ListedPayout): ReconciliationItem => ({
    kind: 'payout',
    source,
    id: payout.reference,
    ref: payout.key,
    isOurs: true,
    userId: null,
    currency: payout.currency,
    amount: payout.amount,
    fee: '0',
    state: payout.state,
    at: payout.at,
  })

const went = (run: ReconciliationRun | null): Turn => (run ? { run, waits: false } : null)
const waited = (run: ReconciliationRun | null): Turn => (run ? { run, waits: true } : null)

/** What the run as a whole needs could not be had. */
export async function failed(
  books: BooksStore,
  run: ReconciliationRun,
  place: ReconciliationPlace,
  why: string,
): Promise<Turn> {
  if (place.failures < FAILURES_MAX)
    return waited(await books.advance(run, { place, againInMs: failureWaitMs(place.failures - 1) }))
  const given = { ...place, phase: 'confirm' as const, problems: [...place.problems, `${why}.`] }
  return went(await books.advance(run, { place: given, keepSeconds: 60 }))
}
