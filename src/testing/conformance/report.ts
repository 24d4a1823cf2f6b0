import type { PaymentProvider } from '../../ports/payment-provider'
import type { Bench } from './bench'

export interface Rule {
  /** Stable: `group.rule`. */
  readonly id: string
  /** A sentence about the provider. */
  readonly title: string
  /** There is no provider without it: it cannot be declared not applicable. */
  readonly isForAll?: true
  /** Whether a provider has what the rule is about; where it has, the rule's group cannot be declared away. */
  isAbout?(provider: PaymentProvider): boolean
  /** @throws {RuleBroken} @throws {RuleNotApplicable} */
  run(bench: Bench): Promise<void>
}

export interface RuleResult {
  readonly rule: string
  readonly title: string
  readonly verdict: 'passed' | 'failed' | 'not_applicable'
  /** Empty when it passed. */
  readonly why: string
}

export interface ConformanceReport {
  readonly provider: string
  /** No rule failed. Rules that did not apply are in `results`, and count as neither. */
  readonly passed: boolean
  readonly results: readonly RuleResult[]
}

/** For people: what failed and what was not tried, each with its reason, and the count. */
export function formatReport({ provider, results }: ConformanceReport): string {
  const of = (verdict: RuleResult['verdict']) => results.filter((result) => result.verdict === verdict)
  const line = (mark: string) => (result: RuleResult) => `  ${mark} ${result.rule}: ${result.why}`
  return [
    `provider ${provider}: ${of('passed').length} rules passed, ${of('failed').length} failed, ` +
      `${of('not_applicable').length} not applicable`,
    ...of('failed').map(line('FAILED')),
    ...of('not_applicable').map(line('not applicable')),
  ].join('\n')
}
