/**
 * Bank withdrawals in your own Express app. In a kit `toolsLib` is handed to you; here the sandbox's stands in, so
 * that this runs as it is: `node --import tsx examples/express-app.ts`.
 */
import type { AddressInfo } from 'node:net'

import express, { type Express } from 'express'
import { createBankWithdrawals, type Logger } from 'hollaex-bank-withdrawal'
import { sandboxProvider } from 'hollaex-bank-withdrawal/providers/sandbox'
import { openSandboxKit } from 'hollaex-bank-withdrawal/testing'

/** @param logger A winston logger, for instance; JSON lines on stdout when left out. */
export async function addBankWithdrawals(app: Express, logger?: Logger) {
  const { kit, database } = await openSandboxKit()

  const plugin = createBankWithdrawals({
    toolsLib: kit.toolsLib,
    providers: [sandboxProvider()],
    // In production: { url }, of your PostgreSQL
    database,
    config: { statementText: 'Example Exchange' },
    ...(logger && { logger }),
  })
  app.use(plugin.router)
  await plugin.start()

  return { token: kit.tokens.sign(1, ['user']), stop: () => plugin.stop().then(() => database.close()) }
}

async function main(): Promise<void> {
  const app = express()
  const { token, stop } = await addBankWithdrawals(app)
  const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo
    console.log(`Withdrawals at http://127.0.0.1:${port}/plugins/bank/withdrawal`)
    console.log(`User 1: ${token}`)
  })
  process.once('SIGINT', () => {
    server.close()
    void stop()
  })
}

if (require.main === module) void main()
