import { type Response, Router } from 'express'

import type { Oldest } from '../../db/figures'
import type { OpenDifference, OutcomeTally, Standing, Stop, StoredWithdrawal } from '../../db/store'
import { sum as sumOf } from '../../domain/money'
import { differenceQuestion } from '../../domain/questions'
import { questionOf } from '../../domain/reviews'
import { stateRow } from '../../domain/states'
import { STUCK_AFTER_MS } from '../../domain/stuck'
import { OUTCOMES, paidWithin } from '../../domain/tallies'
import type { Overview, ProviderSight } from '../../services/operate/overview'
import type { StopSwitch } from '../../services/operate/stop'
import { handle, identityOf } from '../http'
import { presentCall } from './float'
import { presentProvider } from './providers'

export interface OverviewRouteDeps {
  readonly overview: () => Promise<Overview>
  readonly stop: Pick<StopSwitch, 'read'>
  /** Whether this person may do more than look. */
  readonly mayAct: (res: Response) => boolean
}

/** Everything that the desk's first screen shows, in one answer: a kit lets a page ask only so often. */
export function overviewRoutes({ overview, stop, mayAct }: OverviewRouteDeps): Router {
  const router = Router()
  router.get(
    '/',
    handle(async (_req, res) => {
      const you = { id: identityOf(res).userId, may_act: mayAct(res) }
      const [seen, stopped] = await Promise.all([overview(), stop.read()])
      res.json({ ...present(seen, you), ...presentStopped(stopped) })
    }),
  )
  return router
}

/** While it lasts nothing leaves, whatever a schedule or a provider's health lets one expect. */
const presentStopped = ({ isStopped, actor, reason, updatedAt }: Stop) =>
  isStopped && { stopped: { by: actor, reason, since: updatedAt?.toISOString() } }

const present = (seen: Overview, you: { id: number; may_act: boolean }) => ({
  at: seen.at.toISOString(),
  you,
  questions: presentQuestions(seen),
  standing: presentStanding(seen),
  funding_calls: seen.fundingCalls.map(presentCall),
  providers: seen.providers.map((provider) => presentSight(provider, seen.standing)),
  activity: {
    day: presentActivity(seen.hours),
    month: presentActivity(seen.days),
  },
})

function presentQuestions({ asking, differences, standing }: Overview) {
  const data = [...asking.map(presentAsking), ...differences.oldest.map(presentOpen)].sort((a, b) =>
    a.since < b.since ? -1 : a.since > b.since ? 1 : 0,
  )
  const waiting = standing.filter(({ state }) => state === 'in_review' || state === 'conflict')
  const returns = asking.filter(({ state }) => state === 'returning').length
  return {
    count: waiting.reduce((sum, { count }) => sum + count, 0) + returns + differences.count,
    data,
  }
}

const RETURN = {
  title: 'Money came back',
  money: 'The payee’s bank sent the payout back: it is with the exchange, and the user has not got it yet.',
}
const WAITS = {
  title: 'Waits for a person',
  money: 'The balance is locked; nothing moves until somebody decides, or what it waits for is over.',
}

function presentAsking(row: StoredWithdrawal) {
  const { title, money } = row.state === 'returning' ? RETURN : (questionOf(row.reasonCode) ?? WAITS)
  return {
    kind: row.state as string,
    since: row.stateSince.toISOString(),
    title: title,
    money: money,
    withdrawal_id: row.id,
    user_id: row.userId,
    currency: row.currency,
    amount: row.amount,
    state: row.state,
    provider: row.provider,
    // Where a machine ends it by itself if nobody does before.
    ends_at: row.nextRunAt?.toISOString(),
  }
}

function presentOpen(open: OpenDifference) {
  const { title, money } = differenceQuestion(open.kind)
  return {
    kind: 'difference',
    since: open.openedAt.toISOString(),
    title: title,
    money: money,
    withdrawal_id: open.withdrawalId,
    ...(open.about && {
      user_id: open.about.userId,
      currency: open.about.currency,
      amount: open.about.amount,
      state: open.about.state,
      provider: open.about.provider,
    }),
    difference_id: open.id,
  }
}

const LIMITS_MS: Readonly<Partial<Record<string, number>>> = STUCK_AFTER_MS

/** By state and currency; over providers and modes, which the queue tells apart. */
function presentStanding({ at, standing, oldest }: Overview) {
  const groups = groupBy(standing, ({ state, currency }) => `${state} ${currency}`)
  return groups.map((group) => {
    const [{ state, currency }] = group
    return {
      state,
      meaning: stateRow(state).meaning,
      currency,
      count: group.reduce((sum, { count }) => sum + count, 0),
      amount: sumOf(group.map(({ amount }) => amount)),
      ...presentAge(
        at,
        oldest.find((one) => one.state === state && one.currency === currency),
      ),
    }
  })
}

/** How long the oldest has been where it is, and after how long a person is asked why; nobody is asked where a person decides anyway. */
function presentAge(at: Date, oldest: Oldest | undefined) {
  if (!oldest) return {}
  const limitMs = LIMITS_MS[oldest.state]
  return {
    oldest_since: new Date(at.getTime() - oldest.seconds * 1_000).toISOString(),
    ...(limitMs !== undefined && { limit_seconds: limitMs / 1_000 }),
  }
}

function presentSight(provider: ProviderSight, standing: readonly Standing[]) {
  const { word, nextRunAt } = provider
  const ready = standing.filter(({ state, provider: name }) => state === 'ready' && name === provider.name)
  return {
    ...presentProvider(provider),
    next_run_at: nextRunAt?.toISOString(),
    queue: groupBy(ready, ({ currency }) => currency).map((group) => ({
      currency: group[0].currency,
      count: group.reduce((sum, { count }) => sum + count, 0),
      total: sumOf(group.map(({ payoutAmount }) => payoutAmount)),
      available: word?.balances?.find(({ currency }) => currency === group[0].currency)?.available,
    })),
    ...(word && {
      asked_at: word.askedAt.toISOString(),
      balances: word.balances ?? undefined,
      healthy: word.health?.ok,
      health_message: word.health?.message,
    }),
  }
}

function presentActivity(tallies: readonly OutcomeTally[]) {
  const spans = groupBy(tallies, ({ at }) => at.toISOString())
  const paid = tallies.filter(({ outcome }) => outcome === 'paid')
  const took = paid.map(({ took: step, count }) => ({ step, count }))
  const seconds = (share: number) => {
    const within = paidWithin(took, share)
    return within === Infinity ? undefined : (within ?? undefined)
  }
  return {
    spans: spans.map((group) => ({
      at: group[0].at.toISOString(),
      ...Object.fromEntries(
        OUTCOMES.map((outcome) => [
          outcome,
          group.filter((tally) => tally.outcome === outcome).reduce((sum, { count }) => sum + count, 0),
        ]),
      ),
    })),
    paid: groupBy(paid, ({ currency }) => currency).map((group) => ({
      currency: group[0].currency,
      count: group.reduce((sum, { count }) => sum + count, 0),
      amount: sumOf(group.map(({ amount }) => amount)),
    })),
    half_within_seconds: seconds(0.5),
    most_within_seconds: seconds(0.95),
  }
}

type Group<Item> = readonly [Item, ...Item[]]

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly Group<Item>[] {
  const groups = new Map<string, [Item, ...Item[]]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return [...groups.values()]
}
