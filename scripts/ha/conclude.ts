import { check } from '../../test/chaos/check'
import type { Cluster } from '../../test/chaos/cluster'
import type { Load } from '../../test/chaos/load'

interface Told {
  /** Found by the rehearsal itself. */
  readonly problems?: readonly string[]
  readonly sentence: string
}

/**
 * Holds what the wallet, the bank and the clients wrote down against the database, and prints what came of it.
 *
 * @returns Whether every promise was kept. Nobody was stopped in the middle of a request here, so a lock that landed
 *   late has no excuse.
 */
export async function conclude(
  { files, servers }: Pick<Cluster, 'files' | 'servers'>,
  { failures }: Pick<Load, 'failures'>,
  databaseUrl: string,
  { problems: more = [], sentence }: Told,
): Promise<boolean> {
  const { violations, lateLocks, ...figures } = await check(files, databaseUrl)
  console.log(JSON.stringify(figures))
  console.log(`other answers by status: ${JSON.stringify(Object.fromEntries(failures))}`)
  const ended = servers.filter(({ unexpectedEnds }) => unexpectedEnds > 0)
  const problems = [
    ...violations,
    ...lateLocks.map((id) => `I4 locked late: ${id}`),
    ...more,
    ...ended.map(({ name }) => `${name} ended`),
  ]
  for (const problem of problems) console.log(`VIOLATION ${problem}`)
  console.log(problems.length === 0 ? sentence : `${problems.length} violations.`)
  return problems.length === 0
}
