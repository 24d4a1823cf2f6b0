/** What the exchange says of a user whose money is about to leave, and what follows from it. */

export interface UserStanding {
  /** The account is frozen, or its withdrawals are blocked for now. */
  readonly isBlocked: boolean
  /** Somebody at the exchange has marked the user for attention. */
  readonly isFlagged: boolean
  /** null where the exchange keeps no record of identities. */
  readonly isVerified: boolean | null
}

export const FINDINGS = ['blocked', 'flagged', 'unverified'] as const
export type Finding = (typeof FINDINGS)[number]

/** What a finding leads to: nothing, a question to a person, or that the balance is given back. */
export const FOLLOWS = ['pay', 'review', 'refuse'] as const
export type StandingRules = Readonly<Record<Finding, (typeof FOLLOWS)[number]>>

export interface StandingVerdict {
  readonly follows: 'pay' | 'review' | 'refuse'
  /** What led to it; empty where the user may be paid. */
  readonly findings: readonly Finding[]
}

/** A user whom the exchange does not know any more is paid by nobody's word. */
const findingsOf = (standing: UserStanding | null): readonly Finding[] =>
  standing === null
    ? ['blocked']
    : FINDINGS.filter(
        (finding) =>
          ({
            blocked: standing.isBlocked,
            flagged: standing.isFlagged,
            unverified: standing.isVerified === false,
          })[finding],
      )

/** @param reviewed What a person has been asked about and let pass. */
export function judgeStanding(
  standing: UserStanding | null,
  rules: StandingRules,
  reviewed: string | null = null,
): StandingVerdict {
  const letPass = readFindings(reviewed)
  const open = findingsOf(standing).filter((finding) => !letPass.includes(finding))
  const [refused, asked] = (['refuse', 'review'] as const).map((follows) =>
    open.filter((finding) => rules[finding] === follows),
  ) as [Finding[], Finding[]]
  if (refused.length > 0) return { follows: 'refuse', findings: refused }
  return asked.length > 0 ? { follows: 'review', findings: asked } : { follows: 'pay', findings: [] }
}

/** As stored: what a person has been asked about, this time and before. */
export const writeFindings = (reviewed: string | null, asked: readonly Finding[]): string =>
  FINDINGS.filter((finding) => readFindings(reviewed).includes(finding) || asked.includes(finding)).join(',')

const readFindings = (reviewed: string | null): readonly string[] => reviewed?.split(',') ?? []
