import type { App } from '../src/app/app'
import { createApp } from '../src/app/app'
import { createKitSide } from '../src/app/kit-ports'
import type { Database } from '../src/db/connect/database'
import type { Logger } from '../src/ports/logger'
import type { PaymentProvider } from '../src/ports/payment-provider'
import { systemClock, systemRandomness } from '../src/runtime/clock'
import type { NumberedKit } from './batches/numbered'

const LOGGER: Logger = { debug() {}, info() {}, warn() {}, error: console.error }

/** The plugin between a numbered exchange and a numbered bank. */
export const numberedApp = (
  { toolsLib }: NumberedKit,
  provider: PaymentProvider,
  database: Database,
  config: Readonly<Record<string, unknown>>,
): App =>
  createApp({
    ...createKitSide({ toolsLib, clock: systemClock, logger: LOGGER }),
    providers: [provider],
    database,
    // Batches leave when the bench says so.
    config: { schedule: '0 3 1 1 *', maxOpenWithdrawals: 0, ...config },
    logger: LOGGER,
    clock: systemClock,
    random: systemRandomness,
  })

export const quietly = LOGGER
