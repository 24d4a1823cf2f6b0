import type { KitState, KitUser } from './fake-kit-state'
import { asBluebird } from './other-realm'

type Filters = readonly (readonly [name: string, value: unknown])[]
type Ask = (networkId: number | null, query: string) => Promise<unknown>

interface ListDeps {
  readonly state: KitState
  readonly findUser: (kitId: unknown) => Promise<KitUser | null>
  readonly networkIdOf: (kitId: unknown) => number
}

const FLAGS = ['status', 'dismissed', 'rejected', 'processing', 'waiting'] as const

/** The kit's lists of transactions (kit.md 6.4): positional, and with a word of their own on what is on hold. */
export function createLists({ state, findUser, networkIdOf }: ListDeps, withdrawals: Ask, deposits: Ask) {
  const kitIdOf = (networkId: unknown) =>
    [...state.users.values()].find(({ network_id }) => network_id === networkId)?.id

  async function list(ask: Ask, kitId: unknown, filters: Filters, opts: unknown): Promise<unknown> {
    const onhold = (opts as { onhold?: unknown } | undefined) ?? { onhold: false }
    const sent = [...filters, ['onhold', onhold.onhold] as const].flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'boolean' ? [`&${name}=${value}`] : [],
    )
    // A kit id that is not there asks for the transactions of the whole exchange.
    const answer = await ask(kitId ? networkIdOf(kitId) : null, sent.join(''))
    const { data } = answer as { data: Record<string, unknown>[] }
    if (data.length > 0)
      for (const row of data) Object.assign(row, { network_id: row.user_id, user_id: kitIdOf(row.user_id) })
    return answer
  }

  const filtersOf = (query: readonly unknown[]): Filters => [
    ['currency', query[0]],
    ...FLAGS.map(
      (flag, index) => [flag, typeof query[1 + index] === 'boolean' ? query[1 + index] : null] as const,
    ),
    ['transaction_id', query[12]],
    ['address', query[13]],
  ]

  const ofUser =
    (ask: Ask) =>
    (...[kitId, ...query]: readonly unknown[]) =>
      asBluebird(async () => {
        if (kitId && !(await findUser(kitId))) throw new Error('User not found')
        const format = query[15] === 'all' ? 'all' : null
        return list(ask, kitId, [...filtersOf(query), ['format', format]], query[16])
      })

  const ofExchange =
    (ask: Ask) =>
    (...query: readonly unknown[]) =>
      asBluebird(() =>
        list(ask, null, [...filtersOf(query), ['format', query[14] === 'all' ? 'all' : null]], query[15]),
      )

  return {
    getUserWithdrawalsByKitId: ofUser(withdrawals),
    getUserDepositsByKitId: ofUser(deposits),
    getExchangeWithdrawals: ofExchange(withdrawals),
    getExchangeDeposits: ofExchange(deposits),
  }
}
