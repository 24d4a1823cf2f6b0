import Big from 'big.js'

/** What the network holds of one burn, under the names it answers with. */
export interface NetworkRow {
  readonly id: number
  readonly transaction_id: string
  /** The network's own number of the user, not the kit's. */
  readonly user_id: number
  readonly currency: string
  readonly amount: number
  readonly fee: number
  readonly fee_coin: string
  readonly network: string | null
  readonly address: string | null
  readonly description: string | null
  readonly type: 'withdrawal' | 'deposit'
  readonly status: boolean
  readonly dismissed: boolean
  readonly rejected: boolean
  readonly processing: boolean
  readonly waiting: boolean
  readonly onhold: boolean
  readonly created_at: string
  readonly updated_at: string
}

type Fields = Readonly<Record<string, unknown>>

/** Refused: the network answers 400 with this message and nothing has changed. */
export class Refusal extends Error {}

/** What a second burn or mint with a known transaction id does on a real network is not documented; so each can be tried. */
export type RepeatedBurn = 'refused' | 'answers_the_first' | 'burns_again'

const FLAGS = ['status', 'dismissed', 'rejected', 'processing', 'waiting', 'onhold'] as const

/** The money of the closed network service behind a kit (kit.md 6.2 to 6.4). */
export class FakeBooks {
  repeatedBurn: RepeatedBurn = 'refused'
  readonly burns: NetworkRow[] = []
  readonly mints: NetworkRow[] = []
  /** One line per mail the network would send. */
  readonly mails: string[] = []
  private readonly available = new Map<string, Big>()
  private readonly locked = new Map<string, Big>()
  private readonly funded = new Map<string, Big>()
  private readonly gone = new Map<string, Big>()

  fund(networkId: number, currency: string, amount: string): void {
    increase(this.available, `${networkId}/${currency}`, new Big(amount))
    increase(this.funded, currency, new Big(amount))
  }

  balanceOf(networkId: number, currency: string): { available: number; locked: number } {
    const key = `${networkId}/${currency}`
    const of = (side: Map<string, Big>) => (side.get(key) ?? new Big(0)).toNumber()
    return { available: of(this.available), locked: of(this.locked) }
  }

  /** As the network answers it: nothing is said of a currency the user never had. */
  balances(networkId: number): Record<string, unknown> {
    const mine = [...this.available].filter(([key]) => key.startsWith(`${networkId}/`))
    const members = mine.flatMap(([key, available]) => {
      const currency = key.slice(key.indexOf('/') + 1)
      const total = available.plus(this.locked.get(key) ?? 0)
      return [
        [`${currency}_balance`, total.toNumber()],
        [`${currency}_available`, available.toNumber()],
      ]
    })
    return { ...Object.fromEntries(members), updated_at: new Date(0).toISOString() }
  }

  /** True when every cent that was ever funded is available, locked or burned. */
  isConserved(currency: string): boolean {
    const sum = (side: Map<string, Big>) =>
      [...side].filter(([key]) => key.endsWith(`/${currency}`)).reduce((a, [, b]) => a.plus(b), new Big(0))
    const now = sum(this.available)
      .plus(sum(this.locked))
      .plus(this.gone.get(currency) ?? 0)
    return now.eq(this.funded.get(currency) ?? 0)
  }

  burn(body: Fields): NetworkRow {
    const amount = new Big(String(body.amount))
    const fee = new Big(typeof body.fee === 'number' ? body.fee : 0)
    if (amount.lte(0)) throw new Refusal('Invalid amount')
    const first = this.burns.find(({ transaction_id }) => transaction_id === body.transaction_id)
    if (first && this.repeatedBurn === 'answers_the_first') return first
    if (first && this.repeatedBurn === 'refused') throw new Refusal('Transaction id already exists')
    const key = `${String(body.user_id)}/${String(body.currency)}`
    const total = amount.plus(fee)
    if ((this.available.get(key) ?? new Big(0)).lt(total)) throw new Refusal('Insufficient balance')
    const row = this.newRow(body)
    increase(this.available, key, total.neg())
    increase(this.locked, key, total)
    this.burns.push(row)
    // Left out, the status means a burn that is final at once, and a mail to the user.
    if (row.status) this.finish(row, 'gone')
    if (body.email !== false) this.mails.push(`burn ${row.transaction_id}`)
    return row
  }

  mint(body: Fields): NetworkRow {
    const amount = new Big(String(body.amount))
    if (amount.lte(0)) throw new Refusal('Invalid amount')
    const first = this.mints.find(({ transaction_id }) => transaction_id === body.transaction_id)
    if (first && this.repeatedBurn === 'answers_the_first') return first
    if (first && this.repeatedBurn === 'refused') throw new Refusal('Transaction id already exists')
    const row = { ...this.newRow(body), id: this.mints.length + 1, type: 'deposit' as const }
    this.mints.push(row)
    if (row.status) this.fund(row.user_id, row.currency, amount.toFixed())
    if (body.email !== false) this.mails.push(`mint ${row.transaction_id}`)
    return row
  }

  update(body: Fields): NetworkRow {
    const index = this.burns.findIndex(({ transaction_id }) => transaction_id === body.transaction_id)
    const row = this.burns[index]
    if (!row) throw new Refusal('Withdrawal not found')
    if (row.status || row.dismissed || row.rejected) throw new Refusal('Withdrawal is already processed')
    // Absolute: a flag that is not there becomes false, whatever it was.
    const flags = Object.fromEntries(FLAGS.map((flag) => [flag, body[flag] === true]))
    const text = (name: string, old: string | null) => {
      const given = body[name]
      return typeof given === 'string' ? given : old
    }
    const changed: NetworkRow = {
      ...row,
      ...flags,
      transaction_id: text('updated_transaction_id', row.transaction_id) ?? row.transaction_id,
      address: text('updated_address', row.address),
      description: text('updated_description', row.description),
    }
    this.burns[index] = changed
    if (changed.status) this.finish(changed, 'gone')
    if (changed.dismissed || changed.rejected) this.finish(changed, 'back')
    if (body.email !== false) this.mails.push(`update ${changed.transaction_id}`)
    return changed
  }

  private finish({ user_id, currency, amount, fee }: NetworkRow, end: 'gone' | 'back'): void {
    const key = `${user_id}/${currency}`
    const total = new Big(amount).plus(fee)
    increase(this.locked, key, total.neg())
    increase(end === 'gone' ? this.gone : this.available, end === 'gone' ? currency : key, total)
  }

  private newRow(body: Fields): NetworkRow {
    const id = this.burns.length + 1
    const textOf = (value: unknown) => (typeof value === 'string' ? value : null)
    return {
      id,
      transaction_id: textOf(body.transaction_id) ?? `made-by-the-network-${id}`,
      user_id: Number(body.user_id),
      currency: String(body.currency),
      amount: Number(body.amount),
      fee: typeof body.fee === 'number' ? body.fee : 0,
      fee_coin: String(body.currency),
      network: textOf(body.network),
      address: textOf(body.address),
      description: textOf(body.description),
      type: 'withdrawal',
      status: typeof body.status === 'boolean' ? body.status : true,
      dismissed: body.dismissed === true,
      rejected: body.rejected === true,
      processing: false,
      waiting: body.waiting === true,
      onhold: body.onhold === true,
      created_at: new Date(id).toISOString(),
      updated_at: new Date(0).toISOString(),
    }
  }
}

const increase = (side: Map<string, Big>, key: string, by: Big): unknown =>
  side.set(key, (side.get(key) ?? new Big(0)).plus(by))
