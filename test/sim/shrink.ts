import { type History, type HistoryOptions, runHistory } from './history'

/**
 * The smallest schedule found that still breaks the same promise: faults are taken away, half of them first, then
 * fewer, then one by one.
 */
export async function shrink(
  failed: History,
  options: Pick<HistoryOptions, 'mutant'> = {},
): Promise<History> {
  const [broken] = failed.violations
  let smallest = failed
  let parts = failed.schedule.split(',').filter((part) => part.length > 0)
  for (let size = Math.ceil(parts.length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0) {
    for (let start = 0; start < parts.length;) {
      const fewer = [...parts.slice(0, start), ...parts.slice(start + size)]
      const history = await runHistory({ ...options, seed: failed.seed, schedule: fewer.join(',') })
      if (history.violations[0]?.invariant === broken?.invariant) [smallest, parts] = [history, fewer]
      else start += size
    }
  }
  return smallest
}
