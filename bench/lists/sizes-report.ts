import { fixed } from '../numbers'
import type { SizesLine, SizesResult } from './sizes'

/** What moves money may take so much longer where there is ten times as much of the past. */
export const RATIO_MAX = 1.1

const thousands = (rows: number): string => rows.toLocaleString('en')
const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(2)

/** Of the largest against the smallest. */
const wordOf = ({ ratio, isMoving }: SizesLine): string => {
  const { median } = ratio.at(-1) ?? { median: NaN }
  if (median <= RATIO_MAX) return isMoving ? 'met' : ''
  return isMoving ? 'short' : 'slower'
}

export function sizesTable({ sizes, lines }: SizesResult): string[] {
  const columns = sizes.flatMap((rows) => [`${thousands(rows)}: ms`, 'processor, ms'])
  return [
    `| in the database, median (min to max) | ${columns.join(' | ')} | ratio, within a round | of processor time | goal <= ${RATIO_MAX} |`,
    `|---|${columns.map(() => '---|').join('')}---|---|---|`,
    ...lines.map((line) => {
      const cells = sizes.flatMap((_, at) => {
        const spread = line.ms[at]
        return [spread ? fixed(spread, 2) : '?', (line.cpuMs[at] ?? NaN).toFixed(2)]
      })
      const ratio = line.ratio.at(-1)
      return `| ${line.what} | ${cells.join(' | ')} | ${ratio ? fixed(ratio, 2) : '?'} | ${(line.cpuRatio.at(-1) ?? NaN).toFixed(2)} | ${wordOf(line)} |`
    }),
  ]
}

export const storedTable = ({ sizes, stored }: SizesResult): string[] => [
  `| stored, GB | ${sizes.map((rows) => `${thousands(rows)}: rows | indexes`).join(' | ')} |`,
  `|---|${sizes.map(() => '---|---|').join('')}`,
  ...stored.map(
    ({ table, bytes, indexBytes }) =>
      `| ${table} | ${sizes.map((_, at) => `${gigabytes(bytes[at] ?? NaN)} | ${gigabytes(indexBytes[at] ?? NaN)}`).join(' | ')} |`,
  ),
]
