import type {
  LookupOutcome,
  OrderQuery,
  PaymentProvider,
  PayoutItem,
  PayoutOrder,
  PayoutOutcome,
  PayoutPage,
  PayoutQuery,
  PayoutRange,
  SubmitOutcome,
} from '../../src/ports/payment-provider'
import { guardedSend } from '../../src/providers/shared/guarded-send'
import { NoAnswerError } from '../../src/providers/shared/http-client'
import type { ConformanceSubject } from '../../src/testing'
import { type DemoBank, startDemoBank, TOKEN } from './demo-bank'
import {
  capabilitiesOf,
  demoCalls,
  listedAs,
  listedFrom,
  outcomeFrom,
  type Payout,
  problemsOf,
  unknown,
} from './demo-parts'
import { type Wrong, wrongListed, wrongPayment } from './demo-wrong'

export type { Wrong }

/** Paid and back already: the look-up says so. */
const submitted = (outcome: ReturnType<typeof outcomeFrom>): PayoutOutcome =>
  outcome.kind === 'returned' ? { kind: 'accepted', reference: outcome.reference } : outcome

/** A small provider as one should be, or wrong in one way. */
export function demoProvider(url: string, wrong: Wrong | null = null): PaymentProvider {
  const calls = demoCalls(url, wrong)
  const { call, refused } = calls
  let sentKeys: readonly string[] = []
  const sent: PayoutItem[] = []
  const instance = Math.floor(performance.now() * 1_000)
  const capabilities = capabilitiesOf(wrong)

  function keyOf({ key }: PayoutItem): string {
    if (wrong === 'new_key_per_submit') return `${key}-${calls.host().random.newId()}`
    return wrong === 'key_per_process' ? `${key}-${instance}` : key
  }
  const paymentOf = (item: PayoutItem) => ({
    ...wrongPayment(wrong, item),
    key: keyOf(item),
    name: item.destination.method === 'BANK' ? item.destination.accountHolder : '',
  })

  async function post(order: PayoutOrder, first: PayoutItem): Promise<SubmitOutcome> {
    const isSingle = order.items.length === 1
    sentKeys = order.items.map(({ key }) => key)
    sent.push(...order.items)
    const body = isSingle ? paymentOf(first) : { key: order.key, payments: order.items.map(paymentOf) }
    const answer = await call('POST', isSingle ? '/payouts' : '/batches', { body })
    if (wrong === '2xx_is_settled' && answer.status < 300)
      return { kind: 'settled', reference: first.key, transactionId: first.key }
    if (answer.status !== 201 && answer.status !== 200) return refused(answer, first)
    if (isSingle) return submitted(outcomeFrom(answer.json() as Payout, wrong, first.amount))
    const { payouts } = answer.json() as { payouts: Payout[] }
    const outcomes = payouts.map((payout) => [payout.key, submitted(outcomeFrom(payout, wrong))] as const)
    return {
      kind: 'accepted',
      ...(wrong !== 'batch_all_accepted' && { items: Object.fromEntries(outcomes) }),
    }
  }

  async function send(order: PayoutOrder, first: PayoutItem): Promise<SubmitOutcome> {
    try {
      return await post(order, first)
    } catch (error) {
      if (wrong === 'timeout_is_declined') return { kind: 'declined', code: 'provider_declined' }
      if (!(error instanceof NoAnswerError) || error.reached === 'maybe') throw error
      return { kind: 'deferred', why: 'provider_unavailable' }
    }
  }

  async function found({ key, amount, reference, orderKey }: PayoutQuery): Promise<LookupOutcome> {
    const isOverlooked =
      (wrong === 'finds_by_the_banks_id_alone' && reference === null) ||
      (wrong === 'finds_no_payout_of_a_batch' && orderKey !== key)
    if (isOverlooked) return { kind: 'not_found', conclusive: true }
    const answer = await call('GET', '/payouts', { key })
    const isTakenForNone = { 500: 'lookup_500_is_not_found', 404: '404_is_not_found' }[answer.status]
    if (wrong !== null && wrong === isTakenForNone) return { kind: 'not_found', conclusive: true }
    if (answer.status !== 200) return unknown(`HTTP ${answer.status}`)
    const { payouts } = answer.json() as { payouts: Payout[] }
    const payout = wrong === 'first_listed_is_ours' ? payouts[0] : payouts.find((each) => each.key === key)
    return payout ? outcomeFrom(payout, wrong, amount) : { kind: 'not_found', conclusive: true }
  }

  async function foundOrder({ orderKey }: OrderQuery): Promise<Record<string, LookupOutcome>> {
    const answer = await call('GET', '/batches', { key: orderKey })
    if (wrong === 'batch_look_up_500_is_declined' && answer.status === 500)
      return Object.fromEntries(sentKeys.map((key) => [key, { kind: 'declined', code: 'provider_declined' }]))
    if (wrong === 'finds_no_payout_of_a_batch') return {}
    if (wrong === 'batch_look_up_of_anything')
      return { 'BW-1': { kind: 'settled', reference: 'P-1', transactionId: 'P-1' } }
    const { payouts } = answer.json() as { payouts: Payout[] }
    const told = (payout: Payout) =>
      wrong === 'batch_look_up_tells_one_for_all' ? (payouts[0] ?? payout) : payout
    return Object.fromEntries(payouts.map((each) => [each.key, outcomeFrom(told(each), wrong)]))
  }

  async function listPayouts(range: PayoutRange): Promise<PayoutPage> {
    if (wrong === 'lists_what_it_has_sent')
      return { payouts: sent.map((item, n) => listedAs({ ...item, id: `P-${n + 1}` }, 'open')), next: null }
    const page = Number(range.cursor ?? 0)
    const isWrong = wrong === 'lists_at_the_time_asked_for'
    const times = {
      since: isWrong ? '2000-01-01' : range.since.toISOString(),
      until: isWrong ? '2999-01-01' : range.until.toISOString(),
    }
    const answer = await call('GET', '/list', { query: { ...times, page: String(page) } })
    if (answer.status === 500 && wrong === 'list_500_is_empty') return { payouts: [], next: null }
    if (answer.status !== 200) throw new Error(`HTTP ${answer.status}`)
    const { payouts, isLast } = (answer.json() ?? {}) as { payouts?: Payout[]; isLast?: boolean }
    if (!payouts && wrong === 'leaves_out_what_it_cannot_read') return { payouts: [], next: null }
    if (!payouts) throw new Error('no list')
    const listed = payouts.map((payout) => wrongListed(wrong, listedFrom(payout), { range, sent }))
    return {
      payouts: wrong === 'lists_each_twice' ? listed.flatMap((each) => [each, { ...each }]) : listed,
      next: isLast || wrong === 'lists_the_first_page' ? null : String(page + 1),
    }
  }

  async function cancel({ reference }: PayoutQuery): Promise<'canceled' | 'too_late' | 'unknown'> {
    if (wrong === 'cancel_is_always_done') return 'canceled'
    if (reference === null || wrong === 'cancel_does_nothing') return 'unknown'
    const answer = await call('POST', `/payouts/${reference}/cancel`, { body: {} })
    if (answer.status === 500 && wrong === 'cancel_500_is_too_late') return 'too_late'
    const { status } = answer.json() as Partial<Payout>
    return status === 'STOPPED' ? 'canceled' : status === 'PAID' ? 'too_late' : 'unknown'
  }

  return {
    name: 'demo',
    capabilities,
    open: (host) => calls.open(host),
    close: () => calls.close(),
    payer: () => payerOf(wrong, instance),
    check(item) {
      if (wrong === 'check_asks_the_bank') void call('GET', '/payouts', { key: 'x' }).catch(() => {})
      return problemsOf(item, capabilities, wrong)
    },
    async submit(order) {
      const [first] = order.items
      if (!first) throw new Error('empty order')
      if (wrong === 'believes_refusals_of_repetitions') return send(order, first)
      return guardedSend(calls.sends(), order.key, () => send(order, first))
    },
    lookup: found,
    lookupOrder: foundOrder,
    cancel,
    listPayouts,
  }
}

export const PAYOUT = {
  currency: 'eur',
  amount: '10.50',
  destination: { method: 'BANK', iban: 'DE89370400440532013000', accountHolder: 'Canary Holdername' },
} as const

export async function demoSubject(
  wrong: Wrong | null = null,
): Promise<ConformanceSubject & { readonly bank: DemoBank }> {
  const bank = await startDemoBank()
  return {
    bank,
    createProvider: () => demoProvider(bank.url, wrong),
    api: bank.api,
    payout: PAYOUT,
    unpayable: [{ destination: { method: 'BANK', iban: 'DE89370400440532013000' }, field: 'account_holder' }],
    secrets: [TOKEN],
    close: () => bank.close(),
  }
}

function payerOf(wrong: Wrong | null, instance: number): string {
  if (wrong === 'names_another_payer_each_time') return `account ${instance}`
  return wrong === 'names_its_payer_by_the_token' ? `account of ${TOKEN}` : 'account 1'
}
