import type { PaymentProvider, WebhookRequest } from '../../ports/payment-provider'
import type { Bench } from './bench'
import { demand } from './demands'
import type { Rule } from './report'
import { takenPayout } from './sending'
import { RuleNotApplicable } from './verdicts'

/** What arrives from outside: webhooks, documents. */
export const EVENT_RULES: readonly Rule[] = [
  {
    id: 'webhook.genuine',
    title: 'believes a webhook of its bank, and finds the payout in it',
    isAbout: ({ webhook }) => webhook !== undefined,
    async run(bench) {
      const { provider, request } = await genuineWebhook(bench)
      const verdict = await provider.verify(request)
      demand(verdict === 'genuine', `a genuine webhook was called ${verdict}`)
      const event = provider.parse(request)
      demand(event !== null && event.id.length > 0, 'a genuine webhook was not read')
      demand(event.payouts.length > 0, 'a webhook about a payout names none')
      const again = provider.parse(request)
      demand(again?.id === event.id, 'the same event got two ids')
    },
  },
  {
    id: 'webhook.forged',
    title: 'does not believe a webhook whose body or signature was changed',
    isAbout: ({ webhook }) => webhook !== undefined,
    async run(bench) {
      const { provider, request } = await genuineWebhook(bench)
      if (!request.rawBody) throw new RuleNotApplicable('the fake’s webhooks have no bytes')
      const rawBody = Uint8Array.from(request.rawBody)
      const last = rawBody.length - 2
      rawBody[last] = (rawBody[last] ?? 0) ^ 1
      const changed = await provider.verify({ ...request, rawBody })
      demand(changed !== 'genuine', 'a webhook whose body was changed was called genuine')
      const unsigned = await provider.verify({ ...request, headers: {} })
      demand(unsigned !== 'genuine', 'a webhook without a signature was called genuine')
    },
  },
  {
    id: 'webhook.garbage',
    title: 'neither believes nor chokes on what a stranger sends',
    isAbout: ({ webhook }) => webhook !== undefined,
    async run(bench) {
      const { provider } = await genuineWebhook(bench)
      for (const body of [null, [], {}, '', 'x', 42, { id: 1 }, { data: null }, { payouts: [null] }]) {
        const headers = { 'webhook-id': '\0', 'webhook-signature': 'v1,', authorization: ['', ''] }
        const request = { headers, rawBody: Buffer.from(JSON.stringify(body)), body }
        const verdict = await provider.verify(request).catch(() => 'thrown' as const)
        demand(
          verdict === 'forged' || verdict === 'unverifiable',
          `verify: a stranger’s webhook was ${verdict}`,
        )
        demand(parses(provider, request), 'parse threw, or found an event in what a stranger sent')
      }
    },
  },
  {
    id: 'document.twice',
    title: 'takes a document in once, however often it is handed in',
    isAbout: ({ ingest }) => ingest !== undefined,
    async run(bench) {
      const { ingest } = bench.provider()
      const { file } = bench.subject.api
      if (!ingest || !file) throw new RuleNotApplicable('the provider or the fake has no documents')
      const { item } = await takenPayout(bench)
      const document = await file(item.key)
      const take = () => ingest.call(bench.provider(), document)
      const [first, second] = [await take(), await take()]
      demand(!first.isRepeated && second.isRepeated, 'the second time was not called a repetition')
      demand(first.documentId === second.documentId, 'one document got two ids')
      demand(first.payouts.length > 0, 'a document about a payout names none')
    },
  },
  {
    id: 'outbox.stable',
    title: 'gives a file of its outbox out byte for byte the same',
    isAbout: ({ outbox }) => outbox !== undefined,
    async run(bench) {
      const { outbox } = bench.provider()
      if (!outbox) throw new RuleNotApplicable('the provider has no outbox')
      await takenPayout(bench)
      const [file] = await outbox.list()
      demand(file !== undefined, 'a payout was taken, and the outbox is empty')
      const first = await outbox.read(file.name)
      const second = await (await bench.restart()).outbox?.read(file.name)
      demand(first !== null && second != null, 'a file of the list could not be read')
      demand(Buffer.from(first.content).equals(Buffer.from(second.content)), 'the file changed')
      demand((await outbox.read('../../etc/passwd')) === null, 'a name outside the outbox was read')
    },
  },
]

async function genuineWebhook(bench: Bench) {
  const provider = bench.provider().webhook
  const { webhook } = bench.subject.api
  if (!provider) throw new RuleNotApplicable('the provider has no webhooks')
  if (!webhook) throw new RuleNotApplicable('the fake sends no webhooks')
  const { item } = await takenPayout(bench)
  return { provider, request: await webhook(item.key) }
}

function parses({ parse }: NonNullable<PaymentProvider['webhook']>, request: WebhookRequest): boolean {
  try {
    return parse(request) === null
  } catch {
    return false
  }
}
