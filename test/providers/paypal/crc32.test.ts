import zlib from 'node:zlib'

import { crc32, crc32ByHand } from '../../../src/providers/paypal/crc32'

describe('the checksum of an event', () => {
  it.each(['', 'a', '123456789', '{"id":"WH-1","summary":"Zürich €"}', 'x'.repeat(70_000)])(
    'is the same by hand, where the runtime has none (%#)',
    (text) => {
      const bytes = Buffer.from(text)
      expect(crc32ByHand(bytes)).toBe(zlib.crc32(bytes))
      expect(crc32(bytes)).toBe(zlib.crc32(bytes))
    },
  )

  it('is made by hand where the runtime has none', () => {
    const { crc32: own } = zlib
    try {
      Object.assign(zlib, { crc32: undefined })
      // The check value of the algorithm, in every catalogue of them.
      expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926)
    } finally {
      Object.assign(zlib, { crc32: own })
    }
  })
})
