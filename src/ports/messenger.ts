/** Takes messages out of this network, to addresses that operators have typed in. */
export interface Messenger {
  /** @returns Why nothing may be sent there, in words that follow "url"; null where it may. */
  refuses(url: string): string | null
  /** One request. Never throws: that nobody answered is data. */
  post(message: OutgoingMessage): Promise<Reached>
  close(): void
}

export interface OutgoingMessage {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Whatever was answered, a redirect included, which nobody follows; or why nothing was, fit for a log. */
export type Reached = { readonly status: number } | { readonly silent: string }
