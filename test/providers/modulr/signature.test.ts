import { nonceOf, signedHeaders } from '../../../src/providers/modulr/signature'
import { describeWithSpec, readSpecJson } from '../../helpers/specs'

const VECTOR = 'modulr/samples/hmac-test-vector.json'

describe('signing a request to Modulr', () => {
  // The vendor's published worked example, restated.
  it('gives the published signature for the published key, date and nonce', () => {
    const headers = signedHeaders(
      {
        keyId: '57502612d1bb2c0001000025fd53850cd9a94861507a5f7cca236882',
        secret: 'NzAwZmIwMGQ0YTJiNDhkMzZjYzc3YjQ5OGQyYWMzOTI=',
        algorithm: 'hmac-sha1',
      },
      { at: new Date('2016-07-25T16:36:07Z'), nonce: '28154b2-9c62b93cc22a-24c9e2-5536d7d' },
    )
    expect(headers).toEqual({
      date: 'Mon, 25 Jul 2016 16:36:07 GMT',
      'x-mod-nonce': '28154b2-9c62b93cc22a-24c9e2-5536d7d',
      authorization:
        'Signature keyId="57502612d1bb2c0001000025fd53850cd9a94861507a5f7cca236882",algorithm="hmac-sha1",headers="date x-mod-nonce",signature="WBMr%2FYdhysbmiIEkdTrf2hP7SfA%3D"',
    })
  })

  it('uses the same nonce for the same attempt, and another one for the next', () => {
    expect(nonceOf('BW-1', 1)).toBe(nonceOf('BW-1', 1))
    expect(
      new Set([nonceOf('BW-1', 1), nonceOf('BW-1', 2), nonceOf('BW-2', 1), nonceOf('BW-11', 1)]).size,
    ).toBe(4)
  })
})

describeWithSpec(VECTOR)('the published test vector', () => {
  it('is what we sign', () => {
    const vector = readSpecJson(VECTOR) as Record<string, string>
    const headers = signedHeaders(
      { keyId: String(vector.keyId), secret: String(vector.secret), algorithm: 'hmac-sha1' },
      { at: new Date(String(vector.date)), nonce: String(vector.nonce) },
    )
    expect(headers.authorization).toBe(vector.authorization)
  })
})
