import type { Goal } from '../goals'
import { fixed, median, type Spread, spreadOf } from '../numbers'
import { ARM_NAMES, type ArmName, ARMS } from './arms'
import type { ArmRound, RequestPathResult } from './run'

const of = (rounds: readonly ArmRound[], arm: ArmName, connections: number): ArmRound[] =>
  rounds.filter((round) => round.arm === arm && round.connections === connections)

/** Within each round, so that what else the machine was doing falls on both. */
export function ratioOf(
  { rounds }: RequestPathResult,
  arm: ArmName,
  against: ArmName,
  connections: number,
): Spread | null {
  const ratios = of(rounds, arm, connections).flatMap(({ round, perSecond }) => {
    const other = of(rounds, against, connections).find((one) => one.round === round)
    return other && other.perSecond > 0 ? [perSecond / other.perSecond] : []
  })
  return ratios.length > 0 ? spreadOf(ratios) : null
}

export function requestPathTable(result: RequestPathResult, connections: number): string[] {
  const lines = ARM_NAMES.flatMap((arm) => {
    const rounds = of(result.rounds, arm, connections)
    if (rounds.length === 0) return []
    const ratio = ratioOf(result, arm, 'insert', connections)
    const idle = result.idleMs[arm]
    const complaints = [...new Set(rounds.flatMap((round) => round.complaints))]
    return [
      [
        ARMS[arm].title,
        Math.round(median(rounds.map(({ perSecond }) => perSecond))),
        ratio ? fixed(ratio, 2) : '-',
        `${median(rounds.map(({ p50Ms }) => p50Ms))} / ${median(rounds.map(({ p99Ms }) => p99Ms))}`,
        idle ? median(idle).toFixed(2) : '-',
        Math.round(median(rounds.map(({ cpuUs }) => cpuUs))),
        Math.round(median(rounds.map(({ postgresUs }) => postgresUs ?? NaN))),
        complaints.length > 0
          ? `disqualified: ${complaints.join('; ')}`
          : ARMS[arm].rows
            ? 'all there'
            : 'stores nothing',
      ].join(' | '),
    ]
  })
  return [
    `| ${connections} connections | a second | against the yardstick | p50 / p99 ms | alone, ms | own CPU, µs | PostgreSQL’s, µs | audit |`,
    '|---|---|---|---|---|---|---|---|',
    ...lines.map((line) => `| ${line} |`),
  ]
}

export function requestPathGoals(result: RequestPathResult, connections: number): Goal[] {
  const against = (what: string, arm: ArmName, base: ArmName, goal: number): Goal => {
    const ratio = ratioOf(result, arm, base, connections)
    const isSound = of(result.rounds, arm, connections).every(({ complaints }) => complaints.length === 0)
    const isVerified = (result.verified[arm] ?? []).length === 0
    return {
      what,
      goal: `>= ${goal}`,
      seen: ratio ? fixed(ratio, 2) + (isSound && isVerified ? '' : ', disqualified') : 'not measured',
      isMet: ratio !== null && ratio.median >= goal && isSound && isVerified,
    }
  }
  const apart = idleApartMs(result)
  return [
    against(`accepting, against the yardstick, ${connections} connections`, 'accepting', 'insert', 1),
    against(`paying, against the yardstick, ${connections} connections`, 'paying', 'insert', 0.5),
    against('with a kit’s limits, against without', 'limits', 'accepting', 0.8),
    {
      what: 'accepting alone, more than the yardstick, ms',
      goal: '<= 1',
      seen: apart === null ? 'not measured' : apart.toFixed(2),
      isMet: apart !== null && apart <= 1,
    },
  ]
}

function idleApartMs({ idleMs: { accepting, insert } }: RequestPathResult): number | null {
  return accepting && insert ? median(accepting.map((ms, round) => ms - (insert[round] ?? NaN))) : null
}
