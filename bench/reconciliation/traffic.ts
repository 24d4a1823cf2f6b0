import { pause } from '../children'
import { IBAN } from '../instant-kit'
import { PATH } from '../request-path/arms'

export interface Traffic {
  readonly requests: number
  readonly failed: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

/**
 * People who ask for a withdrawal, so many a second, until `until` resolves. Each comes when it is due, whether or not
 * those before have been answered, and is timed from then: a pause of the server falls on everybody it kept waiting.
 */
export async function traffic(
  { port, tokens, perSecond }: { port: number; tokens: readonly string[]; perSecond: number },
  until: Promise<unknown>,
): Promise<Traffic> {
  const times: number[] = []
  let failed = 0
  let isOver = false
  void until.finally(() => (isOver = true))
  const send = async (nth: number, dueMs: number) => {
    try {
      const { status } = await fetch(`http://127.0.0.1:${port}${PATH}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${tokens[nth % tokens.length]}`,
        },
        body: JSON.stringify({
          ...{ currency: 'eur', amount: 10 + (nth % 90) },
          bank_account: { iban: IBAN, account_holder: 'Ada Lovelace' },
        }),
      })
      if (status !== 200) failed++
    } catch {
      failed++
    }
    times.push(performance.now() - dueMs)
  }
  const began = performance.now()
  const sent: Promise<void>[] = []
  for (let nth = 0; !isOver; nth++) {
    const dueMs = began + (nth * 1_000) / perSecond
    const wait = dueMs - performance.now()
    if (wait > 0) await pause(wait)
    sent.push(send(nth, dueMs))
  }
  await Promise.all(sent)
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor(share * (times.length - 1))] ?? NaN
  return { requests: times.length, failed, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) }
}
