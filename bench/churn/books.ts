import { createSecretKey, type KeyObject } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

import type { ToolsLib } from '../../src/kit/tools-lib'
import type { Randomness } from '../../src/ports/clock'
import type { PaymentProvider } from '../../src/ports/payment-provider'
import { systemRandomness } from '../../src/runtime/clock'
import { createInstantKit } from '../instant-kit'
import { instantProvider } from '../instant-provider'

/**
 * The books of an exchange and a bank that several processes share, in files: a record of a fixed size for each
 * withdrawal, and every payout once more in a list, so that none is paid twice without being found.
 */

const KEY = Buffer.alloc(32, 1)
export const tokenKey = (): KeyObject => createSecretKey(KEY)

const AMOUNT = 10
const RECORD_BYTES = 4
const PENDING = 1
const PROCESSING = 2
const SETTLED = 3

interface Burn {
  readonly state: number
  readonly userId: number
}

const burnsOf = (directory: string): string => path.join(directory, 'burns')
const payoutsOf = (directory: string): string => path.join(directory, 'payouts')

export function makeBooks(directory: string): void {
  for (const file of [burnsOf(directory), payoutsOf(directory)]) fs.writeFileSync(file, '')
}

/**
 * Ids as they are elsewhere, UUIDs that grow with time, whose last digits are a number: no two processes give out the
 * same.
 */
export function numberedRandomness(process: number, processes: number): Randomness {
  let n = process
  return {
    ...systemRandomness,
    newId() {
      const id = `${systemRandomness.newId().slice(0, 24)}${n.toString(16).padStart(12, '0')}`
      n += processes
      return id
    },
  }
}
const numberOf = (id: string): number => Number.parseInt(id.slice(-12), 16)

function openBurns(directory: string) {
  const fd = fs.openSync(burnsOf(directory), 'r+')
  const record = Buffer.alloc(RECORD_BYTES)
  return {
    get(id: string): Burn | null {
      record.fill(0)
      fs.readSync(fd, record, 0, RECORD_BYTES, numberOf(id) * RECORD_BYTES)
      const [state = 0] = record
      return state === 0 ? null : { state, userId: record.readUInt16LE(2) }
    },
    set(id: string, { state, userId }: Burn): void {
      record.writeUInt8(state, 0)
      record.writeUInt16LE(userId, 2)
      fs.writeSync(fd, record, 0, RECORD_BYTES, numberOf(id) * RECORD_BYTES)
    },
  }
}

/** An exchange that answers at once, from the books. */
export function sharedExchange(directory: string): ToolsLib {
  const { toolsLib } = createInstantKit({ key: tokenKey() })
  const burns = openBurns(directory)
  const shown = (id: string, { state, userId }: Burn) => ({
    ...{ transaction_id: id, user_id: userId, currency: 'eur', amount: AMOUNT },
    ...{ status: state === SETTLED, rejected: false, dismissed: false },
    ...{ processing: state === PROCESSING, waiting: false, onhold: false },
  })
  return {
    ...toolsLib,
    wallet: {
      ...toolsLib.wallet,
      burnAssetByKitId(userId, _currency, _amount, { transactionId }) {
        const burn = { state: PENDING, userId }
        burns.set(transactionId, burn)
        return shown(transactionId, burn)
      },
      updatePendingBurn(id, change) {
        const before = burns.get(id)
        if (!before) throw new Error('Withdrawal not found')
        if (before.state === SETTLED) throw new Error('Withdrawal is already processed')
        const burn = { ...before, state: 'status' in change ? SETTLED : PROCESSING }
        burns.set(id, burn)
        return shown(id, burn)
      },
      getUserWithdrawalsByKitId(userId, ...query) {
        const burn = burns.get(String(query[12]))
        if (burn?.userId !== userId) return { count: 0, data: [] }
        return { count: 1, data: [{ ...shown(String(query[12]), burn), network_id: 1_000 + userId }] }
      },
    },
  }
}

/** A bank that has paid when it answers, and lists each payout that it makes. */
export function sharedBank(directory: string): PaymentProvider {
  const paid = fs.openSync(payoutsOf(directory), 'a+')
  const settled = (key: string) => ({ kind: 'settled' as const, reference: key, transactionId: key })
  return {
    ...instantProvider(),
    submit({ key, items }) {
      fs.writeSync(paid, items.map((item) => `${numberOf(item.key)}\n`).join(''))
      const [only] = items
      if (items.length === 1 && only?.key === key) return Promise.resolve(settled(key))
      return Promise.resolve({
        ...{ kind: 'accepted' as const, reference: key },
        items: Object.fromEntries(items.map((item) => [item.key, settled(item.key)])),
      })
    },
    lookup({ key }) {
      const isThere = paidIn(directory).includes(numberOf(key))
      return Promise.resolve(isThere ? settled(key) : { kind: 'not_found', conclusive: true })
    },
  }
}

const paidIn = (directory: string): number[] =>
  fs.readFileSync(payoutsOf(directory), 'utf8').split('\n').filter(Boolean).map(Number)

export interface Books {
  readonly burns: number
  readonly settled: number
  readonly payouts: number
  readonly paidTwice: number
}

export function readBooks(directory: string): Books {
  const records = fs.readFileSync(burnsOf(directory))
  let [burns, settled] = [0, 0]
  for (let at = 0; at < records.length; at += RECORD_BYTES) {
    if (records[at] !== 0) burns++
    if (records[at] === SETTLED) settled++
  }
  const payouts = paidIn(directory)
  return { burns, settled, payouts: payouts.length, paidTwice: payouts.length - new Set(payouts).size }
}
