import React, { useContext, useState } from 'react'

import { addressOf } from '../shared/place'
import { goTo, Link } from '../shared/router'
import { Badge, Card, Time } from '../shared/ui'
import { OverviewContext } from './overview-context'
import { ReasonDialog } from './reason-dialog'
import type { Difference } from './types'
import { actorText, labelOf, valueText } from './words'

interface Props {
  readonly difference: Difference
  readonly onChange: () => void
  /** Shown on the page of the withdrawal that it is about. */
  readonly isAtHome?: boolean
}

/** A fact that came too late to change anything by itself: both sides of it, and what was answered before. */
export function DifferenceCard({ difference, onChange, isAtHome = false }: Props) {
  const mayAct = useContext(OverviewContext).value?.you.may_act === true
  const [isAnswering, setAnswering] = useState(false)
  const isOpen = difference.resolved_at === undefined
  return (
    <Card
      title={difference.title}
      note={<Badge tone={isOpen ? 'warn' : 'plain'}>{isOpen ? 'Open' : 'Answered'}</Badge>}
    >
      <div className="sides">
        <div>
          <h3>The money</h3>
          <p>{difference.money}</p>
          {isOpen && <p className="note">{difference.what_to_do}</p>}
        </div>
        <div>
          <h3>What was seen</h3>
          <dl className="facts one">
            {seenIn(difference.detail).map(([name, value]) => (
              <div key={name}>
                <dt>{labelOf(name)}</dt>
                <dd>{valueText(value)}</dd>
              </div>
            ))}
          </dl>
        </div>
      </div>
      <Sides detail={difference.detail} />
      <p className="note">
        Asked <Time at={difference.opened_at} isFull />
        {isNowhere(difference) && (
          <React.Fragment>
            {' '}
            about <code>{difference.withdrawal_id}</code>, which is not in the books
          </React.Fragment>
        )}
        {!isAtHome && !isNowhere(difference) && (
          <React.Fragment>
            {' '}
            about <Link to={addressOf(['withdrawals', difference.withdrawal_id])}>the withdrawal</Link>
          </React.Fragment>
        )}
      </p>
      {[...difference.history, ...(difference.resolution === undefined ? [] : [difference])].map(
        (answer, index) => (
          <p key={index} className="said">
            “{answer.resolution}” ({actorText(answer.resolved_by ?? '')}
            {answer.resolved_at !== undefined && (
              <React.Fragment>
                , <Time at={answer.resolved_at} />
              </React.Fragment>
            )}
            )
          </p>
        ),
      )}
      {isOpen && mayAct && (
        <Fix {...{ difference, isAtHome, onChange }} onAnswer={() => setAnswering(true)} />
      )}
      {isAnswering && (
        <AnswerDialog
          difference={difference}
          onClose={() => setAnswering(false)}
          onDone={() => {
            setAnswering(false)
            onChange()
          }}
        />
      )}
    </Card>
  )
}

/** About a burn or a payout that the books do not have. */
const isNowhere = ({ kind, resolved_at }: Difference): boolean =>
  kind === 'payout_without_row' || (kind === 'burn_without_row' && resolved_at === undefined)

const SIDES = [
  ['exchange', 'The exchange'],
  ['ours', 'Our books'],
  ['provider', 'The provider'],
] as const

const seenIn = (detail: Difference['detail']) =>
  Object.entries(detail).filter(([name]) => !SIDES.some(([side]) => side === name))

/** What each of the three says of it, beside each other; nothing where a side was not asked. */
function Sides({ detail }: Pick<Difference, 'detail'>) {
  const told = SIDES.filter(([side]) => detail[side] !== undefined)
  if (told.length === 0) return null
  return (
    <div className="sides three">
      {told.map(([side, title]) => (
        <div key={side}>
          <h3>{title}</h3>
          <Side says={detail[side]} />
        </div>
      ))}
    </div>
  )
}

function Side({ says }: { says: unknown }) {
  const all = Array.isArray(says) ? (says as readonly unknown[]) : [says]
  if (says === null || all.length === 0) return <p>Has nothing of it.</p>
  return (
    <React.Fragment>
      {all.map((one, index) => (
        <dl key={index} className="facts one">
          {Object.entries((one ?? {}) as Record<string, unknown>).map(([name, value]) => (
            <div key={name}>
              <dt>{labelOf(name)}</dt>
              <dd>{valueText(value)}</dd>
            </div>
          ))}
        </dl>
      ))}
    </React.Fragment>
  )
}

interface FixProps extends Pick<Props, 'difference' | 'isAtHome' | 'onChange'> {
  readonly onAnswer: () => void
}

/** The likeliest way to make both sides agree again, and a word of explanation beside it. */
function Fix({ difference, isAtHome, onChange, onAnswer }: FixProps) {
  const [isTakingIn, setTakingIn] = useState(false)
  const { id, suggested_fix: fix, withdrawal_id: withdrawalId } = difference
  const toWithdrawal = () => goTo(addressOf(['withdrawals', withdrawalId]))
  return (
    <React.Fragment>
      <p className="dialog-actions">
        {fix === 'take_in' && (
          <button type="button" className="primary" onClick={() => setTakingIn(true)}>
            Take it into the books
          </button>
        )}
        {fix === 'decide' && isAtHome !== true && (
          <button type="button" className="primary" onClick={toWithdrawal}>
            Decide at the withdrawal
          </button>
        )}
        <button type="button" onClick={onAnswer}>
          Say what was made of it
        </button>
      </p>
      {isTakingIn && (
        <ReasonDialog
          title="Take it into the books"
          verb="Take it in"
          leave="Leave it open"
          path={`/admin/differences/${id}/take-in`}
          onClose={() => setTakingIn(false)}
          onDone={toWithdrawal}
          onOld={() => {
            setTakingIn(false)
            onChange()
          }}
        >
          <p>
            No money moves. It stands in the books as a contradiction then: have it looked up, or give it
            back. Where it was to go is not known, so nobody is paid from there.
          </p>
        </ReasonDialog>
      )}
    </React.Fragment>
  )
}

interface DialogProps {
  readonly difference: Difference
  readonly onClose: () => void
  readonly onDone: () => void
}

const AnswerDialog = ({ difference, onClose, onDone }: DialogProps) => (
  <ReasonDialog
    title={difference.title}
    label="What was made of it"
    verb="It is answered"
    leave="Leave it open"
    path={`/admin/differences/${difference.id}/resolve`}
    onClose={onClose}
    onDone={onDone}
  >
    <p>This moves no money: it says what a person has found out or done. A new fact asks again.</p>
  </ReasonDialog>
)
