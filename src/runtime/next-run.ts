import { createTask } from 'node-cron'

/** What the scheduler itself asks when it plans its next tick. Not in its types: its own `getNextRun` only knows now. */
interface Plan {
  getNextMatch(from: Date): Date
}

const plans = new Map<string, Plan>()
/** The last answer: between two runs of a schedule it is the same for every request. */
const lastFound = new Map<string, { readonly from: Date; readonly next: Date }>()

/**
 * When a schedule fires next, as the scheduler that runs it will find it.
 *
 * @param expression A cron expression that has been checked.
 * @returns The first time after `from`.
 */
export function nextRun(expression: string, timezone: string, from: Date): Date {
  const key = `${timezone} ${expression}`
  const plan = plans.get(key) ?? planOf(expression, timezone)
  plans.set(key, plan)
  const last = lastFound.get(key)
  if (last && last.from <= from && from < last.next) return new Date(last.next)
  const next = plan.getNextMatch(from)
  lastFound.set(key, { from: new Date(from), next })
  return new Date(next)
}

function planOf(expression: string, timezone: string): Plan {
  const task = createTask(expression, () => undefined, { timezone }) as unknown as {
    timeMatcher: Plan
    destroy(): unknown
  }
  // Never started; this only takes it out of the library's list of tasks.
  task.destroy()
  return task.timeMatcher
}
