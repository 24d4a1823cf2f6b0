import type {
  PaymentProvider,
  PayoutItem,
  PayoutOrder,
  PayoutQuery,
  ProviderHost,
} from '../../src/ports/payment-provider'
import { CONFORMANCE_RULES, describeConformance, formatReport, runConformance } from '../../src/testing'
import { runRule } from '../../src/testing/conformance/run'
import { demoProvider, demoSubject } from './demo-provider'
import { type Wrong, WRONGS } from './demo-wrong'

/** Goal: the suite passes a provider that is right, and finds each wrong one by the rule that it breaks. */
const NO_EVENTS = {
  webhook: 'the demo bank sends none',
  document: 'the demo bank has none',
  outbox: 'the demo bank has an API',
  void: 'the demo bank has an API',
}

/** They wait for a deadline, and are tried above. */
const SLOW = { 'fault.hang': 'slow', 'fault.drip': 'slow', 'fault.huge': 'slow' }

describeConformance('demo', () => demoSubject(), { notApplicable: NO_EVENTS })

const WRONG: readonly (readonly [Wrong, readonly string[]])[] = [
  ['new_key_per_submit', ['submit.repeats', 'fault.commit_then_drop']],
  ['key_per_process', ['submit.repeats', 'fault.commit_then_drop', 'batch.commit_then_drop']],
  ['timeout_is_declined', ['fault.commit_then_drop', 'fault.drop_before_commit', 'fault.hang']],
  ['500_is_declined', ['fault.answer_500', 'fault.refuse_500']],
  ['500_is_deferred', ['fault.answer_500', 'fault.refuse_500']],
  ['409_is_declined', ['fault.answer_409']],
  ['2xx_is_settled', ['submit.declines', 'fault.unknown_status']],
  ['unknown_status_is_declined', ['fault.unknown_status', 'lookup.unknown_status']],
  ['unknown_status_is_settled', ['fault.unknown_status', 'lookup.unknown_status']],
  ['follows_redirects', ['fault.redirect']],
  ['leaks_the_iban_in_errors', ['redaction.errors']],
  ['leaks_the_token_in_logs', ['redaction.logs']],
  ['leaks_the_name_in_outcomes', ['redaction.outcomes']],
  ['not_found_too_early', ['lookup.hidden']],
  ['lookup_500_is_not_found', ['reading.answer_500']],
  ['three_decimals', ['check.decimals']],
  ['any_currency', ['check.currency']],
  ['check_asks_the_bank', ['check.pure']],
  ['no_deadline', ['fault.hang', 'fault.drip']],
  ['reads_everything', ['fault.huge']],
  ['batch_all_accepted', ['batch.bad_item']],
  ['pays_another_iban', ['submit.accepts', 'submit.amounts', 'batch.pays_each']],
  ['pays_another_currency', ['submit.accepts', 'submit.amounts', 'batch.pays_each']],
  ['amount_through_a_float', ['submit.amounts']],
  ['ten_times_with_ours_echoed', ['submit.accepts', 'submit.amounts', 'batch.pays_each']],
  ['full_amount_returned', ['lookup.returned_in_part']],
  ['our_amount_settled', ['lookup.settled_with_another_amount', 'order.another_amount']],
  ['no_amount_settled', ['lookup.settled_with_another_amount', 'order.another_amount']],
  ['half_an_iban_in_a_status', ['redaction.outcomes']],
  ['key_lifetime_of_ten_years', ['contract.key_lifetime']],
  ['names_another_payer_each_time', ['contract.payer']],
  ['names_its_payer_by_the_token', ['contract.payer']],
  ['first_listed_is_ours', ['lookup.among_strangers']],
  ['believes_refusals_of_repetitions', ['repeat.refuse_again', 'repeat.refuse_429', 'repeat.down']],
  ['believes_refusals_of_repetitions', ['repeat.refuse_401', 'repeat.refuse_403', 'batch.refused_again']],
  ['batch_look_up_tells_one_for_all', ['order.tells_each']],
  ['batch_look_up_500_is_declined', ['order.failed_look_up']],
  ['batch_look_up_of_anything', ['order.never_sent']],
  ['cancel_is_always_done', ['cancel.stops', 'cancel.too_late', 'cancel.never_sent', 'cancel.refuse_500']],
  ['cancel_500_is_too_late', ['cancel.refuse_500']],
  ['cancel_does_nothing', ['cancel.stops', 'cancel.too_late']],
  ['lists_what_it_has_sent', ['list.forgotten', 'list.settled_with_another_amount', 'list.taken']],
  ['lists_the_first_page', ['list.batch']],
  ['list_500_is_empty', ['list.reading_answer_500']],
  ['lists_all_as_paid', ['list.declined', 'list.returned', 'list.unknown_status']],
  ['lists_at_the_time_asked_for', ['list.another_time']],
  ['lists_under_new_names', ['list.twice']],
  ['lists_the_keys_of_others', ['list.among_strangers']],
  ['lists_what_was_asked_for', ['list.settled_with_another_amount']],
  ['pending_is_settled', ['submit.open', 'order.tells_each']],
  ['404_is_not_found', ['reading.answer_404']],
  ['finds_by_the_banks_id_alone', ['fault.commit_then_drop', 'fault.answer_500', 'repeat.refuse_again']],
  ['finds_no_payout_of_a_batch', ['batch.commit_then_drop']],
  ['leaves_out_what_it_cannot_read', ['list.reading_empty', 'list.reading_null']],
]

describe('the conformance suite', () => {
  it('is tried on every way of being wrong', () => {
    expect([...new Set(WRONG.map(([wrong]) => wrong))].sort()).toEqual([...WRONGS].sort())
  })

  it.each(WRONG)('finds a provider with the fault "%s" by the rules %j', async (wrong, rules) => {
    const subject = await demoSubject(wrong)
    const broken: string[] = []
    for (const rule of CONFORMANCE_RULES.filter(({ id }) => rules.includes(id)))
      if ((await runRule(rule, subject)).verdict === 'failed') broken.push(rule.id)
    await subject.close?.()
    expect(broken.sort()).toEqual([...rules].sort())
  })

  it('tries a provider that is an object of a class with private fields', async () => {
    const subject = await demoSubject()
    const createProvider = () => new PrivateDemo(demoProvider(subject.bank.url))
    const rules = CONFORMANCE_RULES.filter(({ id }) => /^(?:check\.takes|submit\.accepts)/.test(id))
    const whys: string[] = []
    for (const rule of rules) whys.push((await runRule(rule, { ...subject, createProvider })).why)
    await subject.close?.()
    expect(whys).toEqual(['', ''])
  })

  it('lets a list name a payout twice, as long as it is under one name', async () => {
    const subject = await demoSubject('lists_each_twice')
    const rules = CONFORMANCE_RULES.filter(({ id }) => id.startsWith('list.'))
    expect(rules.length).toBeGreaterThan(15)
    for (const rule of rules) expect(await runRule(rule, subject)).toMatchObject({ verdict: 'passed' })
    await subject.close?.()
  })

  it('does not pass a provider of which one rule failed', async () => {
    const subject = await demoSubject('key_lifetime_of_ten_years')
    const report = await runConformance(subject, { notApplicable: { ...NO_EVENTS, ...SLOW } })
    await subject.close?.()
    expect(report.passed).toBe(false)
    const failed = report.results.filter(({ verdict }) => verdict === 'failed').map(({ rule }) => rule)
    expect(failed).toEqual(['contract.key_lifetime'])
    expect(formatReport(report)).toContain('FAILED contract.key_lifetime: capabilities.keyLifetimeMs is')
  })

  it.each([
    [{ nonsense: 'x' }, 'a rule that does not exist: nonsense'],
    [{ submit: 'we do not submit' }, 'submit.accepts applies to every provider'],
    [{ 'submit.amounts': 'we round' }, 'submit.amounts applies to every provider'],
    [{ webhook: ' ' }, 'gives no reason for webhook'],
    [{ batch: 'one payout per call' }, 'the provider has what batch.pays_each is about'],
    [{ cancel: 'not tried' }, 'the provider has what cancel.stops is about'],
  ])('lets nobody leave out %j', async (notApplicable, problem) => {
    const subject = await demoSubject()
    await expect(runConformance(subject, { notApplicable })).rejects.toThrow(problem)
    await subject.close?.()
  })

  it('reports every rule, once, and says which did not apply', async () => {
    const subject = await demoSubject()
    const report = await runConformance(subject)
    await subject.close?.()
    expect(report.results.map(({ rule }) => rule)).toEqual(CONFORMANCE_RULES.map(({ id }) => id))
    expect(report.passed).toBe(true)
    const notApplicable = report.results.filter(({ verdict }) => verdict === 'not_applicable')
    expect(notApplicable.map(({ rule, why }) => `${rule}: ${why}`)).toEqual([
      'webhook.genuine: the provider has no webhooks',
      'webhook.forged: the provider has no webhooks',
      'webhook.garbage: the provider has no webhooks',
      'document.twice: the provider or the fake has no documents',
      'outbox.stable: the provider has no outbox',
      'void.sets_free: no file of the provider can be voided',
      'void.believes_the_bank: no file of the provider can be voided',
      'void.refuses: no file of the provider can be voided',
    ])
    expect(formatReport(report)).toContain('not applicable webhook.genuine: the provider has no webhooks')
  })
})

/** Keeps what it is made of, and what it was opened with, where nobody else can reach. */
class PrivateDemo implements PaymentProvider {
  readonly name = 'demo'
  readonly capabilities: PaymentProvider['capabilities']
  readonly #inner: PaymentProvider
  #host: ProviderHost | null = null

  constructor(inner: PaymentProvider) {
    this.#inner = inner
    this.capabilities = inner.capabilities
  }

  async open(host: ProviderHost) {
    this.#host = host
    await this.#inner.open?.(host)
  }

  check(item: PayoutItem) {
    return this.#inner.check(item)
  }

  submit(order: PayoutOrder) {
    if (!this.#host) throw new Error('It is not open.')
    return this.#inner.submit(order)
  }

  lookup(query: PayoutQuery) {
    return this.#inner.lookup(query)
  }
}
