import type { Exchange, HoldOutcome } from '../../src/ports/exchange'
import type { PaymentProvider } from '../../src/ports/payment-provider'

/** A point where a test can hold somebody up. */
export interface Gate {
  /** Resolves when somebody has come to the gate. */
  readonly reached: Promise<void>
  readonly wasReached: boolean
  /** Called by whoever is held up; resolves when the gate opens. */
  wait(): Promise<void>
  open(): void
}

export function createGate(): Gate {
  let wasReached = false
  let reach = () => {}
  let open = () => {}
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return {
    reached,
    get wasReached() {
      return wasReached
    },
    open: () => open(),
    wait() {
      wasReached = true
      reach()
      return opened
    },
  }
}

type Calls = Pick<PaymentProvider, 'submit' | 'lookup'>
/** What happens instead of a call; `call` is the real one, `times` counts from 1. */
export type Instead<Name extends keyof Calls> = (
  call: () => ReturnType<Calls[Name]>,
  times: number,
  input: Parameters<Calls[Name]>[0],
) => ReturnType<Calls[Name]>

/** A provider with something between it and the engine. */
export function between(instead: { submit?: Instead<'submit'>; lookup?: Instead<'lookup'> }) {
  return (provider: PaymentProvider): PaymentProvider => {
    let submits = 0
    let lookups = 0
    return {
      ...provider,
      submit: (order) => {
        const call = () => provider.submit(order)
        return instead.submit ? instead.submit(call, ++submits, order) : call()
      },
      lookup: (query) => {
        const call = () => provider.lookup(query)
        return instead.lookup ? instead.lookup(call, ++lookups, query) : call()
      },
    }
  }
}

type Effects = Pick<
  Exchange,
  | ('placeHold' | 'findHold' | 'markProcessing' | 'settleHold' | 'releaseHold')
  | ('placeCredit' | 'findCredit' | 'findUser')
>
type Effect = keyof Effects

/** An exchange with something between it and the engine; `times` counts the calls of that name from 1. */
export function betweenExchange(instead: {
  [Name in Effect]?: (
    call: () => ReturnType<Effects[Name]>,
    times: number,
    ...input: Parameters<Effects[Name]>
  ) => ReturnType<Effects[Name]>
}) {
  return (exchange: Exchange): Exchange => {
    const wrapped: Record<string, unknown> = { ...exchange }
    for (const name of Object.keys(instead) as Effect[]) {
      let times = 0
      const real = exchange[name] as (...input: unknown[]) => Promise<unknown>
      const replacement = instead[name] as unknown as (
        call: () => Promise<unknown>,
        times: number,
        ...input: unknown[]
      ) => Promise<unknown>
      wrapped[name] = (...input: unknown[]) => replacement(() => real(...input), ++times, ...input)
    }
    return wrapped as unknown as Exchange
  }
}

/** The effect happens, and its answer is lost. */
export const lostAnswer = async (call: () => Promise<unknown>): Promise<HoldOutcome> => {
  await call()
  return { kind: 'unknown', why: 'the answer was lost' }
}

/** Nothing happens, and nobody says so. */
export const noEffect = (): Promise<HoldOutcome> => Promise.resolve({ kind: 'unknown', why: 'no answer' })
