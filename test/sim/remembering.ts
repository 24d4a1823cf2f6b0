import type { Destination } from '../../src/domain/destination'
import { factsOf } from '../../src/domain/sealed-facts'
import type { SealedRow, Vault, Verdict } from '../../src/services/vault'

/**
 * What a vault said, for whoever asks the same again: the processes of a history have one key, and to open a value takes
 * longer than all else they do in between. Opening, judging and hashing depend on what is given alone.
 */
export type Remembered = ReturnType<typeof remembered>

export const remembered = () => ({
  opened: new Map<string, Destination>(),
  judged: new Map<string, Verdict>(),
  hashed: new Map<string, string>(),
})

/** To read it costs less than to remember it. */
const READABLE = 'plain:'

export const remembering = (vault: Vault, { opened, judged, hashed }: Remembered): Vault => ({
  ...vault,
  open: (id, sealed) => once(opened, `${id} ${sealed}`, () => vault.open(id, sealed)),
  judge: (row) =>
    row.destination.startsWith(READABLE)
      ? vault.judge(row)
      : once(judged, textOf(row), () => vault.judge(row)),
  hash: (destination) => once(hashed, JSON.stringify(destination), () => vault.hash(destination)),
})

/** What throws is asked again. */
function once<Value>(known: Map<string, Value>, of: string, work: () => Value): Value {
  const before = known.get(of)
  if (before !== undefined) return before
  const value = work()
  known.set(of, value)
  return value
}

/** What is sealed, and what it is sealed in. */
const textOf = (row: SealedRow): string =>
  JSON.stringify([row.id, row.destination, ...Object.values(factsOf(row))])
