import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import express from 'express'
import helmet from 'helmet'

import { type DatabaseChoice, openDatabase } from './db/connect/open'
import { ConfigError, describeError } from './errors'
import { createBankWithdrawals } from './index'
import { PROVIDERS } from './providers/registry'
import { errorHandler, notFound, requestIds } from './routes/http'
import { systemClock, systemRandomness } from './runtime/clock'
import { createLogger } from './runtime/logger'
import { createSandboxKit, type SandboxKit } from './sandbox/kit'
import { createSandboxTokens, sandboxKey } from './sandbox/tokens'
import { readServerSettings, type ServerSettings } from './settings/server'

/** The standalone server: sandbox kit, sandbox provider and a database, in one process that needs nobody. */
async function main(): Promise<void> {
  const settings = readServerSettings(process.env, PROVIDERS)
  const logger = createLogger(settings.logLevel)
  const database = await openDatabase(databaseOf(settings), logger)
  const tokens = createSandboxTokens(sandboxKey(settings.dataDir))
  const kit = createSandboxKit({ database, tokens, clock: systemClock })
  await kit.open()
  const plugin = createBankWithdrawals({
    toolsLib: kit.toolsLib,
    providers: settings.providers,
    database,
    config: settings.plugin,
    logger,
  })
  await plugin.start()

  const app = express()
  app.disable('x-powered-by')
  app.use(helmet())
  app.use(plugin.router)
  app.use(requestIds(systemRandomness.newId), notFound, errorHandler(logger))
  const server = await listen(app, settings)
  process.stdout.write(greeting(addressOf(server), kit))

  let stopping = false
  const stop = (signal: string) => {
    if (stopping) return
    stopping = true
    logger.info('server.stopping', { signal })
    // What is not finished by then is taken up by the next start: leases, not this, keep a kill safe.
    setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref()
    server.close()
    plugin
      .stop()
      .then(() => database.close())
      .then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      )
  }
  process.once('SIGTERM', () => stop('SIGTERM'))
  process.once('SIGINT', () => stop('SIGINT'))
  stopWithNpm(() => stop('parent gone'))
}

/**
 * `npm start` that is killed cannot pass the signal on; left alone, this process would keep the port and the data
 * directory from the next start.
 */
function stopWithNpm(stop: () => void): void {
  if (process.env.npm_lifecycle_event !== 'start') return
  const npm = process.ppid
  setInterval(() => {
    if (process.ppid !== npm) stop()
  }, 500).unref()
}

const STOP_WITHIN_MS = 10_000

const databaseOf = ({ databaseUrl, dataDir }: ServerSettings): DatabaseChoice =>
  databaseUrl === '' ? { directory: dataDir } : { url: databaseUrl }

const listen = (app: express.Express, { port, host }: ServerSettings): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = app.listen(port, host)
    server.once('listening', () => resolve(server))
    server.once('error', reject)
  })

function addressOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

function greeting(address: string, { tokens }: SandboxKit): string {
  const user = tokens.sign(1, ['user'])
  const operator = tokens.sign(2, ['user', 'admin'])
  const body = JSON.stringify({
    currency: 'eur',
    amount: 10,
    bank_account: { iban: 'DE89370400440532013000', account_holder: 'Ada Lovelace' },
  })
  return `
Bank withdrawals are served at ${address}/plugins/bank/withdrawal

  User 1's token:    ${user}
  Operator's token:  ${operator}

Withdraw 10 EUR as user 1:

curl -s ${address}/plugins/bank/withdrawal -H 'Authorization: Bearer ${user}' -H 'Content-Type: application/json' -d '${body}'

`
}

function fail(error: unknown): void {
  const { message } = describeError(error)
  const hint =
    (error as { code?: unknown } | null)?.code === 'EADDRINUSE'
      ? '\nSet PORT to another port, or stop that program.'
      : ''
  process.stderr.write(`${error instanceof ConfigError ? '' : 'Cannot start: '}${message}${hint}\n`)
  process.exit(1)
}

main().catch(fail)
