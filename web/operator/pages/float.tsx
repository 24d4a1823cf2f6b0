import React, { useContext, useState } from 'react'

import { type Data, useData } from '../../shared/data'
import { countText } from '../../shared/format'
import { Badge, Card, Empty, Loaded, Money, PageHead, Table, Time } from '../../shared/ui'
import { TextField } from '../decide'
import { FundingCalls } from '../funding-calls'
import { OverviewContext } from '../overview-context'
import { ReasonDialog } from '../reason-dialog'
import type { FundingCall } from '../types'
import { actorText } from '../words'

interface Account {
  readonly provider: string
  readonly currency: string
  readonly account: string | null
  readonly available: string | null
  readonly source: 'provider' | 'operator' | null
  readonly as_of: string | null
  readonly is_old: boolean
  readonly is_told: boolean
  readonly is_short: boolean
  readonly queued: { readonly count: number; readonly total: string }
  readonly waiting_count: number
  readonly mode: 'immediate' | 'batch' | null
  readonly next_run_at: string | null
  readonly version: number
  readonly entered?: { readonly actor: string; readonly reason: string }
}

interface Floats {
  readonly data: readonly Account[]
  readonly funding_calls: readonly FundingCall[]
}

/** As often as a kit lets one person ask for one thing. */
const EVERY_MS = 30_000

/** What payouts are paid from, against what waits to leave. */
export function FloatPage() {
  const mayAct = useContext(OverviewContext).value?.you.may_act === true
  const floats = useData<Floats>('/admin/float', EVERY_MS)
  const [entering, setEntering] = useState<Pick<Account, 'provider' | 'currency' | 'version'> | null>(null)
  return (
    <React.Fragment>
      <PageHead title="Float">
        {mayAct && (
          <button type="button" onClick={() => setEntering({ provider: '', currency: '', version: 0 })}>
            Enter a float
          </button>
        )}
      </PageHead>
      <Loaded data={floats}>
        {({ data, funding_calls: calls }) => (
          <div className="stack">
            <FundingCalls calls={calls.filter(({ closed_at: closedAt }) => closedAt === undefined)} />
            <Accounts accounts={data} onEnter={mayAct ? setEntering : null} />
            <Answered calls={calls.filter(({ closed_at: closedAt }) => closedAt !== undefined)} />
          </div>
        )}
      </Loaded>
      {entering && <EnterFloat of={entering} floats={floats} onClose={() => setEntering(null)} />}
    </React.Fragment>
  )
}

function Accounts(props: {
  accounts: readonly Account[]
  onEnter: ((account: Pick<Account, 'provider' | 'currency' | 'version'>) => void) | null
}) {
  const { accounts, onEnter } = props
  if (accounts.length === 0)
    return (
      <Card title="Accounts">
        <Empty title="Nobody says what an account holds, and nothing waits to leave.">
          Where a provider cannot tell, enter what is there: the next batch is held against it.
        </Empty>
      </Card>
    )
  return (
    <Card
      title="Accounts"
      note="What fits leaves, the oldest first; the rest waits. An old or unknown float holds nothing back: the provider has the last word."
    >
      <Table
        label="What is there and what waits"
        head={[
          'Account',
          'There now',
          'Ready to leave',
          'Left behind',
          'Leaves next',
          ...(onEnter ? ['Do'] : []),
        ]}
      >
        {accounts.map((account) => (
          <AccountRow key={`${account.provider} ${account.currency}`} account={account} onEnter={onEnter} />
        ))}
      </Table>
    </Card>
  )
}

function AccountRow({
  account,
  onEnter,
}: {
  account: Account
  onEnter: Parameters<typeof Accounts>[0]['onEnter']
}) {
  const { provider, currency, queued, waiting_count: left, next_run_at: nextRunAt } = account
  return (
    <tr>
      <td>
        <span className="strong">
          {provider} · {currency.toUpperCase()}
        </span>
        {account.account !== null && <p className="note">{account.account}</p>}
      </td>
      <td>
        <Level account={account} />
      </td>
      <td>
        <Money amount={queued.total} currency={currency} />
        <p className="note">
          {countText(queued.count)} {queued.count === 1 ? 'payout' : 'payouts'}
        </p>
        {account.is_short && <Badge tone="bad">More than is there</Badge>}
      </td>
      <td>{left === 0 ? 'None' : countText(left)}</td>
      <td className="nowrap">
        {nextRunAt !== null ? (
          <Time at={nextRunAt} />
        ) : account.mode === 'batch' ? (
          'Never by itself'
        ) : (
          'At once'
        )}
      </td>
      {onEnter && (
        <td>
          <button type="button" onClick={() => onEnter(account)}>
            Enter{' '}
            <span className="hidden">
              the float of {provider} in {currency.toUpperCase()}
            </span>
          </button>
        </td>
      )}
    </tr>
  )
}

function Level({ account }: { account: Account }) {
  const { available, as_of: asOf, source, is_old: isOld, entered, currency } = account
  if (available === null || asOf === null) return <Badge tone="warn">Nobody says</Badge>
  return (
    <React.Fragment>
      <Money amount={available} currency={currency} />
      <p className="note">
        {source === 'provider'
          ? 'By the provider'
          : `By ${entered ? actorText(entered.actor) : 'an operator'}`}
        , <Time at={asOf} />
      </p>
      {source === 'operator' && entered && <p className="note">{entered.reason}</p>}
      {isOld && <Badge tone="warn">Too old to count on</Badge>}
    </React.Fragment>
  )
}

function Answered({ calls }: { calls: readonly FundingCall[] }) {
  if (calls.length === 0) return null
  return (
    <Card title="Earlier calls for funds">
      <Table label="Calls that have ended" head={['Called', 'Account', 'Amount', 'Needed by', 'Ended']}>
        {calls.map((call) => (
          <tr key={call.id}>
            <td className="nowrap">
              <Time at={call.opened_at} />
            </td>
            <td>
              {call.provider} · {call.currency.toUpperCase()}
            </td>
            <td>
              <Money amount={call.amount} currency={call.currency} />
            </td>
            <td className="nowrap">
              <Time at={call.needed_by} />
            </td>
            <td>
              {call.closed_as === 'funded' ? 'There is enough' : 'Nobody says any more what is there'}
              {call.closed_at !== undefined && (
                <p className="note">
                  <Time at={call.closed_at} />
                </p>
              )}
            </td>
          </tr>
        ))}
      </Table>
    </Card>
  )
}

/** What somebody has seen at the bank; it counts until the provider says otherwise, or for a week. */
function EnterFloat(props: {
  of: Pick<Account, 'provider' | 'currency' | 'version'>
  floats: Data<Floats>
  onClose: () => void
}) {
  const { of, floats, onClose } = props
  const [provider, setProvider] = useState(of.provider)
  const [currency, setCurrency] = useState(of.currency)
  const [available, setAvailable] = useState('')
  const isKnown = of.provider !== ''
  const name = isKnown ? `${of.provider}, ${of.currency.toUpperCase()}` : 'an account'
  return (
    <ReasonDialog
      title={`Enter the float of ${name}`}
      verb="Enter it"
      leave="Not now"
      path="/admin/float"
      body={{
        ...{ provider, currency: currency.trim().toLowerCase(), available: available.trim() },
        ...(isKnown && { version: of.version }),
      }}
      onClose={onClose}
      onDone={() => {
        onClose()
        floats.reload()
      }}
      fields={
        <React.Fragment>
          {!isKnown && (
            <React.Fragment>
              <TextField
                label="Provider"
                hint="As in the settings."
                value={provider}
                onChange={setProvider}
                isRequired
              />
              <TextField
                label="Currency"
                hint="Its symbol, EUR say."
                value={currency}
                onChange={setCurrency}
                isRequired
              />
            </React.Fragment>
          )}
          <TextField
            label="What the account can pay out now"
            hint="What leaves from now on is taken off it."
            value={available}
            onChange={setAvailable}
            isRequired
          />
        </React.Fragment>
      }
    >
      <p>
        It moves no money. Payouts that do not fit wait, with a reason that their users can read, until there
        is more.
      </p>
    </ReasonDialog>
  )
}
