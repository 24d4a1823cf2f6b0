import { createHmac } from 'node:crypto'
import http from 'node:http'

import { otherRealm } from './other-realm'

/** Recognisable wherever they turn up; the real ones can empty an exchange. */
export const API_KEY = 'canary-api-key-5b1f'
const API_SECRET = 'canary-api-secret-90aa'

export interface NetworkAddress {
  /** Where the network is. A port nobody listens on refuses connections. */
  url: string
  /** False: the name of the network cannot be resolved. */
  resolves: boolean
}

/** request-promise with `json: true`, as hollaex-network-lib uses it (kit.md 6.1): signed, and without any time-out. */
export function send(
  address: NetworkAddress,
  verb: 'GET' | 'POST' | 'PUT',
  path: string,
  body?: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const text = body ? JSON.stringify(body) : ''
  const expires = '1767603660'
  const signature = createHmac('sha256', API_SECRET).update(`${verb}${path}${expires}${text}`).digest('hex')
  const headers = { 'api-key': API_KEY, 'api-signature': signature, 'api-expires': expires }
  const options = { url: `${address.url}${path}`, method: verb, headers, body, json: true }

  return new Promise((resolve, reject) => {
    const fail = (cause: Error) =>
      reject(otherRealm.error('RequestError', String(cause), { cause, error: cause, options }))
    const request = http.request(
      `${address.url}${path}`,
      {
        method: verb,
        agent: false,
        headers: {
          ...headers,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
        },
        ...(!address.resolves && { lookup: unresolvable }),
      },
      (response) => {
        let answer = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (answer += chunk))
        response.on('error', fail)
        response.on('end', () => {
          const status = response.statusCode ?? 0
          const parsed = parse(answer)
          if (status >= 200 && status < 300) return resolve(parsed)
          const message = `${status} - ${JSON.stringify(parsed)}`
          const fields = { statusCode: status, error: parsed, options, response: { request: { headers } } }
          reject(otherRealm.error('StatusCodeError', message, fields))
        })
      },
    )
    request.on('error', fail)
    request.end(text)
  })
}

/** What is not JSON stays a string, and nothing at all is undefined. */
function parse(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

type Lookup = NonNullable<http.RequestOptions['lookup']>

const unresolvable: Lookup = (hostname, _options, callback) =>
  callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' }), '', 0)
