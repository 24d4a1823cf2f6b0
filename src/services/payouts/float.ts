import type { FloatPlace, FloatStore, StoredFloat } from '../../db/float'
import { type FloatItem, type FloatLine, levelOf, whoLeaves } from '../../domain/float'
import { isLess, subtract, sum } from '../../domain/money'
import type { Clock } from '../../ports/clock'

/** A payout that wants to leave now. */
export type Leaving = Pick<FloatItem, 'id' | 'amount' | 'method' | 'createdAt'>

export interface Admission {
  readonly leaves: ReadonlySet<string>
  /** When to look again for those that do not. */
  readonly waitMs: number
}

/** Holds payouts against what their account can still pay, before anything is asked of anybody. */
export interface FloatGate {
  /**
   * Who of these may leave. All of them where nobody says what the account holds, or where that was said too long ago:
   * the provider has the last word, and waiting for an answer that may never come would hold up everybody in silence.
   *
   * @param isAnew For many at once, and right before they leave: what is known is read anew.
   */
  admit(place: FloatPlace, payouts: readonly Leaving[], isAnew?: boolean): Promise<Admission>
  /** Looks anew for whose float is known: of the others nothing is asked. Never throws. */
  refresh(): Promise<void>
}

export interface FloatGateDeps {
  readonly store: Pick<FloatStore, 'readFloats' | 'listWaiting' | 'noteWaiting'>
  readonly clock: Pick<Clock, 'monotonicMs'>
  /** How long those wait that did not fit; what is entered meanwhile wakes them. */
  readonly waitMsOf: (provider: string) => number
  /** As they came where it is left out. */
  readonly line?: FloatLine
}

export const NO_FLOAT: FloatGate = {
  refresh: () => Promise.resolve(),
  admit: (_place, payouts) => Promise.resolve({ leaves: new Set(payouts.map(({ id }) => id)), waitMs: 0 }),
}

/** Single payouts come by the hundred a second: what an account holds is read this often for all of them. */
const KNOWN_FOR_MS = 2_000
/** Whose float is known at all changes seldom: it is looked up behind the requests, and costs none of them a round trip. */
const PLACES_KNOWN_FOR_MS = 30_000
/** Who is further behind in the line is not looked at: what is there would have to last for all before. */
const LINE_MAX = 1_000

const keyOf = ({ provider, currency }: FloatPlace): string => `${provider} ${currency}`

interface Seen {
  readonly float: StoredFloat | undefined
  readonly readAtMs: number
  /** Let go by this process since then, by id. */
  readonly admitted: Map<string, string>
}

export function createFloatGate({ store, clock, waitMsOf, line: asked }: FloatGateDeps): FloatGate {
  const seen = new Map<string, Promise<Seen>>()
  let places: ReadonlySet<string> = new Set()
  let lookedAtMs = -Infinity

  async function refresh(): Promise<void> {
    lookedAtMs = clock.monotonicMs()
    const floats = await store.readFloats().catch(() => null)
    if (floats) places = new Set(floats.filter((float) => levelOf(float)).map(keyOf))
  }

  function isKnown(place: FloatPlace): boolean {
    if (clock.monotonicMs() - lookedAtMs >= PLACES_KNOWN_FOR_MS) void refresh()
    return places.has(keyOf(place))
  }

  async function read(place: FloatPlace): Promise<Seen> {
    const readAtMs = clock.monotonicMs()
    const [float] = await store.readFloats(place)
    return { float, readAtMs, admitted: new Map() }
  }

  async function lookAt(place: FloatPlace, isAnew: boolean): Promise<Seen> {
    const key = keyOf(place)
    const known = await seen.get(key)?.catch(() => undefined)
    if (known && !isAnew && clock.monotonicMs() - known.readAtMs < KNOWN_FOR_MS) return known
    const fresh = read(place)
    seen.set(key, fresh)
    return fresh.catch((error: unknown) => {
      seen.delete(key)
      throw error
    })
  }

  async function judge(place: FloatPlace, payouts: readonly Leaving[], isAnew: boolean) {
    const { float, admitted } = await lookAt(place, isAnew)
    const level = float && levelOf(float)
    const all = new Set(payouts.map(({ id }) => id))
    if (!float || !level || level.isOld) return all
    // What was let go a moment ago is not yet counted as having left.
    const others = [...admitted].filter(([id]) => !all.has(id))
    const available = subtract(level.available, sum(others.map(([, amount]) => amount)))
    const leaves = isLess(available, float.queued)
      ? await withTheLine(place, payouts, available, float.now)
      : all
    for (const { id, amount } of payouts) if (leaves.has(id)) admitted.set(id, amount)
    return leaves
  }

  return {
    refresh,
    async admit(place, payouts, isAnew = false) {
      if (!isAnew && !isKnown(place)) return NO_FLOAT.admit(place, payouts)
      const known = await judge(place, payouts, isAnew)
      // Nobody is left behind for what was so a moment ago.
      const leaves = isAnew || known.size === payouts.length ? known : await judge(place, payouts, true)
      const behind = payouts.filter(({ id }) => !leaves.has(id)).map(({ id }) => id)
      if (behind.length > 0) await store.noteWaiting(place, behind)
      return { leaves, waitMs: waitMsOf(place.provider) }
    },
  }

  async function withTheLine(
    place: FloatPlace,
    payouts: readonly Leaving[],
    available: string,
    now: Date,
  ): Promise<ReadonlySet<string>> {
    const line = await store.listWaiting(place, LINE_MAX)
    const waitsSince = new Map(line.map(({ id, waitsSince }) => [id, waitsSince]))
    const ours = new Set(payouts.map(({ id }) => id))
    const all = [
      ...payouts.map((payout) => ({ ...payout, waitsSince: waitsSince.get(payout.id) ?? null })),
      ...line.filter(({ id }) => !ours.has(id)),
    ]
    const leaving = whoLeaves(all, available, now, asked)
    return new Set([...leaving].filter((id) => ours.has(id)))
  }
}
