import fs from 'node:fs'
import path from 'node:path'

import { AppError, ConfigError, describeError, ERROR_CODES, errorFields, httpStatusOf } from '../src/errors'

const page = path.join(__dirname, '..', 'docs', 'errors.md')

describe('an error code', () => {
  it('has one heading in docs/errors.md, and no other code has', () => {
    const headings = [...fs.readFileSync(page, 'utf8').matchAll(/^## `([^`]*)`/gm)].map(([, code]) => code)
    expect(headings.sort()).toEqual([...ERROR_CODES].sort())
  })

  it.each(ERROR_CODES)('%s is answered with a status of its own kind', (code) => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
    expect(httpStatusOf(code)).toBeGreaterThanOrEqual(400)
    expect(new AppError(code, 'text').status).toBe(httpStatusOf(code))
  })
})

describe('what is said of a thrown value', () => {
  it.each<[string, unknown, Record<string, string>]>([
    ['an error', new TypeError('boom'), { message: 'boom', name: 'TypeError' }],
    [
      'an error with a code',
      Object.assign(new Error('boom'), { code: 'ECONNRESET' }),
      { message: 'boom', name: 'Error', code: 'ECONNRESET' },
    ],
    [
      'an error of another realm',
      { message: 'boom', name: 'Error', code: 7 },
      { message: 'boom', name: 'Error', code: '7' },
    ],
    ['a text', 'boom', { message: 'boom' }],
    ['nothing', undefined, { message: 'undefined' }],
    ['null', null, { message: 'null' }],
    ['an object without a message', { secret: 'x' }, { message: 'not an error object' }],
    ['an object with odd members', { message: 5, name: {}, code: null }, { message: 'not an error object' }],
  ])('of %s is its message, name and code', (_what, thrown, said) => {
    expect(describeError(thrown)).toEqual(said)
  })

  it('is never more than 500 characters, and never what else the error carries', () => {
    const thrown = Object.assign(new Error('x'.repeat(10_000)), {
      options: { headers: { 'api-key': 'hunter2' } },
    })
    expect(describeError(thrown).message).toHaveLength(500)
    expect(JSON.stringify([describeError(thrown), errorFields(thrown)])).not.toContain('hunter2')
  })

  it('is logged under names that are not the event’s', () => {
    const thrown = Object.assign(new RangeError('boom'), { code: 'E1' })
    expect(errorFields(thrown)).toEqual({ error: 'boom', errorName: 'RangeError', errorCode: 'E1' })
  })
})

describe('a configuration error', () => {
  it('lists every problem on a line of its own', () => {
    expect(new ConfigError(['a is missing', 'b is odd']).message).toBe(
      'Invalid configuration:\n  - a is missing\n  - b is odd',
    )
  })
})
