import { createTask } from 'node-cron'

/** What the scheduler itself asks when it plans its next tick. Not in its types: its own `getNextRun` only knows now. */
interface Plan {
  getNextMatch(from: Date): Date
}

const plans = new Map<string, Plan>()

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
  return plan.getNextMatch(from)
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
