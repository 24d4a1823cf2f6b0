import { createHmac } from 'node:crypto'

/** The key of the worlds' sandbox kit. */
const KEY = Buffer.alloc(32, 7)
const NOW = Math.floor(Date.now() / 1000)
const CLAIMS = {
  sub: { id: 1, email: 'user1@sandbox.example', networkId: 1001 },
  scopes: ['user'],
  iss: 'sandbox-kit',
  iat: NOW,
  exp: NOW + 3_600,
}

const encoded = (part: unknown): string =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')

/** A token made by hand: no library would make most of these. A string is put in as it is. */
function forged(
  claims: unknown,
  { header = { alg: 'HS256', typ: 'JWT' }, key = KEY, hash = 'sha256' }: Forgery = {},
): string {
  const signed = `${encoded(header)}.${encoded(claims)}`
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`
}
interface Forgery {
  readonly header?: unknown
  readonly key?: Buffer
  readonly hash?: string
}

export const withClaims = (changes: Record<string, unknown>): string => forged({ ...CLAIMS, ...changes })
export const withUser = (id: unknown): string => withClaims({ sub: { id, email: 'a@b.c' } })
export const genuine = forged(CLAIMS)
export const [head = '', , signature = ''] = genuine.split('.')

export const UNAUTHORIZED: readonly [what: string, authorization: string][] = [
  ['an empty header', ''],
  ['no token', 'Bearer'],
  ['an empty token', 'Bearer '],
  ['the scheme in lower case', `bearer ${genuine}`],
  ['the scheme in capitals', `BEARER ${genuine}`],
  ['another scheme', `Basic ${Buffer.from('user:pass').toString('base64')}`],
  ['a token without a scheme', genuine],
  ['the scheme twice', `Bearer Bearer ${genuine}`],
  ['something that is no token', 'Bearer nonsense'],
  ['three dots', 'Bearer ..'],
  ['a token that breaks off', `Bearer ${genuine.slice(0, -1)}`],
  ['a token without its signature', `Bearer ${genuine.slice(0, genuine.lastIndexOf('.') + 1)}`],
  ['the signature of another token', `Bearer ${head}.${encoded({ ...CLAIMS, sub: { id: 2 } })}.${signature}`],
  [
    'another header under the signature',
    `Bearer ${encoded({ alg: 'HS256' })}.${genuine.split('.')[1]}.${signature}`,
  ],
  ['no algorithm', `Bearer ${encoded({ alg: 'none' })}.${encoded(CLAIMS)}.`],
  ['no algorithm, written otherwise', `Bearer ${encoded({ alg: 'nOnE' })}.${encoded(CLAIMS)}.`],
  ['no algorithm under a signature', `Bearer ${forged(CLAIMS, { header: { alg: 'none' } })}`],
  ['a header without an algorithm', `Bearer ${forged(CLAIMS, { header: {} })}`],
  ['the algorithm RS256', `Bearer ${forged(CLAIMS, { header: { alg: 'RS256' } })}`],
  ['the algorithm HS512', `Bearer ${forged(CLAIMS, { header: { alg: 'HS512' }, hash: 'sha512' })}`],
  ['another key', `Bearer ${forged(CLAIMS, { key: Buffer.alloc(32, 8) })}`],
  ['an empty key', `Bearer ${forged(CLAIMS, { key: Buffer.alloc(0) })}`],
  ['a header that is no JSON', `Bearer ${forged(CLAIMS, { header: 'x' })}`],
  ['claims that are no JSON', `Bearer ${forged('x')}`],
  ['claims that are a text', `Bearer ${forged('"user"')}`],
  ['claims that are null', `Bearer ${forged('null')}`],
  ['an end in the past', `Bearer ${withClaims({ exp: NOW - 1 })}`],
  ['an end that is no number', `Bearer ${withClaims({ exp: 'never' })}`],
  ['a beginning in the future', `Bearer ${withClaims({ nbf: NOW + 3_600 })}`],
  ['another issuer', `Bearer ${withClaims({ iss: 'another-kit' })}`],
  ['no issuer', `Bearer ${withClaims({ iss: undefined })}`],
  ['a list of issuers', `Bearer ${withClaims({ iss: ['sandbox-kit'] })}`],
  ['no subject', `Bearer ${withClaims({ sub: undefined })}`],
  ['a subject that is null', `Bearer ${withClaims({ sub: null })}`],
  ['a subject that is a number', `Bearer ${withClaims({ sub: 1 })}`],
  ['no user id', `Bearer ${withUser(undefined)}`],
  ['the user id "7"', `Bearer ${withUser('7')}`],
  ['the user id "1"', `Bearer ${withUser('1')}`],
  ['the user id [7]', `Bearer ${withUser([7])}`],
  ['the user id [1]', `Bearer ${withUser([1])}`],
  ['the user id {}', `Bearer ${withUser({})}`],
  ['the user id null', `Bearer ${withUser(null)}`],
  ['the user id true', `Bearer ${withUser(true)}`],
  ['the user id 0', `Bearer ${withUser(0)}`],
  ['the user id -1', `Bearer ${withUser(-1)}`],
  ['the user id 1.5', `Bearer ${withUser(1.5)}`],
  ['the user id 1e309', `Bearer ${forged(JSON.stringify(CLAIMS).replace('"id":1', '"id":1e309'))}`],
  ['the user id 2^53', `Bearer ${withUser(2 ** 53)}`],
  ['the user id of an object', `Bearer ${withUser({ valueOf: 1 })}`],
]

export const FORBIDDEN: readonly [what: string, scopes: unknown][] = [
  ['no scopes', undefined],
  ['an empty list of scopes', []],
  ['another scope', ['ops']],
  ['the scope of an operator alone', ['admin']],
  ['the scope in capitals', ['USER']],
  ['a scope that begins alike', ['user:read']],
  ['scopes as a text', 'user'],
  ['scopes as an object', { user: true }],
  ['scopes in a list of lists', [['user']]],
  ['scopes that are null', null],
]
