/** What a run of the reconciliation knows of itself, wherever it was left: pure. */

export type ItemKind = 'hold' | 'credit' | 'payout'
export type ListedState = 'pending' | 'settled' | 'released' | 'open' | 'paid' | 'returned' | 'failed'

/** Something that the exchange or a provider has listed. */
export interface ReconciliationItem {
  readonly kind: ItemKind
  /** The currency of what the exchange has listed, the name of the provider. */
  readonly source: string
  /** Their own name for it. */
  readonly id: string
  /** What it is matched by. */
  readonly ref: string
  /** It says itself that it is ours: without a row it is a difference. */
  readonly isOurs: boolean
  readonly userId: number | null
  readonly currency: string
  readonly amount: string
  readonly fee: string
  readonly state: ListedState
  readonly at: string
}

/** One list that is read to its end, window by window. */
export interface Source {
  readonly kind: ItemKind
  readonly name: string
  /** Read so far, exclusive. */
  readonly at: string
  readonly windowMs: number
  /** Windows since the last failure: longer ones are not tried before it has gone well for a while. */
  readonly calm: number
  /** Where the provider's next page begins. */
  readonly cursor: string | null
  /** Pages of this window read before it. */
  readonly pages?: number
  readonly failures: number
  readonly count: number
  readonly isDone: boolean
  /** Why it was given up. */
  readonly problem: string | null
}

export interface ReconciliationPlace {
  readonly phase: 'sources' | 'collect' | 'items' | 'rows' | 'credits' | 'confirm'
  readonly sources: readonly Source[]
  /** Of the lists, the last item that was matched. */
  readonly afterItem: string
  /** Of our rows, the time that has been matched so far. */
  readonly rowsAt: string | null
  readonly rowsWindowMs: number
  readonly failures: number
  readonly rows: number
  /** How many were found, by kind. */
  readonly found: Readonly<Record<string, number>>
  readonly problems: readonly string[]
  /** Providers that cannot list what they have: nothing was held against them. */
  readonly notListed: readonly string[]
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** A row that moved within this time may be moving still: it is looked at by the next run. */
export const MAY_BE_MOVING_MS = 15 * 60_000
/** Lists reach back so much further than our rows: a burn is older than the payment it is settled for. */
export const REACHES_BACK_MS = 3 * DAY_MS
/** A failure is waited out, a few times. */
export const FAILURES_MAX = 5
export const failureWaitMs = (failures: number): number => 30_000 * 2 ** Math.min(failures, 4)

const WINDOW_MIN_MS = 60_000
const WINDOW_MAX_MS = DAY_MS
/** What one answer holds is read and shaped in one go: requests beside it wait for milliseconds, and no longer. */
const WINDOW_ROWS_MAX = 2_000
const WINDOW_ROWS_FEW = 400
const CALM = 50
/** A slice of our rows is read in a fraction of a second. */
const SLICE_ROWS_MAX = 20_000
const SLICE_ROWS_FEW = 5_000

export const EMPTY_PLACE: ReconciliationPlace = {
  phase: 'sources',
  sources: [],
  afterItem: '0',
  rowsAt: null,
  rowsWindowMs: 6 * HOUR_MS,
  failures: 0,
  rows: 0,
  found: {},
  problems: [],
  notListed: [],
}

export const newSource = (kind: ItemKind, name: string, since: Date): Source => ({
  ...{ kind, name, cursor: null, failures: 0, count: 0, isDone: false, problem: null },
  at: new Date(since.getTime() - REACHES_BACK_MS).toISOString(),
  windowMs: HOUR_MS,
  calm: CALM,
})

/** What one look asks for: half-open. */
export const windowOf = ({ at, windowMs }: Source, until: Date): { since: Date; until: Date } => ({
  since: new Date(at),
  until: new Date(Math.min(Date.parse(at) + windowMs, until.getTime())),
})

/** After a window that was read to its end: the next one, longer or shorter as this one was full. */
export function afterWindow(source: Source, until: Date, rows: number): Source {
  const at = windowOf(source, until).until
  const factor = rows > WINDOW_ROWS_MAX ? 0.5 : rows < WINDOW_ROWS_FEW && source.calm >= CALM ? 2 : 1
  return {
    ...source,
    at: at.toISOString(),
    windowMs: within(source.windowMs * factor),
    cursor: null,
    pages: 0,
    calm: source.calm + 1,
    failures: 0,
    count: source.count + rows,
    isDone: at.getTime() >= until.getTime(),
  }
}

/**
 * Of one window, which is cut shorter at some thousands of items: more than any has. Cursors that lead round in a circle have no
 * end, and neither would the run that follows them.
 */
export const PAGES_MAX = 10_000

/** After a page that others follow. */
export function afterPage(source: Source, cursor: string, items: number): Source {
  const pages = (source.pages ?? 0) + 1
  const read = { ...source, cursor, pages, failures: 0, count: source.count + items }
  return pages < PAGES_MAX
    ? read
    : { ...read, isDone: true, problem: `its list has no end: ${PAGES_MAX} pages` }
}

/** After an answer that could not be had: a shorter one next time, until it is given up. */
export const afterFailure = (source: Source, why: string): Source => ({
  ...source,
  windowMs: source.cursor === null ? within(source.windowMs / 2) : source.windowMs,
  calm: 0,
  failures: source.failures + 1,
  ...(source.failures + 1 >= FAILURES_MAX && { isDone: true, problem: why }),
})

/** After a slice of our rows: the next one, longer or shorter as this one was full. */
export function afterRows(place: ReconciliationPlace, until: Date, rows: number): ReconciliationPlace {
  const factor = rows > SLICE_ROWS_MAX ? 0.5 : rows < SLICE_ROWS_FEW ? 2 : 1
  return {
    ...place,
    rowsAt: until.toISOString(),
    rowsWindowMs: within(place.rowsWindowMs * factor),
    failures: 0,
    rows: place.rows + rows,
  }
}

export const within = (ms: number): number => Math.round(Math.min(Math.max(ms, WINDOW_MIN_MS), WINDOW_MAX_MS))

/** What could be read to its end: only of that can be said that something is missing. */
export const readWhole = (place: ReconciliationPlace, kind: ItemKind): readonly string[] =>
  place.sources.filter((source) => source.kind === kind && source.problem === null).map(({ name }) => name)

/** What kept a run from seeing everything, one sentence each; empty where it has seen it all. */
export const problemsOf = ({ sources, problems }: ReconciliationPlace): readonly string[] => [
  ...sources.flatMap(({ kind, name, at, problem }) =>
    problem === null ? [] : [`${LISTS[kind]} of ${name} could not be read from ${at} on: ${problem}`],
  ),
  ...problems,
]

const LISTS: Readonly<Record<ItemKind, string>> = {
  hold: 'The exchange’s burns',
  credit: 'The exchange’s credits',
  payout: 'The payouts',
}

/** Ours are named by what a burn or a credit says in its description, whatever its id has become since. */
const DESCRIPTION = /^Withdrawal ([A-Za-z0-9_-]{8,64}) (?:to (?:bank account|PayPal)|came back)$/
/** Our own ids are of version 7; the exchange's own form makes them of version 4. */
const OUR_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const CREDIT_ID = /^(.{8,64})-return$/

export function withdrawalNamedBy(id: string, description: string | null): string | null {
  const named = DESCRIPTION.exec(description ?? '')?.[1]
  if (named !== undefined) return named
  const own = CREDIT_ID.exec(id)?.[1] ?? id
  return OUR_ID.test(own) ? own : null
}

/** The day's own run: once a day is over for an hour, whoever asks first. */
export function slotOf(now: Date): { slot: string; until: Date } {
  const until = new Date(Math.floor((now.getTime() - HOUR_MS) / DAY_MS) * DAY_MS)
  return { slot: `day ${until.toISOString().slice(0, 10)}`, until }
}

export const DAY = DAY_MS
