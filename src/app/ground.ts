import type { Store } from '../db/store'
import type { Clock, Randomness } from '../ports/clock'
import type { Exchange } from '../ports/exchange'
import type { Logger } from '../ports/logger'
import type { ProviderDirectory } from '../services/payouts/directory'
import type { PolicyBook } from '../services/policy/book'
import type { Vault } from '../services/vault'
import type { Config } from '../settings/plugin'

/** What everything is made of. */
export interface Ground {
  readonly config: Config
  readonly providers: ProviderDirectory
  readonly store: Store
  readonly vault: Vault
  /** What operators let happen. */
  readonly book: Pick<PolicyBook, 'current'>
  readonly exchange: Exchange
  readonly clock: Clock
  readonly random: Randomness
  readonly logger: Logger
}
