/** What is compared, in the order of the table. */
export const ARMS = {
  bare: { title: 'express alone', rows: null },
  jwt: { title: '+ JWT', rows: null },
  insert: {
    title: '+ JWT + express-validator + one INSERT (the yardstick)',
    rows: 'public.plain_withdrawals',
  },
  naive: { title: 'the naive handler: burn, pay, settle; stores nothing', rows: null },
  accepting: { title: 'ours, accepting (batch)', rows: 'bank_withdrawal.withdrawals' },
  paying: { title: 'ours, paying (immediate)', rows: 'bank_withdrawal.withdrawals' },
  limits: { title: 'ours, accepting, with a kit’s limits', rows: 'bank_withdrawal.withdrawals' },
} as const satisfies Record<string, { title: string; rows: string | null }>

export type ArmName = keyof typeof ARMS
export const ARM_NAMES = Object.keys(ARMS) as ArmName[]
export const isArm = (name: string): name is ArmName => Object.hasOwn(ARMS, name)

export const isOurs = (arm: ArmName): boolean => ARMS[arm].rows === 'bank_withdrawal.withdrawals'

export const PATH = '/plugins/bank/withdrawal/'

/** What a served arm says of itself when it is asked. */
export interface ServerFacts {
  readonly cpuMs: number
  readonly rssMb: number
  readonly burns: number
  readonly settled: number
  readonly payouts: number
  readonly paidTwice: number
}
