import React from 'react'

import { Age, Card, Money, Time, useNow } from '../shared/ui'
import type { FundingCall } from './types'

/** Somebody has to put money into an account; nothing where nobody is asked to. */
export function FundingCalls({ calls }: { calls: readonly FundingCall[] }) {
  const now = useNow()
  if (calls.length === 0) return null
  return (
    <Card wide title="Money is needed" note="A call ends by itself once there is enough.">
      <ul className="questions">
        {calls.map((call) => (
          <li key={call.id}>
            <Age since={call.opened_at} now={now} />
            <div className="question">
              <p className="strong">
                Put <Money amount={call.amount} currency={call.currency} /> into{' '}
                {call.account ?? 'the account'} of {call.provider} by <Time at={call.needed_by} isFull />
              </p>
              <p>
                There is <Money amount={call.available} currency={call.currency} />;{' '}
                <Money amount={call.queued} currency={call.currency} /> waits to leave, and by the last weeks
                another <Money amount={call.expected} currency={call.currency} /> will be asked for.
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Card>
  )
}
