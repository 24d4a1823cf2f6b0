import type { Destination } from '../../domain/destination'
import type { PaymentProvider, ProviderFile, WebhookRequest } from '../../ports/payment-provider'

/**
 * What can happen to a call that asks for a payout. `commits`: the bank takes the payout all the same, so that any
 * answer but "I do not know" would pay twice or lose it. `deferred`: the answer proves that nothing was taken.
 */
export const FAULTS = {
  commit_then_drop: { commits: true, doc: 'takes the payout and cuts the connection' },
  drop_before_commit: { commits: false, doc: 'cuts the connection and takes nothing' },
  hang: { commits: true, doc: 'takes the payout and never answers' },
  drip: { commits: true, doc: 'takes the payout and answers one blank at a time, for ever' },
  huge: { commits: true, doc: 'takes the payout and answers behind 32 MiB of blanks' },
  answer_500: { commits: true, doc: 'takes the payout and answers 500' },
  refuse_500: { commits: false, doc: 'takes nothing and answers 500' },
  refuse_503: { commits: false, doc: 'takes nothing and answers 503' },
  answer_408: { commits: true, doc: 'takes the payout and answers 408' },
  answer_409: { commits: true, doc: 'takes the payout and answers 409' },
  answer_418: { commits: true, doc: 'takes the payout and answers with a 4xx nobody documents' },
  garbage: { commits: true, doc: 'takes the payout and answers 200 with half a JSON' },
  null: { commits: true, doc: 'takes the payout and answers 200 with `null`' },
  empty: { commits: true, doc: 'takes the payout and answers 200 with `{}`' },
  html: { commits: true, doc: 'takes the payout and answers 200 with a proxy’s error page' },
  redirect: { commits: false, doc: 'takes nothing and answers with a redirect (307)' },
  unknown_status: { commits: true, doc: 'takes the payout and calls its status a word nobody knows' },
  refuse_429: { commits: false, doc: 'takes nothing and answers 429', deferred: true },
  refuse_401: { commits: false, doc: 'takes nothing and answers 401', deferred: true },
  refuse_403: { commits: false, doc: 'takes nothing and answers 403', deferred: true },
  down: { commits: false, doc: 'refuses connections', deferred: true },
} as const satisfies Record<string, { commits: boolean; doc: string; deferred?: true }>

export type Fault = keyof typeof FAULTS

/**
 * `open`: taken and not paid yet, until it is brought to an end. `hidden`: taken, and look-ups do not show it for `visibleAfterMs`. `bad_item`: one item of a batch is refused.
 * `refuse_again`: the call is refused for good, in the words of the API for a payee that it cannot pay, before the bank
 * looks at any key: what it has taken under the key before stays taken.
 */
export type Arrangement =
  Fault | 'accept' | 'open' | 'settle' | 'decline' | 'hidden' | 'bad_item' | 'refuse_again'

/** What can happen to a call that only asks. */
export const READING_FAULTS = [
  'drop',
  'answer_500',
  'answer_401',
  'answer_429',
  'garbage',
  'null',
  'empty',
  'html',
  'redirect',
] as const
/**
 * And to one that asks for a payout: something on the way knows no such address. In a list that is nothing of its own; what
 * a list leaves out is looked up before anybody is told.
 */
export const LOOKUP_FAULTS = [...READING_FAULTS, 'answer_404'] as const
export type ReadingFault = (typeof LOOKUP_FAULTS)[number]

/**
 * What becomes of a payout that the bank has. `cancelable`: no end; the bank holds it where it can still be stopped.
 */
export type Ending = 'settled' | 'declined' | 'returned' | 'unknown_status' | 'forgotten' | 'cancelable'

/** A payout as the bank's own ledger has it. */
export interface Booked {
  /** What leaves our account for the payee: a decimal. */
  readonly amount: string
  /** The bank's word for it, in any case. */
  readonly currency: string
  /** The IBAN, or the PayPal account. */
  readonly account: string
}

/** false: this API or its fake cannot do it. An amount: it happens to a payout of that amount. */
export type Arranged = boolean | { readonly amount: string }

type Maybe<Value> = Value | Promise<Value>

/** A stand-in of the provider's API that keeps books. `startFakeApi` brings the faults; the books are yours. */
export interface FakeBooks {
  /** Empty books and no fault pending; called before each rule. */
  reset(): Maybe<void>
  /** What happens to the next payout call. `badItemKey` comes with `bad_item`. */
  arrange(what: Arrangement, badItemKey?: string): Maybe<Arranged>
  /** What happens to the next reading call. */
  arrangeReading?(fault: ReadingFault): Maybe<boolean>
  /**
   * Brings a payout that the bank has to an end.
   *
   * @param amount What the bank has paid, or what has come back, where that is another amount than the payout's.
   */
  bring?(key: string, ending: Ending, amount?: string): Maybe<boolean>
  /**
   * The truth: the payouts that the bank has taken under this key and will make or has made, each as its ledger has it,
   * never as the caller was told. Dropped and stopped ones are not in it.
   */
  booked(key: string): Maybe<readonly Booked[]>
  /**
   * From now on payouts of other customers, paid and refused, with other amounts, stand before ours in every list that
   * the bank answers with; also where the list was asked for by key.
   */
  addStrangers?(): Maybe<boolean>
  /** How long the bank looks at keys, as it documents it; 0 when it never does. */
  readonly keyLifetimeMs: number
  /** Calls heard so far, of any kind. */
  calls(): number
  /** Redirects that somebody followed. */
  followedRedirects?(): number
  /** The longest time a payout that was taken may be missing from look-ups, as the provider documents it. */
  readonly visibleAfterMs?: number
  /** A genuine event about this payout, as it arrives. */
  webhook?(key: string): Maybe<WebhookRequest>
  /** A document the operator would get about this payout. */
  file?(key: string): Maybe<ProviderFile>
}

/** A provider, and what the suite needs to know to try it. */
export interface ConformanceSubject {
  /**
   * A provider that talks to the fake, not opened yet; each call is a new process. Give it a short `timeoutMs`
   * (300, say): some rules wait for it.
   */
  createProvider(): Maybe<PaymentProvider>
  readonly api: FakeBooks
  /** A payout that the provider takes, with every field filled that must not leak. */
  readonly payout: {
    readonly currency: string
    readonly amount: string
    readonly destination: Destination
  }
  /** Destinations that `check` must refuse, and the field it must name. */
  readonly unpayable: readonly { readonly destination: Destination; readonly field: string }[]
  /** Keys and tokens of the settings and of the fake: they may appear nowhere. */
  readonly secrets: readonly string[]
  close?(): Maybe<void>
}

/** Rules, or groups of them (`batch`), that do not apply, each with the reason, for the report. */
export type NotApplicable = Readonly<Record<string, string>>
