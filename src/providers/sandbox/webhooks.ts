import { randomBytes } from 'node:crypto'

import type {
  ProviderHost,
  ProviderWebhook,
  WebhookEvent,
  WebhookRequest,
} from '../../ports/payment-provider'
import { signWebhook, verifyWebhook } from '../shared/standard-webhooks'

export interface SandboxWebhooks extends ProviderWebhook {
  /**
   * What the bank sends about a payout it has, in the order in which it arrives. Two magic amounts send the same
   * event twice and send events in the wrong order.
   */
  deliveries(key: string): Promise<readonly WebhookRequest[]>
}

const SECRET = 'webhook/secret'
const SECRET_BYTES = 32

/** What the bank says of a payout it has. */
type ScenarioOf = (key: string) => Promise<{ scenario: number; reference: string } | null>

/** The sandbox bank signs its webhooks as real ones do, with a secret that it makes at the first start. */
export function sandboxWebhooks(host: () => ProviderHost, scenarioOf: ScenarioOf): SandboxWebhooks {
  async function secret(): Promise<Uint8Array> {
    const { documents } = host()
    // Not the host's randomness, which a test repeats.
    await documents.create(SECRET, randomBytes(SECRET_BYTES).toString('base64'))
    return Buffer.from(String((await documents.read(SECRET))?.value), 'base64')
  }

  async function delivery(id: string, type: string, key: string): Promise<WebhookRequest> {
    const body = { type, data: { key, reference: (await scenarioOf(key))?.reference } }
    const rawBody = Buffer.from(JSON.stringify(body))
    const at = Math.floor(host().clock.now().getTime() / 1_000)
    return { headers: signWebhook(await secret(), id, at, rawBody), rawBody, body }
  }

  return {
    async deliveries(key) {
      const payout = await scenarioOf(key)
      if (!payout) return []
      const accepted = await delivery(`evt_${payout.reference}_1`, 'payout.accepted', key)
      const settled = await delivery(`evt_${payout.reference}_2`, 'payout.settled', key)
      if (payout.scenario === 10) return [accepted, settled, settled]
      return payout.scenario === 11 ? [settled, accepted] : [accepted, settled]
    },
    verify: async (request) => verifyWebhook([await secret()], request, host().clock.now()),
    parse: readEvent,
  }
}

function readEvent({ headers, body }: WebhookRequest): WebhookEvent | null {
  const id = headers['webhook-id']
  const { type, data } = (body ?? {}) as { type?: unknown; data?: unknown }
  const { key } = (data ?? {}) as { key?: unknown }
  const isEvent = [id, type, key].every((part) => typeof part === 'string' && part !== '')
  return isEvent ? { id: String(id), type: String(type), payouts: [{ key: String(key) }] } : null
}
