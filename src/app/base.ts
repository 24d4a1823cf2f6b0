import { type BooksStore, createBooksStore } from '../db/books'
import type { Database } from '../db/connect/database'
import { createFigureStore, type FigureStore } from '../db/figures'
import { createFloatStore, type FloatStore } from '../db/float'
import { createGateStore, type GateStore } from '../db/gates'
import { createPresence, type Presence } from '../db/presence'
import { createRetentionStore, type RetentionStore } from '../db/retention'
import { createStore, type Store } from '../db/store'
import { createTrailStore, type TrailStore } from '../db/trail'
import type { NameOf } from '../domain/setting-names'
import type { Authenticator } from '../ports/authenticator'
import type { Clock, Randomness } from '../ports/clock'
import type { Exchange } from '../ports/exchange'
import type { Logger } from '../ports/logger'
import { createMetrics, type Metrics } from '../runtime/metrics'
import { requireKeys } from '../services/key-rotation'
import { createRequestLimits, type RequestLimits } from '../services/limits/request-limits'
import { createPatience, type Patience } from '../services/steps/patience'
import { createVault, type Vault } from '../services/vault'
import type { Config } from '../settings/plugin'

/** What stays while the settings change. */
export interface Base {
  readonly database: Database
  readonly store: Store
  readonly gates: GateStore
  readonly trail: TrailStore
  readonly figures: FigureStore
  readonly floats: FloatStore
  readonly metrics: Metrics
  readonly books: BooksStore
  readonly retention: RetentionStore
  readonly limits: RequestLimits
  readonly presence: Presence
  readonly patience: Patience
  readonly vault: Vault
  readonly clock: Clock
  readonly random: Randomness
  readonly logger: Logger
  readonly exchange: (config: Config) => Exchange
  readonly authenticator: (config: Config) => Authenticator
}

export type BaseOptions = Pick<Base, 'clock' | 'random' | 'logger' | 'exchange' | 'authenticator'> & {
  readonly nameOf?: NameOf
}

/** @throws {ConfigError} A key is missing that what is stored needs. */
export async function createBase(
  { clock, random, logger, exchange, authenticator, nameOf }: BaseOptions,
  config: Config,
  database: Database,
): Promise<Base> {
  const vault = createVault(config.encryptionKeys, random, config.hashKey)
  await requireKeys(database, config.encryptionKeys, vault, nameOf)
  const gates = createGateStore(database)
  return {
    ...{ database, vault, gates, clock, random, logger, exchange, authenticator },
    patience: createPatience(clock),
    store: createStore(database),
    trail: createTrailStore(database),
    figures: createFigureStore(database),
    floats: createFloatStore(database),
    metrics: createMetrics(),
    books: createBooksStore(database),
    retention: createRetentionStore(database),
    limits: createRequestLimits({ gates, clock, logger }),
    presence: createPresence({ database, newId: random.newId, logger }),
  }
}
