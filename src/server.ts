import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import express from 'express'
import helmet from 'helmet'

import { createApp } from './app/app'
import { readUserPage } from './app/desk-page'
import { createKitSide } from './app/kit-ports'
import { EmbeddedDatabaseLostError } from './db/connect/embedded'
import { DirectoryInUseError } from './db/connect/lock'
import { type DatabaseChoice, openDatabase } from './db/connect/open'
import { nameInEnvironment } from './domain/setting-names'
import { ConfigError, describeError } from './errors'
import type { Logger } from './ports/logger'
import type { PaymentProvider } from './ports/payment-provider'
import { PROVIDERS } from './providers/registry'
import { pageRoutes } from './routes/desk'
import { errorHandler, notFound, requestIds } from './routes/http'
import { systemClock, systemRandomness } from './runtime/clock'
import { createLogger } from './runtime/logger'
import { frontDoor } from './sandbox/front-door'
import { greeting } from './sandbox/greeting'
import { createSandboxKit } from './sandbox/kit'
import { createSandboxTokens, sandboxKey } from './sandbox/tokens'
import { parseConfig } from './settings/plugin'
import { readServerSettings, type ServerSettings } from './settings/server'

/** The standalone server: sandbox kit, sandbox provider and a database, in one process that needs nobody. */
async function main(): Promise<void> {
  const settings = readServerSettings(process.env, PROVIDERS)
  const logger = loggerOf(settings)
  for (const warning of settings.warnings) logger.warn('server.warning', { explanation: warning })
  const database = await openDatabase(databaseOf(settings), logger)
  void database.gone?.then(fail)
  const tokens = createSandboxTokens(sandboxKey(settings.dataDir))
  const kit = createSandboxKit({ database, tokens, clock: systemClock })
  await kit.open()
  const { fixed: config, defaults, refusals } = settings
  const plugin = createApp({
    ...createKitSide({ toolsLib: kit.toolsLib, clock: systemClock, logger }),
    ...{ definitions: PROVIDERS, database, config, defaults, refusals, logger },
    fixedIn: 'environment',
    nameOf: nameInEnvironment,
    clock: systemClock,
    random: systemRandomness,
  })
  await plugin.start()

  const app = express()
  app.disable('x-powered-by')
  app.use(helmet())
  app.use(plugin.router)
  const { basePath } = parseConfig(settings.plugin)
  app.use(requestIds(systemRandomness.newId))
  app.use(
    frontDoor({
      ...{ tokens, isPlayMoney: () => isPlayMoney(plugin.providers()) },
      page: pageRoutes(readUserPage, basePath),
    }),
  )
  app.use(notFound, errorHandler(logger))
  const end = () => plugin.stop().then(() => database.close())
  const server = await listen(app, settings).catch(async (error: unknown) => {
    // Nothing was accepted yet; what is left behind would keep the data directory from the next start.
    await end()
    throw error
  })
  process.stdout.write(
    greeting({ address: addressOf(server), basePath, tokens, warnings: settings.warnings }),
  )
  stopWhenAsked(server, end, logger)
}

/** Whoever may look may also act where nothing can be lost. */
const isPlayMoney = (providers: readonly PaymentProvider[]): boolean =>
  providers.every(({ name }) => name === 'sandbox')

/** Nobody wants a line per request on a terminal, and no program wants to read sentences. */
function loggerOf({ logLevel, logFormat }: ServerSettings) {
  const isTerminal = process.stdout.isTTY
  const level = logLevel === 'auto' ? (isTerminal ? 'warn' : 'info') : logLevel
  return createLogger(level, logFormat === 'auto' ? (isTerminal ? 'text' : 'json') : logFormat)
}

function databaseOf(settings: ServerSettings): DatabaseChoice {
  const { databaseUrl, directDatabaseUrl, dataDir, preparedStatements } = settings
  if (databaseUrl === '') return { directory: dataDir }
  return {
    url: databaseUrl,
    ...(directDatabaseUrl !== '' && { directUrl: directDatabaseUrl }),
    preparedStatements,
  }
}

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

const STOP_WITHIN_MS = 10_000

function stopWhenAsked(server: Server, end: () => Promise<void>, logger: Logger): void {
  let stopping = false
  const stop = (signal: string) => {
    if (stopping) return
    stopping = true
    logger.info('server.stopping', { signal })
    // What is not finished by then is taken up by the next start: leases, not this, keep a kill safe.
    setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref()
    server.close()
    end().then(() => process.exit(0), fail)
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

function fail(error: unknown): void {
  process.stderr.write(`${whatToDo(error)}\n`)
  process.exit(1)
}

const SAYS_WHAT_TO_DO = [ConfigError, DirectoryInUseError, EmbeddedDatabaseLostError]

/** One sentence for what a person can mend; what is wrong, as it is, for the rest. */
function whatToDo(error: unknown): string {
  const { message } = describeError(error)
  if (SAYS_WHAT_TO_DO.some((kind) => error instanceof kind)) return message
  const { code, syscall, address, port, path } = (error ?? {}) as NodeJS.ErrnoException & {
    readonly address?: string
    readonly port?: number
  }
  if (syscall === 'listen' && code === 'EADDRINUSE')
    return `Port ${port} of ${address} is taken by another program: set PORT to another one (PORT=0 takes any that is free), or stop that program.`
  if (syscall === 'listen')
    return `Cannot listen on ${address} port ${port} (${code}): set HOST and PORT to an address of this machine that this user may use.`
  if (syscall === 'connect' || syscall === 'getaddrinfo')
    return `The database that DATABASE_URL names does not answer (${code}): start it, correct the address, or leave DATABASE_URL out to use the embedded one.`
  if (path !== undefined && (code === 'EACCES' || code === 'EROFS' || code === 'EPERM'))
    return `Cannot write to ${path} (${code}): set DATA_DIR to a directory that this user may write to.`
  return `Cannot start: ${message}`
}

main().catch(fail)
