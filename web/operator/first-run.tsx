import React from 'react'

import { addressOf } from '../shared/place'
import { Link } from '../shared/router'
import { Badge, Card } from '../shared/ui'
import type { Overview } from './types'

const PAID = ['processed', 'returning', 'returned']

/** Until somebody was paid for the first time: what is done, and what comes next. */
export function FirstRun({ overview: { providers, standing } }: { overview: Overview }) {
  if (standing.some(({ state }) => PAID.includes(state))) return null
  const steps: readonly { isDone: boolean; title: string; how: React.ReactNode }[] = [
    {
      isDone: providers.length > 0,
      title: 'Switch a provider on',
      how: (
        <React.Fragment>
          <Link to={addressOf(['settings'])}>Choose one</Link> in the settings, under “Providers”:{' '}
          <code>sandbox</code> pays nobody and is there to try everything out.
        </React.Fragment>
      ),
    },
    {
      isDone: standing.length > 0,
      title: 'Withdraw a small amount as a user',
      how: 'Ten of your currency, to an account of your own, with the exchange’s form or the API.',
    },
    {
      isDone: false,
      title: 'See it paid',
      how: (
        <React.Fragment>
          <Link to={addressOf(['withdrawals'])}>The list</Link> has its whole story; what waits for you stands
          on this page.
        </React.Fragment>
      ),
    },
    {
      isDone: providers.some(({ name }) => name !== 'sandbox'),
      title: 'Then your first real provider',
      how: 'Fill in what it asks for, try it, save it, take the sandbox out, and pay yourself a small amount first.',
    },
  ]
  return (
    <Card wide title="First steps" note="Gone as soon as the first withdrawal has been paid.">
      <ol>
        {steps.map(({ isDone, title, how }) => (
          <li key={title}>
            <strong>{title}</strong>{' '}
            <Badge tone={isDone ? 'good' : 'plain'}>{isDone ? 'Done' : 'To do'}</Badge>
            <p>{how}</p>
          </li>
        ))}
      </ol>
    </Card>
  )
}
