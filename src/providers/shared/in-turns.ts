/** Few enough to take milliseconds: the event loop is the whole exchange's. */
const PER_TURN = 500

/** Works through many items in order, and lets everybody else have a turn now and then. */
export async function inTurns<Item>(items: Iterable<Item>, work: (item: Item) => void): Promise<void> {
  let done = 0
  for (const item of items) {
    work(item)
    if (++done % PER_TURN === 0) await new Promise(setImmediate)
  }
}
