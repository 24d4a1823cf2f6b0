import type { Goal } from '../goals'
import type { InstancesResult } from './run'

export const instancesTable = (results: readonly InstancesResult[]): string[] => [
  '| instances, each withdrawal paid at once | a second | own CPU, µs each | PostgreSQL’s | waiting for a lock, % of looks | claims for 1,000 | commits each | dead rows each | deadlocks | audit |',
  '|---|---|---|---|---|---|---|---|---|---|',
  ...results.map(
    (one) =>
      `| ${one.instances} | ${Math.round(one.perSecond)} | ${Math.round(one.ownUs)} | ${one.postgresUs === null ? '?' : Math.round(one.postgresUs)} | ${one.lockWaitPercent.toFixed(1)} | ${Math.round(one.claimsPerThousand)} | ${one.commitsEach.toFixed(2)} | ${one.deadRowsEach.toFixed(1)} | ${one.deadlocks} | ${one.complaints.length > 0 ? `disqualified: ${one.complaints.join('; ')}` : 'each paid and settled once'} |`,
  ),
]

/** No goal names a number; none may be lost, and nobody may stand in another one's way. */
export const instancesGoals = (results: readonly InstancesResult[]): Goal[] => {
  const broken = results.filter(({ complaints, deadlocks }) => complaints.length > 0 || deadlocks > 0)
  return [
    {
      what: `${results.map(({ instances }) => instances).join(', ')} instances on one database: paid once, no deadlock`,
      goal: 'all',
      seen: broken.length === 0 ? 'all' : `not with ${broken.map(({ instances }) => instances).join(', ')}`,
      isMet: broken.length === 0,
    },
  ]
}
