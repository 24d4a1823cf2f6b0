import React, { useContext, useState } from 'react'

import { addressOf, Link } from '../shared/router'
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
            {Object.entries(difference.detail).map(([name, value]) => (
              <div key={name}>
                <dt>{labelOf(name)}</dt>
                <dd>{valueText(value)}</dd>
              </div>
            ))}
          </dl>
        </div>
      </div>
      <p className="note">
        Asked <Time at={difference.opened_at} isFull />
        {!isAtHome && (
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
        <button type="button" onClick={() => setAnswering(true)}>
          Say what was made of it
        </button>
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
