import type { Destination, Method } from '../domain/destination'
import type { DeclineCode } from '../domain/reasons'
import type { Clock, Randomness } from './clock'
import type { Logger } from './logger'

/**
 * The contract of everything that pays people. A provider reports facts; the engine decides what they mean for
 * the money. Whatever a provider throws, and whatever it cannot classify, is `unknown`, and unknown is looked
 * up: so a lazy provider is slow, never wrong.
 */
export interface PaymentProvider {
  /** Lower case, stable: it is stored with every withdrawal. */
  readonly name: string
  readonly capabilities: ProviderCapabilities

  /** Called once before anything else, and again after a restart. */
  open?(host: ProviderHost): Promise<void>
  close?(): Promise<void>

  /**
   * Pure: says what is wrong with a payout before the user's balance is locked. Strict about everything that
   * the provider would refuse later.
   */
  check(item: PayoutItem): readonly PayoutProblem[]

  /**
   * Pure: until when money that leaves at `from` is with its payee, by the provider's cut-off times and the days on which
   * banks work. Where it is left out, `expectedMs` after it has left.
   */
  arrivesBy?(from: Date): Date

  /**
   * Asks for the payouts. Repeating it with the same key must be the same payouts.
   *
   * No negative answer to a repetition says anything about the first time: while an earlier request with the same key
   * may have been taken, whatever the provider says against this one is `unknown`, never `declined` or `deferred`.
   */
  submit(order: PayoutOrder): Promise<SubmitOutcome>

  /** What has become of one payout. Never has an effect. */
  lookup(query: PayoutQuery): Promise<LookupOutcome>
  /** The same for all payouts of a batch in one go, by item key; a payout it does not name is looked up alone. */
  lookupOrder?(query: OrderQuery): Promise<Readonly<Record<string, LookupOutcome>>>

  /** Events that the provider sends by itself. A hint to look, never proof of anything. */
  readonly webhook?: ProviderWebhook
  /**
   * Takes in a document the operator got from the bank (a status report, a statement). Twice is once, and what was left
   * out is added when it is handed in again without.
   *
   * @param leaveOut Item keys of payouts of which nothing may be stored, nor of a whole order that one of them is in.
   *   Only given to a provider that has `preview`.
   */
  ingest?(document: ProviderFile, leaveOut?: ReadonlySet<string>): Promise<Ingested>
  /** What `ingest` would speak of. Stores nothing. Without it a second person has to confirm every document. */
  preview?(document: ProviderFile): Promise<DocumentPreview>
  /** Largest document that `ingest` reads, in bytes; 20 MB where it does not say. */
  readonly ingestBytesMax?: number
  /** Files that the operator carries to the bank. */
  readonly outbox?: ProviderOutbox

  /**
   * Asks to stop a payout that is not final. `canceled`: it is stopped, now or by an earlier call; `too_late`: it has
   * ended otherwise; `unknown`: it may have been stopped or not. Only a look-up moves money: from then on it says
   * `declined`, or `returned` where the money had left our account.
   */
  cancel?(query: PayoutQuery): Promise<'canceled' | 'too_late' | 'unknown'>
  /**
   * What it has of payouts that carry keys of ours and were taken in this time (half-open), page by page, in any order:
   * for the reconciliation, which says that nobody was asked where it is left out. Twice is once, by `reference`. What
   * others have made is left out; a page that cannot be read whole is an error, for what is missing in it would be a
   * difference.
   */
  listPayouts?(range: PayoutRange): Promise<PayoutPage>
  /** What can be paid out now, less what payouts cost. */
  balances?(): Promise<readonly { currency: string; available: string }[]>
  /**
   * Pure: names the account that pays in this currency, as the provider tells it from others: its number, an app and where
   * that is, a host. It is the same as long as the account is, whatever its keys and secrets are. It is kept as a hash with
   * each payout that leaves, which from then on is looked up, stopped and sent again through that account alone. Left out
   * by whoever finds what was sent whatever account is set.
   */
  payer?(currency: string): string | null
  /** What an operator calls the account that pays in this currency; no account number in full. */
  fundingAccount?(currency: string): string | null
  health?(): Promise<{ ok: boolean; message?: string }>
}

export interface ProviderCapabilities {
  readonly methods: readonly Method[]
  /** By currency symbol in lower case; `any` where the provider takes what its account holds. */
  readonly currencies: 'any' | Readonly<Record<string, CurrencyRules>>
  /** Absent: one payout per call. */
  readonly batch?: { readonly maxItems: number }
  /** How long the provider refuses or replays a repeated key; 0 when it does not look at keys. */
  readonly keyLifetimeMs: number
  /**
   * Whether a payout can be found by our key. `by_reference`: only once the provider has told its own id, so that
   * an order that was never answered is asked for by sending it again with its key. `none`: always that way.
   */
  readonly lookup: 'by_key' | 'by_reference' | 'none'
  /** "Not found" proves nothing before this much time has passed since the submit. */
  readonly notFoundConclusiveAfterMs: number
  /** How long after success a payout may still come back. */
  readonly returnWindowMs: number
  /** Typical time until the beneficiary has the money, for the user's information. */
  readonly expectedMs: number
  /** A payout without an end is asked about after so long; absent: after ten times `expectedMs`, and a week at least. */
  readonly overdueAfterMs?: number
  /** Fields a destination needs, by their JSON name, for forms. */
  readonly destinationFields: Readonly<Partial<Record<Method, readonly string[]>>>
  /** Longest time one call may take. */
  readonly timeoutMs: number
}

/** A call at /webhooks/<provider>, as it came in. */
export interface WebhookRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** null inside a kit, whose own parser has eaten the bytes before us. */
  readonly rawBody: Uint8Array | null
  /** The parsed body. */
  readonly body: unknown
}

export interface ProviderWebhook {
  /**
   * Whether the sender has proven who it is. `unverifiable` where the bytes that were signed are gone: such an event
   * counts only on a secret path, and then still only as a hint. Never throws for what a stranger sent.
   */
  verify(request: WebhookRequest): Promise<'genuine' | 'forged' | 'unverifiable'>
  /** @returns null when it is no event of this provider's. Pure. */
  parse(request: WebhookRequest): WebhookEvent | null
}

export interface WebhookEvent {
  /** The provider's id of the event: the same event delivered twice has the same. */
  readonly id: string
  readonly type: string
  readonly payouts: readonly PayoutHint[]
}

/** Names a payout, by whatever the provider knows it by. */
export interface PayoutHint {
  readonly key?: string
  readonly endToEndId?: string
  readonly reference?: string
}

export interface ProviderFile {
  readonly name: string
  readonly content: Uint8Array
}

/** What a document held. Its facts are kept by the provider, and `lookup` answers from them. */
export interface Ingested {
  /** The same document handed in twice has the same id. */
  readonly documentId: string
  readonly isRepeated: boolean
  /** Payouts worth a look now. */
  readonly payouts: readonly PayoutHint[]
  /** What the operator has to read, one sentence each: what could not be used, and every question. */
  readonly problems: readonly string[]
  /**
   * What only a person can answer, about payouts of ours: to be put on record, for the sentence alone is gone with the
   * answer to the upload. A document that is read again asks the same questions in the same words.
   */
  readonly questions?: readonly DocumentQuestion[]
}

export interface DocumentPreview {
  /** As `Ingested`. */
  readonly documentId: string
  readonly payouts: readonly (PayoutHint & { readonly key: string })[]
}

export interface DocumentQuestion {
  readonly payout: PayoutHint
  /** One sentence, fit to be stored: it names no person and no account. */
  readonly message: string
}

export interface ProviderOutbox {
  list(): Promise<readonly OutboxFile[]>
  /** Byte for byte the same each time. null when there is no such file. */
  read(name: string): Promise<{ readonly content: Uint8Array; readonly mediaType: string } | null>
  /**
   * An operator says that the bank never got this file and never will. Stored once, before it is believed; twice is
   * once. From then on each payout of the file that the bank has said nothing about looks up as `voided`, the file
   * says so in `list`, and a bank fact about any of them is told as it is.
   *
   * @returns null when there is no such file; `refused` where the bank has already answered for it, with a sentence.
   */
  void?(name: string): Promise<Voided | null>
  /**
   * Erases the content of files whose time is over, as `age` has it, with whatever else of them names people. What the
   * books need stays: names, hashes, counts, sums, and which payouts were in them.
   *
   * @returns How many files.
   */
  forget?(age: FileAge): Promise<number>
}

/** What a provider asks before it forgets a file, and how it does it. */
export interface FileAge {
  /** Its documents under this prefix that nobody has written for so long, by their ids. */
  old(prefix: string): Promise<readonly string[]>
  /** Whether each of these payouts rests for good, for so long already. */
  areOver(payoutKeys: readonly string[]): Promise<boolean>
  /** Deletes those documents of one file and puts it on record: both or neither. */
  remove(file: string, documentIds: readonly string[]): Promise<void>
}

export type Voided =
  | { readonly kind: 'voided'; readonly payouts: readonly PayoutHint[] }
  | { readonly kind: 'refused'; readonly message: string }

export interface OutboxFile {
  readonly name: string
  /** The batch or payout it carries. */
  readonly orderKey: string
  readonly currency: string
  readonly total: string
  readonly itemCount: number
  readonly createdAt: string
  /** When it was voided. */
  readonly voidedAt?: string
  /** When its content was erased, since nobody may need it any more. */
  readonly erasedAt?: string
}

export interface CurrencyRules {
  /** Overrides ISO 4217 (PayPal takes HUF without decimals). */
  readonly decimals?: number
  readonly min?: string
  readonly max?: string
}

/** What a provider gets from the engine. Nothing else of the engine is visible to it. */
export interface ProviderHost {
  readonly documents: ProviderDocuments
  readonly clock: Clock
  readonly random: Randomness
  readonly logger: Logger
  /**
   * Whether payouts may leave now: asked before what was submitted earlier is handed on, into a folder for instance.
   * True where it is left out.
   */
  readonly mayLeave?: () => Promise<boolean>
}

/** Durable storage of the provider's own, in the plugin's database: tokens, nonces, files, a sandbox's ledger. */
export interface ProviderDocuments {
  read(id: string): Promise<{ value: unknown; version: number } | null>
  /** @returns false when the id is taken; nothing is written. */
  create(id: string, value: unknown): Promise<boolean>
  /** @returns false when the document has another version; nothing is written. */
  replace(id: string, value: unknown, version: number): Promise<boolean>
  list(prefix: string): Promise<readonly { id: string; value: unknown; version: number }[]>
}

export interface PayoutItem {
  /** Our key of this payout, the same for its whole life. */
  readonly key: string
  readonly endToEndId: string
  readonly currency: string
  /** What the beneficiary gets. */
  readonly amount: string
  readonly destination: Destination
  /** What the beneficiary reads on the statement. */
  readonly statementText: string
}

/** One call: one payout, or a batch in one currency. */
export interface PayoutOrder {
  /** The item's key for a single payout, the batch's key for a batch. */
  readonly key: string
  readonly currency: string
  readonly total: string
  readonly items: readonly PayoutItem[]
}

export interface PayoutQuery {
  readonly key: string
  readonly orderKey: string
  /** The provider's own id, where it has told us. */
  readonly reference: string | null
  readonly endToEndId: string
  /** The provider's own id of the batch, where it has told us. */
  readonly orderReference: string | null
  readonly currency: string
  readonly amount: string
}

export interface OrderQuery {
  readonly orderKey: string
  readonly orderReference: string | null
  readonly currency: string
}

export interface PayoutRange {
  readonly since: Date
  readonly until: Date
  /** What the page before has given as `next`; null for the first. */
  readonly cursor: string | null
}

export interface PayoutPage {
  readonly payouts: readonly ListedPayout[]
  /** Fit to be stored; null on the last page. */
  readonly next: string | null
}

export interface ListedPayout {
  readonly key: string
  readonly reference: string
  readonly currency: string
  readonly amount: string
  readonly state: 'open' | 'paid' | 'returned' | 'failed'
  /** ISO 8601. */
  readonly at: string
}

export interface PayoutProblem {
  /** JSON name of the field, e.g. `iban`. */
  readonly field: string
  /** Fit to show to the user. */
  readonly message: string
}

/** What is known about one payout. `status` is the provider's own word, for operators. */
export type PayoutOutcome =
  /** The provider has it; it is not final. Without a reference where a batch has one and its items not yet. */
  | { kind: 'accepted'; reference?: string; status?: string }
  | { kind: 'settled'; reference: string; transactionId: string; amount?: string; status?: string }
  /** Proven: no money moved, and none will. */
  | { kind: 'declined'; code: DeclineCode; reference?: string; status?: string }
  /** Proven: not taken, and not the payee's fault. */
  | { kind: 'deferred'; why: DeferReason; retryAfterMs?: number; status?: string }
  /**
   * `wasHeard`: the other side has answered all the same, or was not asked. Without that it counts as silent, and who is
   * silent five times in a row is left alone for a while.
   */
  | { kind: 'unknown'; why: string; wasHeard?: true }

export type DeferReason =
  'insufficient_float' | 'rate_limited' | 'provider_unavailable' | 'cut_off' | 'batch_refused'

/**
 * The outcome of the call; an item that `items` names has its own. Of a batch, `reference` is the batch's. A batch
 * that was refused as a whole is `deferred` with `batch_refused`; where the provider said which items were at fault,
 * `items` names them as `declined`, and the others are sent again.
 */
export type SubmitOutcome = PayoutOutcome & { readonly items?: Readonly<Record<string, PayoutOutcome>> }

export type LookupOutcome =
  | PayoutOutcome
  /** `conclusive` only when the provider promises that it would show a payout it has taken. */
  | { kind: 'not_found'; conclusive: boolean }
  /**
   * Proven: under this key nobody was paid and nobody will be, and the payee is not at fault: it was never handed in, or
   * it was dropped for a reason of our own account. It may leave again, under another key; `why` says what to wait for.
   */
  | { kind: 'voided'; why?: DeferReason; status?: string }
  /** The money came back to our account, whole or in part: `amount` is all that has come back so far. */
  | { kind: 'returned'; reference: string; transactionId?: string; amount: string; code: DeclineCode }
