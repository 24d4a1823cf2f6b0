/** Amounts are integer cents: every cent ever funded is available, locked or gone. */
export type WalletLine =
  | {
      op: 'burn'
      n: number
      id: string
      user: number
      currency: string
      cents: number
      fee: number
      at: number
    }
  | { op: 'mark'; n: number; at: number }
  | { op: 'settle'; n: number; newId: string; at: number }
  | { op: 'reject'; n: number; at: number }

export interface Burn {
  readonly n: number
  /** What it was made under; the one it is found under may be another one later. */
  readonly madeAs: string
  id: string
  readonly user: number
  readonly currency: string
  readonly cents: number
  readonly fee: number
  readonly at: number
  state: 'pending' | 'settled' | 'rejected'
  processing: boolean
}

/** The wallet's books, rebuilt from its lines alone. */
export class WalletBooks {
  readonly burns: Burn[] = []
  private readonly byId = new Map<string, Burn>()
  private readonly spent = new Map<string, number>()

  constructor(private readonly fundedCents: (user: number, currency: string) => number) {}

  apply(line: WalletLine): void {
    if (line.op === 'burn') {
      const { n, id, user, currency, cents, fee, at } = line
      const burn: Burn = {
        n,
        madeAs: id,
        id,
        user,
        currency,
        cents,
        fee,
        at,
        state: 'pending',
        processing: false,
      }
      this.burns[n] = burn
      this.byId.set(id, burn)
      this.spend(burn, cents + fee)
      return
    }
    const burn = this.burns[line.n]
    if (!burn) throw new Error(`There is no burn ${line.n}.`)
    if (line.op === 'mark') burn.processing = true
    if (line.op === 'settle') {
      burn.state = 'settled'
      this.byId.delete(burn.id)
      burn.id = line.newId
      this.byId.set(burn.id, burn)
    }
    if (line.op === 'reject') {
      burn.state = 'rejected'
      this.spend(burn, -(burn.cents + burn.fee))
    }
  }

  find = (id: string): Burn | undefined => this.byId.get(id)

  available = (user: number, currency: string): number =>
    this.fundedCents(user, currency) - (this.spent.get(`${user}/${currency}`) ?? 0)

  private spend({ user, currency }: Burn, cents: number): void {
    const key = `${user}/${currency}`
    this.spent.set(key, (this.spent.get(key) ?? 0) + cents)
  }
}

export const CURRENCIES = ['eur', 'usd'] as const
export const USERS = 40
/** The last few are poor: their balance runs out in the middle, so the wallet says no while it is in doubt too. */
export const POOR_USERS = 4

export const fundedCents = (user: number): number => (user > USERS - POOR_USERS ? 40_000 : 500_000_000)
