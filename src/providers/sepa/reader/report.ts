/** Which kind of report a booking was read in. */
export type Source = 'camt.052' | 'camt.053' | 'camt.054'

/** What a status report says of one file of ours. */
export interface FileStatus {
  readonly messageId: string | null
  /** Which kind of message the file was, e.g. `pain.001.001.09`. */
  readonly messageName: string | null
  readonly paymentInformationId: string | null
  /** Of every payment it does not name; null when it only names some. */
  readonly rest: Status | null
  readonly payments: readonly { readonly ids: readonly string[]; readonly status: Status }[]
}

export interface Status {
  readonly status: string
  readonly reasons: readonly string[]
}

/** One booked movement, or one of several that make a booking. */
export interface Movement {
  readonly account: string | null
  /** The payment's own references, as far as given. */
  readonly ids: readonly string[]
  /** References of the file it was in. */
  readonly fileIds: readonly string[]
  /** null where the bank does not say it in a word that means one of them. */
  readonly direction: 'debit' | 'credit' | null
  /** The bank calls it a return or a reversal. */
  readonly isReturn: boolean
  /** The bank takes an earlier booking back. */
  readonly isReversal: boolean
  readonly isCharge: boolean
  /** null where the bank gave one amount for several. */
  readonly amount: string | null
  readonly currency: string | null
  readonly reasons: readonly string[]
  readonly bankReference: string | null
  readonly date: string | null
}

/** A booking with its parts. One without parts stands for all that its file ids name. */
export interface Entry {
  /** Which of the document's statements it is in; all pages of one are the same. */
  readonly statement: number
  readonly whole: Movement
  readonly parts: readonly Movement[]
}

export type Report = {
  readonly messageId: string | null
  /** When the bank wrote it, ISO 8601; null where it does not say so in words that can be read. */
  readonly writtenAt: string | null
  /** Sentences for the operator. */
  readonly problems: readonly string[]
} & (
  | { readonly kind: 'pain.002'; readonly files: readonly FileStatus[] }
  | { readonly kind: Source; readonly entries: readonly Entry[] }
)
