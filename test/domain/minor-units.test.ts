import fs from 'node:fs'
import path from 'node:path'

import { decimalsOf } from '../../src/domain/money'

/** Held against the published table where it lies beside the repository; it is not ours to copy into it. */
const specs = process.env.SPECS_DIR ?? path.join(__dirname, '..', '..', '..', 'shared', 'specs')
const table = path.join(specs, 'currencies', 'iso4217-codes-all.csv')

/** Codes with a number of minor units, of currencies in use. Only names of countries hold commas, and they come first. */
const published = (): (readonly [code: string, minorUnits: number])[] =>
  fs
    .readFileSync(table, 'utf8')
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(',').slice(-4))
    .filter(([, , minorUnits = '', withdrawn]) => /^\d$/.test(minorUnits) && withdrawn === '')
    .map(([code = '', , minorUnits]) => [code.toLowerCase(), Number(minorUnits)])

describe('minor units', () => {
  it('are known for the currencies that exchanges use most', () => {
    expect(['eur', 'usd', 'gbp', 'chf', 'jpy'].map(decimalsOf)).toEqual([2, 2, 2, 2, 0])
  })

  if (fs.existsSync(table)) {
    it('agree with the table of ISO 4217', () => {
      const codes = published()
      expect(codes.length).toBeGreaterThan(150)
      expect(codes.map(([code]) => [code, decimalsOf(code)])).toEqual(codes)
    })
  } else {
    process.stdout.write('No ISO 4217 table in SPECS_DIR: minor units are not held against it in this run.\n')
  }
})
