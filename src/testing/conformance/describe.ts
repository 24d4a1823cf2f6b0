import { CONFORMANCE_RULES, declarationProblems, declaredAway, declaredWhy, runRule } from './run'
import type { ConformanceSubject, NotApplicable } from './subject'
import { RuleBroken } from './verdicts'

type Define = (title: string, body: () => Promise<void>) => unknown

/** What jest, vitest and node:test have in common. */
export interface TestRunner {
  readonly describe: (title: string, body: () => void) => unknown
  readonly it: Define & { readonly skip: Define }
  /** `afterAll`; node:test calls it `after`. */
  readonly after: (body: () => Promise<void>) => unknown
}

export interface DescribeOptions {
  /** Rules or groups of things that the bank does not have, each with the reason, which is in the skipped test's title. */
  readonly notApplicable?: NotApplicable
  /** The globals of the test runner when left out. */
  readonly runner?: TestRunner
}

/**
 * One test per rule. A rule that could not be tried fails, until it is tried or `notApplicable` says why it never can
 * be: nothing is left out silently.
 *
 * @param prepare Starts the fake; called once, when the first rule runs.
 */
export function describeConformance(
  name: string,
  prepare: () => ConformanceSubject | Promise<ConformanceSubject>,
  { notApplicable = {}, runner = globalRunner() }: DescribeOptions = {},
): void {
  const problems = declarationProblems(notApplicable)
  if (problems.length > 0) throw new Error(problems.join('; '))

  let prepared: Promise<ConformanceSubject> | undefined
  const subject = () => (prepared ??= Promise.resolve(prepare()))
  runner.describe(`the provider ${name}`, () => {
    runner.it('leaves out only what it does not have', async () => {
      const names = declaredAway(await (await subject()).createProvider(), notApplicable)
      if (names.length > 0)
        throw new RuleBroken(
          `it has what these rules are about, and notApplicable leaves them out: ${names.join(', ')}`,
        )
    })
    for (const rule of CONFORMANCE_RULES) {
      const why = declaredWhy(rule, notApplicable)
      if (why !== null) {
        runner.it.skip(`${rule.title} (${rule.id}: not applicable, ${why})`, () => Promise.resolve())
        continue
      }
      runner.it(`${rule.title} (${rule.id})`, async () => {
        const result = await runRule(rule, await subject())
        if (result.verdict === 'failed') throw new RuleBroken(result.why)
        if (result.verdict === 'not_applicable')
          throw new RuleBroken(
            `not tried: ${result.why}. Teach it what the bank does; only where the bank's own documentation leaves ` +
              `it out, '${rule.id}' may be declared not applicable, with that reason`,
          )
      })
    }
    runner.after(async () => (await prepared)?.close?.())
  })
}

function globalRunner(): TestRunner {
  const { describe, it, afterAll } = globalThis as unknown as TestRunner & { afterAll?: TestRunner['after'] }
  if (typeof describe !== 'function' || typeof it !== 'function' || typeof afterAll !== 'function')
    throw new Error('No test runner’s globals were found: pass { runner: { describe, it, after } }.')
  return { describe, it, after: afterAll }
}
