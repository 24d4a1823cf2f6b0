import { randomBytes, randomFillSync } from 'node:crypto'

import type { Clock, Randomness } from '../ports/clock'

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  setTimer(ms, wake) {
    const timer = setTimeout(wake, ms)
    return () => clearTimeout(timer)
  },
}

/** A call for random bytes costs as much for one id as for a hundred. No byte is used for two. */
const drawn = Buffer.alloc(16 * 128)
let usedUp = drawn.length

function nextBytes(): Buffer {
  if (usedUp === drawn.length) {
    randomFillSync(drawn)
    usedUp = 0
  }
  return drawn.subarray(usedUp, (usedUp += 16))
}

/** Ids are UUIDs of version 7 (RFC 9562): they grow with time, so new rows land at one end of every index. */
export const systemRandomness: Randomness = {
  fraction: () => randomBytes(4).readUInt32LE() / 2 ** 32,
  bytes: (length) => randomBytes(length),
  newId() {
    const bytes = nextBytes()
    bytes.writeUIntBE(Date.now(), 0, 6)
    bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6)
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
    const hex = bytes.toString('hex')
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  },
}
