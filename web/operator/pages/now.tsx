import React, { useContext } from 'react'

import { type Bar, Bars } from '../../shared/bars'
import { countText, durationText, shortDuration, sumText, timeText } from '../../shared/format'
import { addressOf } from '../../shared/place'
import { Link } from '../../shared/router'
import {
  Age,
  Badge,
  Card,
  Empty,
  Loaded,
  Money,
  PageHead,
  Table,
  Time,
  useNow,
  ZoneContext,
} from '../../shared/ui'
import { FirstRun } from '../first-run'
import { FundingCalls } from '../funding-calls'
import { OverviewContext } from '../overview-context'
import { ProviderCards } from '../providers'
import type { Activity, Overview, Question, Standing } from '../types'
import { stateLabel, stateTone } from '../words'

/** What needs a person now, and whether all is well otherwise. */
export function NowPage() {
  const overview = useContext(OverviewContext)
  return (
    <React.Fragment>
      <PageHead title="What needs you now">
        {overview.at && (
          <span className="note" aria-live="off">
            As of <Time at={overview.at.toISOString()} />
          </span>
        )}
        <button type="button" onClick={overview.reload} disabled={overview.isLoading}>
          Refresh
        </button>
      </PageHead>
      <Loaded data={overview}>
        {(value) => (
          <div className="grid">
            <FirstRun overview={value} />
            <FundingCalls calls={value.funding_calls} />
            <Questions {...value.questions} />
            <ProviderCards
              providers={value.providers}
              mayAct={value.you.may_act}
              onChange={overview.reload}
            />
            <StandingCard standing={value.standing} />
            <ActivityCard activity={value.activity} />
          </div>
        )}
      </Loaded>
    </React.Fragment>
  )
}

function Questions({ count, data }: Overview['questions']) {
  const now = useNow()
  return (
    <Card
      wide
      title={count === 0 ? 'Questions' : `${countText(count)} ${count === 1 ? 'question' : 'questions'}`}
      note={count > 0 && 'Oldest first. The machine goes on looking for the answers while they wait.'}
    >
      {count === 0 ? (
        <Empty title="Nothing waits for you.">
          What cannot be proven by a machine comes here as a question, with what is known and what each answer
          does.
        </Empty>
      ) : (
        <ul className="questions">
          {data.map((question) => (
            <QuestionRow
              key={`${question.kind} ${question.difference_id ?? question.withdrawal_id}`}
              {...{ question, now }}
            />
          ))}
        </ul>
      )}
      {count > data.length && (
        <p className="note">
          The {data.length} oldest are shown.{' '}
          <Link to={addressOf(['withdrawals'], { state: 'in_review,conflict' })}>Withdrawals that wait</Link>,{' '}
          <Link to={addressOf(['differences'])}>differences</Link>
        </p>
      )}
    </Card>
  )
}

function QuestionRow({ question, now }: { question: Question; now: number }) {
  const { title, money, amount, currency, user_id, provider, since, withdrawal_id, kind, state } = question
  const { ends_at } = question
  return (
    <li>
      <Age since={since} now={now} />
      <div className="question">
        <Link
          to={state === undefined ? addressOf(['differences']) : addressOf(['withdrawals', withdrawal_id])}
          className="strong"
        >
          {title}
        </Link>
        <p>{money}</p>
        <p className="note">
          {state === undefined ? 'Not in the books' : `User ${user_id} · ${provider}`} ·{' '}
          {kind === 'difference' ? 'stops nothing, wants an answer' : stateLabel(state ?? '')}
          {ends_at !== undefined && (
            <React.Fragment>
              {' '}
              · looked at again by itself <Time at={ends_at} />
            </React.Fragment>
          )}
        </p>
      </div>
      {amount !== undefined && currency !== undefined && <Money amount={amount} currency={currency} />}
    </li>
  )
}

const ENDED = ['processed', 'canceled', 'returned']

function StandingCard({ standing }: { standing: readonly Standing[] }) {
  const now = useNow()
  const open = standing.filter(({ state }) => !ENDED.includes(state))
  const currencies = [...new Set(open.map(({ currency }) => currency))]
  return (
    <Card title="Money that is on its way" note="By state and currency; what has ended is not counted.">
      {open.length === 0 ? (
        <Empty title="Nothing is on its way." />
      ) : (
        <Table label="Money by state and currency" head={['State', 'Count', 'Amount', 'Oldest']}>
          {open.map(({ state, meaning, currency, count, amount, oldest_since, limit_seconds }) => (
            <tr key={`${state} ${currency}`}>
              <td title={meaning}>
                <Link to={addressOf(['withdrawals'], { state, currency })}>
                  <Badge tone={stateTone(state)}>{stateLabel(state)}</Badge>
                </Link>
              </td>
              <td className="number">{countText(count)}</td>
              <td className="number">
                <Money amount={amount} currency={currency} />
              </td>
              <td className="number">
                {oldest_since !== undefined && (
                  <AgeInState since={oldest_since} limitSeconds={limit_seconds} now={now} />
                )}
              </td>
            </tr>
          ))}
          {currencies.map((currency) => {
            const those = open.filter((row) => row.currency === currency)
            return (
              <tr key={currency} className="sum">
                <th scope="row">All</th>
                <td className="number">{countText(those.reduce((sum, { count }) => sum + count, 0))}</td>
                <td className="number">
                  <Money amount={sumText(those.map(({ amount }) => amount))} currency={currency} />
                </td>
                <td />
              </tr>
            )
          })}
        </Table>
      )}
    </Card>
  )
}

interface AgeInStateProps {
  readonly since: string
  readonly limitSeconds: number | undefined
  readonly now: number
}

/** Held against the age at which a person is asked why it is still there. */
function AgeInState({ since, limitSeconds, now }: AgeInStateProps) {
  const zone = useContext(ZoneContext)
  const seconds = Math.max(0, (now - Date.parse(since)) / 1_000)
  const isOver = limitSeconds !== undefined && seconds > limitSeconds
  return (
    <React.Fragment>
      <time dateTime={since} title={timeText(since, zone, 'full')}>
        {shortDuration(seconds)}
      </time>
      {limitSeconds !== undefined && (
        <React.Fragment>
          {' '}
          {isOver ? (
            <Badge tone="bad">over {shortDuration(limitSeconds)}</Badge>
          ) : (
            <span className="note">of {shortDuration(limitSeconds)}</span>
          )}
        </React.Fragment>
      )}
    </React.Fragment>
  )
}

function ActivityCard({ activity }: { activity: Overview['activity'] }) {
  const zone = useContext(ZoneContext)
  const hour = 3_600_000
  const hours = slots(
    activity.day,
    hour,
    24,
    (at) => timeText(new Date(at).toISOString(), zone).split(', ')[1] ?? '',
  )
  const days = slots(activity.month, 24 * hour, 30, (at) =>
    timeText(new Date(at).toISOString(), 'utc').replace(/,.*/, ''),
  )
  return (
    <Card
      wide
      title="How it has been going"
      note="Green was paid; red was declined, or came back. Days are in UTC."
    >
      <div className="pair">
        <Period title="The last 24 hours" activity={activity.day} bars={hours} />
        <Period title="The last 30 days" activity={activity.month} bars={days} />
      </div>
    </Card>
  )
}

function Period({ title, activity, bars }: { title: string; activity: Activity; bars: readonly Bar[] }) {
  const total = (part: 'asked' | 'paid' | 'failed' | 'returned' | 'canceled') =>
    activity.spans.reduce((sum, span) => sum + span[part], 0)
  const within = (seconds: number | undefined) => (seconds === undefined ? '–' : durationText(seconds))
  return (
    <div className="period">
      <h3>{title}</h3>
      <Bars title={`${title}: what became of withdrawals`} bars={bars} />
      <dl className="figures">
        <Figure name="asked for" value={countText(total('asked'))} />
        <Figure name="paid" value={countText(total('paid'))} />
        <Figure name="not paid" value={countText(total('failed'))} />
        <Figure name="came back" value={countText(total('returned'))} />
        <Figure name="half were paid within" value={within(activity.half_within_seconds)} />
        <Figure name="95 of 100 within" value={within(activity.most_within_seconds)} />
      </dl>
      {activity.paid.length > 0 && (
        <p className="note">
          Paid:{' '}
          {activity.paid.map(({ currency, amount }, index) => (
            <React.Fragment key={currency}>
              {index > 0 && ', '}
              <Money amount={amount} currency={currency} />
            </React.Fragment>
          ))}
        </p>
      )}
    </div>
  )
}

const Figure = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)

/** One bar for each span of time, also for those in which nothing happened. */
function slots(activity: Activity, ms: number, count: number, label: (at: number) => string): readonly Bar[] {
  const last = Math.floor(Date.now() / ms) * ms
  return Array.from({ length: count }, (_, index) => {
    const at = last - (count - 1 - index) * ms
    const span = activity.spans.find((known) => Date.parse(known.at) === at)
    return {
      label: label(at),
      parts: [
        { name: 'paid', count: span?.paid ?? 0, tone: 'good' as const },
        { name: 'not paid', count: (span?.failed ?? 0) + (span?.returned ?? 0), tone: 'bad' as const },
      ],
    }
  })
}
