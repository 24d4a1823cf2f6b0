import type { PaymentProvider } from '../../ports/payment-provider'
import { createBench } from './bench'
import type { ConformanceReport, Rule, RuleResult } from './report'
import { AMOUNT_RULES } from './rules-amounts'
import { BATCH_RULES } from './rules-batch'
import { CANCEL_RULES } from './rules-cancel'
import { CONTRACT_RULES } from './rules-contract'
import { EVENT_RULES } from './rules-events'
import { LIST_RULES } from './rules-list'
import { LOOKUP_RULES } from './rules-lookup'
import { ORDER_RULES } from './rules-order'
import { PAYOUT_RULES } from './rules-payout'
import { REDACTION_RULES } from './rules-redaction'
import { REPEAT_RULES } from './rules-repeat'
import { VOID_RULES } from './rules-void'
import type { ConformanceSubject, NotApplicable } from './subject'
import { RuleBroken, RuleNotApplicable } from './verdicts'

/** Everything that a provider is held to, in the order in which it is best repaired. */
export const CONFORMANCE_RULES: readonly Rule[] = [
  ...CONTRACT_RULES,
  ...PAYOUT_RULES,
  ...AMOUNT_RULES,
  ...REPEAT_RULES,
  ...LOOKUP_RULES,
  ...BATCH_RULES,
  ...ORDER_RULES,
  ...CANCEL_RULES,
  ...LIST_RULES,
  ...EVENT_RULES,
  ...VOID_RULES,
  ...REDACTION_RULES,
]

/** One rule, on empty books and with a provider of its own. Never throws. */
export async function runRule(rule: Rule, subject: ConformanceSubject): Promise<RuleResult> {
  const result = (verdict: RuleResult['verdict'], why = ''): RuleResult => ({
    ...{ rule: rule.id, title: rule.title },
    ...{ verdict, why },
  })
  try {
    const bench = await createBench(subject)
    try {
      await rule.run(bench)
    } finally {
      await bench.close()
    }
    return result('passed')
  } catch (error) {
    if (error instanceof RuleNotApplicable) return result('not_applicable', error.message)
    if (error instanceof RuleBroken) return result('failed', error.message)
    // The fake or the provider's own set-up; only the kind is told, the text may hold what must not be shown.
    return result(
      'failed',
      `the rule could not be tried: ${(error as Error)?.name ?? 'something'} was thrown`,
    )
  }
}

/** Tries every rule. Needs no test runner. @throws When `notApplicable` names what cannot be left out. */
export async function runConformance(
  subject: ConformanceSubject,
  options: { notApplicable?: NotApplicable } = {},
): Promise<ConformanceReport> {
  const provider = await subject.createProvider()
  const problems = [
    ...declarationProblems(options.notApplicable),
    ...declaredAway(provider, options.notApplicable).map((id) => `the provider has what ${id} is about`),
  ]
  if (problems.length > 0) throw new Error(problems.join('; '))
  const results: RuleResult[] = []
  for (const rule of CONFORMANCE_RULES) {
    const why = declaredWhy(rule, options.notApplicable)
    results.push(
      why === null
        ? await runRule(rule, subject)
        : { rule: rule.id, title: rule.title, verdict: 'not_applicable', why },
    )
  }
  return { provider: provider.name, passed: results.every(({ verdict }) => verdict !== 'failed'), results }
}

/** The rules of what this provider has, and says by group that it has not. */
export const declaredAway = (provider: PaymentProvider, declared: NotApplicable = {}): readonly string[] =>
  CONFORMANCE_RULES.filter((rule) => Object.hasOwn(declared, groupOf(rule)) && rule.isAbout?.(provider)).map(
    ({ id }) => id,
  )

const groupOf = ({ id }: Rule): string => id.split('.')[0] ?? ''

/** The author's reason why this rule, or its whole group, does not apply. */
export const declaredWhy = (rule: Rule, declared: NotApplicable = {}): string | null =>
  rule.isForAll ? null : (declared[rule.id] ?? declared[groupOf(rule)] ?? null)

/** What is wrong with the reasons themselves: nothing may be left out by mistake. */
export function declarationProblems(declared: NotApplicable = {}): readonly string[] {
  return Object.entries(declared).flatMap(([name, why]) => {
    const named = CONFORMANCE_RULES.filter((rule) => rule.id === name || groupOf(rule) === name)
    if (named.length === 0) return [`notApplicable names a rule that does not exist: ${name}`]
    const forAll = named.find(({ isForAll }) => isForAll)
    if (forAll) return [`${forAll.id} applies to every provider: notApplicable must not name ${name}`]
    return why.trim() === '' ? [`notApplicable gives no reason for ${name}`] : []
  })
}
