/** Who an event belongs to: a dead process hears nothing any more, a stopped one hears it later. */
export interface Owner {
  alive: boolean
  pausedUntilMs: number
  /** Stands still for as long as this says so. */
  isHeld?: (() => boolean) | null
}

interface Entry {
  atMs: number
  readonly seq: number
  readonly owner: Owner | null
  readonly label: string
  readonly run: () => void
  canceled: boolean
}

/** A look that finds nothing unless something is due, so it is not made before something is. */
interface Idle {
  readonly earliestMs: number
  readonly jitterMs: number
  readonly dueMs: () => number
  readonly entry: Entry
}

export interface Due {
  readonly jitterMs: number
  readonly dueMs: () => number
}

const HELD_LOOK_MS = 7
const SETTLED = Promise.resolve()
/** 2026-01-05T09:00:00Z: where every history begins. */
export const EPOCH_MS = Date.parse('2026-01-05T09:00:00Z')

/**
 * Time of one history: a queue of events in the order (time, number). One event runs, then everything that follows
 * from it without waiting, then the next event. Nothing else decides the order, so a history repeats exactly.
 */
export class Timeline {
  nowMs = 0
  events = 0
  /** Names everything that happened in its order; equal for equal histories. */
  trace = 0x811c9dc5
  narrate: ((line: string) => void) | null = null
  private readonly heap: Entry[] = []
  private readonly idle: Idle[] = []
  private seq = 0
  private stopped = false

  now = (): Date => new Date(EPOCH_MS + this.nowMs)

  /** @returns Cancels it. */
  at(atMs: number, owner: Owner | null, label: string, run: () => void): () => void {
    const entry = { atMs: Math.max(atMs, this.nowMs), seq: ++this.seq, owner, label, run, canceled: false }
    this.push(entry)
    return () => {
      entry.canceled = true
    }
  }

  after = (ms: number, owner: Owner | null, label: string, run: () => void): (() => void) =>
    this.at(this.nowMs + ms, owner, label, run)

  /**
   * As `after`, for a look at what is due: not before something is.
   *
   * @param dueMs When the database has something to do next; Infinity when it has nothing.
   */
  whenDue(ms: number, owner: Owner, { jitterMs, dueMs }: Due, run: () => void): () => void {
    const entry = { atMs: 0, seq: ++this.seq, owner, label: 'look', run, canceled: false }
    this.idle.push({ earliestMs: this.nowMs + ms, jitterMs, dueMs, entry })
    return () => {
      entry.canceled = true
    }
  }

  stop(): void {
    this.stopped = true
  }

  /** Runs until nothing is left to happen, or until then. @returns Whether nothing is left. */
  run(untilMs: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const step = () => {
        try {
          for (;;) {
            const entry = this.next(untilMs)
            if (entry === null) return resolve(this.stopped || this.heap.length === 0)
            if (this.happen(entry)) break
          }
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)))
          return
        }
        void SETTLED.then(stepWhenQuiet)
      }
      // A tick asked for by a microtask comes after the last microtask: a turn of the event loop would cost more than
      // what is simulated in it.
      const stepWhenQuiet = () => process.nextTick(step)
      process.nextTick(step)
    })
  }

  /** @returns Whether something happened, from which more may follow without waiting. */
  private happen(entry: Entry): boolean {
    const { owner } = entry
    if (entry.canceled || owner?.alive === false) return false
    this.nowMs = Math.max(this.nowMs, entry.atMs)
    if (owner?.isHeld?.() === true) {
      entry.atMs = this.nowMs + HELD_LOOK_MS
      this.push(entry)
      return false
    }
    if (owner && owner.pausedUntilMs > this.nowMs) {
      entry.atMs = owner.pausedUntilMs
      this.push(entry)
      return false
    }
    this.events++
    this.narrate?.(`${entry.label}${owner ? ` #${(owner as { number?: number }).number}` : ''}`)
    // To hash each label would cost more than the event; who did something else at the same time has another length.
    this.trace = Math.imul(this.trace ^ (this.nowMs * 2), 0x01000193) ^ entry.label.length
    entry.run()
    return true
  }

  private next(untilMs: number): Entry | null {
    if (this.stopped) return null
    const { idle, heap } = this
    const first = heap[0]
    let best = -1
    let bestMs = first === undefined ? Infinity : first.atMs
    for (let at = 0; at < idle.length; at++) {
      const { entry, earliestMs, jitterMs, dueMs } = idle[at] as Idle
      if (entry.canceled || entry.owner?.alive === false) {
        idle.splice(at--, 1)
        continue
      }
      // What is due is worked out for those alone that may be the next.
      if (earliestMs >= bestMs) continue
      const atMs = Math.max(earliestMs, dueMs() - EPOCH_MS + jitterMs)
      if (atMs < bestMs) [best, bestMs] = [at, atMs]
    }
    if (bestMs > untilMs) return null
    const [chosen] = best < 0 ? [] : idle.splice(best, 1)
    if (!chosen) return this.pop()
    chosen.entry.atMs = bestMs
    return chosen.entry
  }

  private push(entry: Entry): void {
    const { heap } = this
    let at = heap.push(entry) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(heap[at] as Entry, heap[parent] as Entry)) return
      swap(heap, at, parent)
      at = parent
    }
  }

  private pop(): Entry | null {
    const { heap } = this
    const top = heap[0]
    const last = heap.pop()
    if (top === undefined || last === undefined) return null
    if (heap.length === 0) return top
    heap[0] = last
    let at = 0
    for (;;) {
      let least = at
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && isBefore(heap[child] as Entry, heap[least] as Entry)) least = child
      if (least === at) return top
      swap(heap, at, least)
      at = least
    }
  }
}

const isBefore = (a: Entry, b: Entry): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.seq < b.seq)

function swap(heap: Entry[], a: number, b: number): void {
  const held = heap[a] as Entry
  heap[a] = heap[b] as Entry
  heap[b] = held
}
