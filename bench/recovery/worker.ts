/**
 * One life of an instance: `worker.ts <database url> <plan as JSON>`. The first sends everything to a bank that takes it and
 * says no more, and says so; the second meets a bank that has paid. Both are killed.
 */
import fs from 'node:fs'
import path from 'node:path'

import { openServer } from '../../src/db/connect/pool'
import type { PaymentProvider } from '../../src/ports/payment-provider'
import { numberedBank, numberedKit, preload } from '../batches/numbered'
import { fileMarks } from '../marks'
import { numberedApp, quietly } from '../numbered-app'

export interface LifePlan {
  readonly rows: number
  readonly providerMs: number
  readonly directory: string
  readonly life: 'first' | 'second'
}

async function main(): Promise<void> {
  const [url = '', text = '{}'] = process.argv.slice(2)
  const plan = JSON.parse(text) as LifePlan
  const { rows, directory, life } = plan
  const database = openServer({ url, logger: quietly })
  const kit = numberedKit(rows, 0, fileMarks(path.join(directory, 'burns')))
  const app = numberedApp(kit, slowBank(plan), database, { mode: 'batch' })
  await app.start()
  process.send?.('started')
  if (life === 'second') return
  await preload(database, rows)
  await app.engine().batches.run()
  process.send?.('sent')
}

/** What it has taken it remembers in a file for each order, as a bank outlives us. */
function slowBank({ rows, providerMs, directory, life }: LifePlan): PaymentProvider {
  const { provider } = numberedBank(rows, { providerMs, paid: fileMarks(path.join(directory, 'payouts')) })
  const fileOf = (key: string) => path.join(directory, `order-${key.replaceAll(/[^\w-]/g, '_')}`)
  const wait = () => new Promise((resolve) => setTimeout(resolve, providerMs))
  const known = (key: string) => ({ kind: 'settled' as const, reference: key, transactionId: key })
  const taken = { kind: 'accepted' as const }
  return {
    ...provider,
    async submit(order) {
      await provider.submit(order)
      fs.writeFileSync(fileOf(order.key), order.items.map(({ key }) => key).join('\n'))
      return { kind: 'accepted', reference: order.key }
    },
    async lookup(query) {
      const found = await provider.lookup(query)
      return life === 'first' && found.kind === 'settled' ? { ...taken, reference: query.key } : found
    },
    async lookupOrder({ orderKey }) {
      await wait()
      const file = fileOf(orderKey)
      const keys = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n') : []
      return Object.fromEntries(
        keys.map((key) => [key, life === 'first' ? { ...taken, reference: key } : known(key)]),
      )
    },
  }
}

void main()
