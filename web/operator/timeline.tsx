import React, { useMemo } from 'react'

import { Badge, Card, Time } from '../shared/ui'
import { Details } from './details'
import type { Done, Entry, WithdrawalDetail } from './types'
import { actorText, eventText, labelOf, stateLabel, stateTone } from './words'

interface Line {
  readonly key: string
  readonly at: string
  readonly text: string
  readonly actor: string
  /** Where it came to by this; null where it stayed. */
  readonly to: string | null
  readonly detail: Readonly<Record<string, unknown>>
  readonly reason: string | null
}

/** The journal in plain words, and between its entries what operators did beside it; the newest first. */
export function Timeline({ row }: { row: WithdrawalDetail }) {
  const lines = useMemo(
    () =>
      [...row.journal.map(lineOfEntry), ...row.operator_actions.map(lineOfDone)].sort((a, b) =>
        a.at === b.at ? 0 : a.at < b.at ? 1 : -1,
      ),
    [row],
  )
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

function lineOfEntry({ seq, at, event, from, to, actor, detail }: Entry): Line {
  const { reason, ...rest } = detail
  return {
    ...{ key: `j${seq}`, at, actor, text: eventText(event), to: from === to ? null : to, detail: rest },
    reason: typeof reason === 'string' ? reason : null,
  }
}

const DONE_WORDS: Readonly<Record<string, string>> = {
  'withdrawal.retry': 'A person wanted it looked at now.',
}

const lineOfDone = ({ at, actor, action, reason, detail }: Done): Line => ({
  ...{
    key: `o${at}${action}`,
    at,
    actor,
    text: DONE_WORDS[action] ?? labelOf(action),
    to: null,
    detail,
    reason,
  },
})
