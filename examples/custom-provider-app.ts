/**
 * One withdrawal through a provider of your own, at a bank that pays and hangs up before it answers:
 * `node --import tsx examples/custom-provider-app.ts`. It is paid once, and what happened is printed.
 */
import type { AddressInfo } from 'node:net'

import express, { type Express } from 'express'
import { createBankWithdrawals, type Logger } from 'hollaex-bank-withdrawal'
import { createWithdrawalsClient, type WithdrawalDetail } from 'hollaex-bank-withdrawal/client'
import { openSandboxKit } from 'hollaex-bank-withdrawal/testing'

import { AcmeBank } from './custom-provider'

/** @returns The bank's API, and what it has paid. */
function acme(): { api: Express; paid: string[] } {
  const api = express()
  const paid: string[] = []
  const amounts = new Map<string, string>()
  const shown = (key: string) => ({ id: `A-${key}`, key, status: 'PAID', amount: amounts.get(key) })
  api.post('/payouts', express.json(), (req, res) => {
    const { key, amount, currency } = req.body as Record<'key' | 'amount' | 'currency', string>
    if (amounts.has(key)) return void res.json(shown(key))
    amounts.set(key, amount)
    paid.push(`${amount} ${currency}`)
    // The money has left, and nobody is told.
    req.socket.destroy()
  })
  api.get('/payouts/:key', (req, res) => {
    const { key } = req.params
    if (amounts.has(key)) res.json(shown(key))
    else res.status(404).json({ error: 'no_such_payout' })
  })
  return { api, paid }
}

/** @param logger A winston logger, for instance; JSON lines on stdout when left out. */
export async function payThroughAcme(
  logger?: Logger,
): Promise<{ withdrawal: WithdrawalDetail; paid: readonly string[] }> {
  const { api, paid } = acme()
  const bank = await listen(api)
  const { kit, database } = await openSandboxKit()
  const plugin = createBankWithdrawals({
    toolsLib: kit.toolsLib,
    providers: [new AcmeBank({ baseUrl: bank.url, apiKey: 'from your secrets' })],
    database,
    config: { statementText: 'Example Exchange' },
    ...(logger && { logger }),
  })
  const app = await listen(express().use(plugin.router))
  await plugin.start()
  try {
    const client = createWithdrawalsClient({
      baseUrl: `${app.url}/plugins/bank/withdrawal`,
      token: kit.tokens.sign(1, ['user']),
    })
    const bank_account = { iban: 'DE89370400440532013000', account_holder: 'Ada Lovelace' }
    const { id } = await client.create({ currency: 'eur', amount: '25.00', bank_account })
    return { withdrawal: await client.waitFor(id), paid }
  } finally {
    await plugin.stop()
    app.close()
    bank.close()
    await database.close()
  }
}

const listen = (app: Express): Promise<{ url: string; close(): void }> =>
  new Promise((resolve) => {
    const server = app.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      const close = () => {
        server.close()
        server.closeAllConnections()
      }
      resolve({ url: `http://127.0.0.1:${port}`, close })
    })
  })

async function main(): Promise<void> {
  const { withdrawal, paid } = await payThroughAcme()
  for (const { stage, at } of withdrawal.timeline) console.log(`${at} ${stage}`)
  console.log(`The bank has paid: ${paid.join(', ')}`)
}

if (require.main === module) void main()
