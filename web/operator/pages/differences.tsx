import React, { useContext, useState } from 'react'

import { useData } from '../../shared/data'
import { addressOf } from '../../shared/place'
import { Link, usePlace } from '../../shared/router'
import { Card, Empty, Loaded, PageHead, Table, Time } from '../../shared/ui'
import { DifferenceCard } from '../differences'
import { OverviewContext } from '../overview-context'
import { ReasonDialog } from '../reason-dialog'
import type { Difference } from '../types'
import { labelOf } from '../words'

/** As many as the server gives at once. */
const SHOWN_MAX = 500

export function DifferencesPage() {
  const overview = useContext(OverviewContext)
  const isOpen = usePlace().query.open !== 'false'
  const data = useData<{ data: readonly Difference[] }>(`/admin/differences?open=${String(isOpen)}`)
  const changed = () => {
    data.reload()
    overview.reload()
  }
  return (
    <React.Fragment>
      <PageHead title="Differences">
        <Link to={addressOf(['differences'], isOpen ? { open: 'false' } : {})}>
          {isOpen ? 'Show the answered ones' : 'Show the open ones'}
        </Link>
      </PageHead>
      <div className="stack">
        <Loaded data={data}>
          {({ data: found }) =>
            found.length === 0 ? (
              <Card title={isOpen ? 'Open' : 'Answered'}>
                <Empty title={isOpen ? 'Both sides agree.' : 'None was answered yet.'}>
                  A fact that came too late to change anything by itself, or something that takes too long, is
                  asked about here. It stops nothing.
                </Empty>
              </Card>
            ) : (
              <React.Fragment>
                {found.length >= SHOWN_MAX && (
                  <p className="notice">The {found.length} newest are shown; there may be more.</p>
                )}
                {found.map((difference) => (
                  <DifferenceCard key={difference.id} difference={difference} onChange={changed} />
                ))}
              </React.Fragment>
            )
          }
        </Loaded>
        <Quarantine />
      </div>
    </React.Fragment>
  )
}

interface HeldUp {
  readonly destination_hash: string
  readonly user_id: number
  readonly destination: string
  readonly reason_code: string
  readonly withdrawal_id: string
  readonly since: string
}

function Quarantine() {
  const mayAct = useContext(OverviewContext).value?.you.may_act === true
  const data = useData<{ data: readonly HeldUp[] }>('/admin/quarantine')
  const [lifting, setLifting] = useState<HeldUp | null>(null)
  return (
    <Card
      title="Accounts that are held up"
      note="They sent a user’s money back; nothing new is accepted to them."
    >
      <Loaded data={data}>
        {({ data: found }) =>
          found.length === 0 ? (
            <Empty title="No account is held up." />
          ) : (
            <Table
              label="Held-up accounts"
              head={['Account', 'User', 'Why', 'Since', 'Withdrawal', ...(mayAct ? ['Lift'] : [])]}
            >
              {found.map((one) => (
                <tr key={`${one.destination_hash} ${one.user_id}`}>
                  <td className="clip">{one.destination}</td>
                  <td>{one.user_id}</td>
                  <td>{labelOf(one.reason_code)}</td>
                  <td className="nowrap">
                    <Time at={one.since} />
                  </td>
                  <td>
                    <Link to={addressOf(['withdrawals', one.withdrawal_id])}>
                      <code>{`…${one.withdrawal_id.slice(-12)}`}</code>
                    </Link>
                  </td>
                  {mayAct && (
                    <td>
                      <button type="button" onClick={() => setLifting(one)}>
                        Lift <span className="hidden">for user {one.user_id}</span>
                      </button>
                    </td>
                  )}
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
      {lifting && (
        <LiftDialog
          heldUp={lifting}
          onClose={() => setLifting(null)}
          onDone={() => {
            setLifting(null)
            data.reload()
          }}
        />
      )}
    </Card>
  )
}

interface LiftProps {
  readonly heldUp: HeldUp
  readonly onClose: () => void
  readonly onDone: () => void
}

const LiftDialog = ({ heldUp, onClose, onDone }: LiftProps) => (
  <ReasonDialog
    title={`Let withdrawals go to ${heldUp.destination} again`}
    verb="Lift"
    leave="Leave it held up"
    path={`/admin/quarantine/${encodeURIComponent(heldUp.destination_hash)}/lift`}
    body={{ user_id: heldUp.user_id }}
    onClose={onClose}
    onDone={onDone}
  >
    <p>
      User {heldUp.user_id} may ask for withdrawals to this account again. What came back stays where it is.
    </p>
  </ReasonDialog>
)
