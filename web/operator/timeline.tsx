import React, { useMemo } from 'react'

import { Badge, Card, Time } from '../shared/ui'
import { Details } from './details'
import { linesOf } from './timeline-lines'
import type { WithdrawalDetail } from './types'
import { actorText, stateLabel, stateTone } from './words'

/** The journal in plain words, and between its entries what operators did beside it; the newest first. */
export function Timeline({ row }: { row: WithdrawalDetail }) {
  const lines = useMemo(() => linesOf(row), [row])
  return (
    <Card title="What happened" note="Newest first.">
      <ol className="timeline">
        {lines.map(({ key, at, text, actor, to, detail, reason }) => (
          <li key={key}>
            <p>
              {text} {to !== null && <Badge tone={stateTone(to)}>{stateLabel(to)}</Badge>}
            </p>
            {reason !== null && <p className="said">“{reason}”</p>}
            <p className="note">
              <Time at={at} isFull /> · {actorText(actor)}
            </p>
            <Details title="Evidence" facts={detail} />
          </li>
        ))}
      </ol>
    </Card>
  )
}
