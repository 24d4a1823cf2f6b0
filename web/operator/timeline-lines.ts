import type { Done, Entry, WithdrawalDetail } from './types'
import { eventText, labelOf } from './words'

export interface Line {
  readonly key: string
  readonly at: string
  readonly text: string
  readonly actor: string
  /** Where it came to by this; null where it stayed. */
  readonly to: string | null
  readonly detail: Readonly<Record<string, unknown>>
  readonly reason: string | null
}

/**
 * The journal, and between its entries what operators did beside it; the newest first. Of one moment, whose times are the
 * same to the millisecond, the journal's own order decides.
 */
export const linesOf = ({
  journal,
  operator_actions: done,
}: Pick<WithdrawalDetail, 'journal' | 'operator_actions'>): readonly Line[] =>
  [...[...journal].sort((a, b) => b.seq - a.seq).map(lineOfEntry), ...done.map(lineOfDone)].sort((a, b) =>
    a.at === b.at ? 0 : a.at < b.at ? 1 : -1,
  )

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
