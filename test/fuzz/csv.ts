import { Writable } from 'node:stream'

import type { Response } from 'express'

import { sendRecords } from '../../src/routes/csv'
import { must, type Target } from './target'

/** A cell that a spreadsheet takes for a formula. */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/

/** The lists that people open in spreadsheets: what was written comes out of a reader as it was, and as text. */
export const csvTarget = (): Target => ({
  name: 'csv',
  seeds: [
    'id\u0000Ada "Countess" Lovelace\u0000=1+1',
    'a,b\nc\u0000;x\r\n\u0000@SUM(A1)',
    '\u0000+1\u0000-1\t',
  ].map((text) => Buffer.from(text)),
  words: [
    '"',
    '""',
    ',',
    ';',
    '\n',
    '\r',
    '\r\n',
    '\t',
    '=',
    '+',
    '-',
    '@',
    "'",
    '\u0000',
    '\ufeff',
    '\uff1d',
    ' =',
    'cmd|',
  ],
  async run(input) {
    const cells = Buffer.from(input).toString('utf8').split('\u0000').slice(0, 4)
    const record = Object.fromEntries(['a', 'b', 'c', 'd'].map((name, at) => [name, cells[at] ?? '']))
    const rows = readCsv(await written(record))
    must(rows.length === 2, 'one record is one row below the names')
    const read = rows[1] ?? []
    must(read.length === 4, 'a row has as many cells as there are columns')
    Object.values(record).forEach((cell, at) => {
      const found = read[at] ?? ''
      // Behind what separates cells elsewhere, what begins a formula is quoted too.
      const told = cell.replace(/([;\t] *)([=+\-@\uff0b\uff0d\uff1d\uff20])/g, "$1'$2")
      must(found === told || found === `'${told}`, 'a cell is what was written')
      must(!FORMULA.test(found), 'no cell begins as a formula does')
    })
  },
})

async function written(record: Record<string, string>): Promise<string> {
  let text = ''
  const sink = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  const res = Object.assign(sink, { setHeader: () => res }) as unknown as Response
  async function* records() {
    yield await Promise.resolve(record)
  }
  await sendRecords(res, ['a', 'b', 'c', 'd'], records())
  return text
}

/** RFC 4180, strictly, with the line ends that we write. */
function readCsv(text: string): string[][] {
  const rows: string[][] = []
  for (let at = 0, row: string[] = []; at < text.length;) {
    const [cell, end] = text[at] === '"' ? quotedAt(text, at) : plainAt(text, at)
    row.push(cell)
    must(text[end] === ',' || text[end] === '\n', 'a cell ends where one ends')
    if (text[end] === '\n') {
      rows.push(row)
      row = []
    }
    at = end + 1
  }
  return rows
}

function plainAt(text: string, at: number): [string, number] {
  const end = /[,\n]|$/.exec(text.slice(at))?.index ?? 0
  must(!text.slice(at, at + end).includes('"'), 'quotes stand in quotes')
  return [text.slice(at, at + end), at + end]
}

function quotedAt(text: string, at: number): [string, number] {
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] !== '"') continue
    if (text[end + 1] !== '"') return [text.slice(at + 1, end).replaceAll('""', '"'), end + 1]
    end++
  }
  throw new Error('A quoted cell does not end.')
}
