import type { State } from '../domain/states'

/** What is counted while the program works, for whoever watches it. Never throws, and never waits. */
export interface Meter {
  /** A call to the exchange or to a provider was answered, or given up. */
  remoteCall(call: RemoteCall): void
  transition(change: { from: State; to: State; currency: string }): void
  /** What a batch run did for one provider and currency. */
  batchGroup(group: { provider: string; currency: string; result: BatchGroupResult }): void
  batch(batch: { provider: string; currency: string; outcome: string; itemCount: number }): void
  /** A message was tried once. */
  delivery(delivery: { audience: string; way: DeliveryWay; outcome: DeliveryOutcome }): void
}

export interface RemoteCall {
  /** `exchange`, or a provider's name. */
  readonly party: string
  readonly call: string
  readonly outcome: string
  readonly seconds: number
}

export type DeliveryWay = 'webhook' | 'mail'
/** `given_up`: not taken, and not tried again unless an operator wants it. */
export type DeliveryOutcome = 'taken' | 'refused' | 'redirected' | 'silent' | 'given_up'

/** `waiting`: something keeps what is due from leaving. */
export type BatchGroupResult = 'sent' | 'waiting' | 'failed' | 'nothing'

export const NO_METER: Meter = {
  remoteCall() {},
  transition() {},
  batchGroup() {},
  batch() {},
  delivery() {},
}
