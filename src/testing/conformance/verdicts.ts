/** How a rule ends that was not kept. */

/** Why a provider breaks a rule. Never holds what the provider must not show. */
export class RuleBroken extends Error {
  override readonly name = 'RuleBroken'
}

/** The rule cannot be tried with this provider or this fake. */
export class RuleNotApplicable extends Error {
  override readonly name = 'RuleNotApplicable'
}
