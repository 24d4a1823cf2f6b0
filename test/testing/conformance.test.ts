import { CONFORMANCE_RULES, describeConformance, formatReport, runConformance } from '../../src/testing'
import { demoSubject, type Wrong } from './demo-provider'

/** Goal: the suite passes a provider that is right, and finds each wrong one by the rule that it breaks. */
const NO_EVENTS = {
  webhook: 'the demo bank sends none',
  document: 'the demo bank has none',
  outbox: 'the demo bank has an API',
}

describeConformance('demo', () => demoSubject(), { notApplicable: NO_EVENTS })

/** Rules that wait for a deadline are tried where they are the point. */
const slowOnes = (rules: readonly string[]) =>
  Object.fromEntries(
    ['fault.hang', 'fault.drip', 'fault.huge']
      .filter((rule) => !rules.includes(rule))
      .map((rule) => [rule, 'tried elsewhere']),
  )

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
]

describe('the conformance suite', () => {
  it.each(WRONG)('finds a provider with the fault "%s"', async (wrong, rules) => {
    const subject = await demoSubject(wrong)
    const report = await runConformance(subject, { notApplicable: { ...slowOnes(rules), ...NO_EVENTS } })
    await subject.close?.()

    const failed = report.results.filter(({ verdict }) => verdict === 'failed').map(({ rule }) => rule)
    expect(report.passed).toBe(false)
    expect(failed).toEqual(expect.arrayContaining([...rules]))
    if (process.env.SHOW) process.stdout.write(formatReport(report) + '\n')
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
    ])
    expect(formatReport(report)).toContain('not applicable webhook.genuine: the provider has no webhooks')
  })
})
