/** What the function of migrations/000019 says to one that is about to be stored. */
export const judgedBy = (
  owner: string,
  account: string,
  currency: string,
  amount: string,
  policy: string,
): string => `bank_withdrawal.judge_by_policy(${[owner, account, currency, amount, policy].join(', ')})`

/** The parts of what it says, by the name of the column that holds it. */
export const RULED = {
  causes: (ruling: string) => `${ruling} ->> 'causes'`,
  coolsUntil: (ruling: string) => `(${ruling} ->> 'coolsUntil')::timestamptz`,
  /** For the journal: which version of the policy, and which of its rules. */
  detail: (ruling: string, policy: string) =>
    `jsonb_build_object('policy', ${policy} -> 'version', 'rules', ${ruling} -> 'rules')`,
}
