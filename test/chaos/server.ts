/** One instance of the plugin, as a process: the real package, a kit's toolsLib that speaks to the wallet process. */
import express from 'express'

import { createBankWithdrawals } from '../../src/index'
import { UNLIMITED } from '../helpers/unlimited'
import { coin, user } from '../kit/fake-kit-state'
import { createFakeKit } from '../kit/fake-tools-lib'
import { bankProvider } from './bank-provider'
import { TIMING } from './timing'
import { USERS } from './wallet-books'

const [port, databaseUrl, walletUrl, bankUrl, more = '{}', directUrl = ''] = process.argv.slice(2)

const kit = createFakeKit(String(walletUrl))
kit.state.users = new Map(Array.from({ length: USERS }, (_, index) => [index + 1, user(index + 1)]))
kit.state.coins = { eur: coin('eur', { min: 0.01 }), usd: coin('usd', { min: 0.01, withdrawal_fee: 0.5 }) }

const log = (level: string) => (event: string, fields?: Record<string, unknown>) =>
  process.stderr.write(`${JSON.stringify({ at: new Date(), level, event, ...fields })}\n`)

const plugin = createBankWithdrawals({
  toolsLib: kit.toolsLib,
  providers: [bankProvider(String(bankUrl))],
  database: { url: String(databaseUrl), ...(directUrl !== '' && { directUrl }) },
  logger: { debug: () => {}, info: () => {}, warn: log('warn'), error: log('error') },
  config: {
    leaseSeconds: TIMING.leaseSeconds,
    quietSeconds: TIMING.quietSeconds,
    exchangeTimeoutMs: TIMING.callTimeoutMs,
    waitMs: 400,
    workerPollMs: 200,
    workerConcurrency: 16,
    mails: false,
    ...UNLIMITED,
    ...(JSON.parse(more) as Record<string, unknown>),
  },
})

const app = express()
app.use(plugin.router)
const server = app.listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'))

let stopping = false
/** A database that is restarting right now is no reason to give up. */
async function start(): Promise<void> {
  while (!stopping) {
    try {
      await plugin.start()
      process.stdout.write('started\n')
      return
    } catch (error) {
      log('warn')('chaos.start_failed', { error: String(error) })
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
}
const started = start()

process.once('SIGTERM', () => {
  stopping = true
  server.close()
  void started.then(() => plugin.stop()).then(() => process.exit(0))
})
