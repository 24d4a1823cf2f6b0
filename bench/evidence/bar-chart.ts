export interface Bar {
  readonly label: string
  readonly value: number
  /** Of several rounds, where there were any. */
  readonly min?: number
  readonly max?: number
  /** Drawn quieter: what it is compared with. */
  readonly isOther?: boolean
}

export interface BarChart {
  readonly title: string
  readonly unit: string
  readonly bars: readonly Bar[]
}

const WIDTH = 760
const ROW = 44
const TOP = 48
const LEFT = 16
/** Room for the figure behind the longest bar. */
const LONGEST = WIDTH - 2 * LEFT - 190

/** Both schemes in one file: a picture in a page is told which one it is in. */
const STYLE = `
  text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328 }
  .title { font-size: 15px; font-weight: 600 }
  .figure { fill: #59636e }
  .paper { fill: #ffffff } .bar { fill: #0969da } .other { fill: #a8b1bb } .range { stroke: #1f2328; stroke-width: 1.5 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .figure { fill: #9198a1 }
    .paper { fill: #0d1117 } .bar { fill: #4493f8 } .other { fill: #59636e } .range { stroke: #f0f6fc }
  }`

/** Bars that begin at zero, with the range of the rounds, as an SVG that needs nothing else. */
export function barChart({ title, unit, bars }: BarChart): string {
  const known = bars.filter(({ value }) => Number.isFinite(value))
  const largest = Math.max(1e-9, ...known.map(({ value, max = value }) => max))
  const height = TOP + known.length * ROW + 8
  const said = known.map((bar) => `${bar.label}: ${figureOf(bar)} ${unit}`).join('; ')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escaped(`${title}. ${said}`)}">`,
    `<style>${STYLE}\n</style>`,
    `<rect class="paper" width="${WIDTH}" height="${height}"/>`,
    `<text class="title" x="${LEFT}" y="28">${escaped(title)}</text>`,
    ...known.map((bar, index) => rowOf(bar, { y: TOP + index * ROW, unit, scale: LONGEST / largest })),
    '</svg>',
    '',
  ].join('\n')
}

function rowOf(bar: Bar, { y, unit, scale }: { y: number; unit: string; scale: number }): string {
  const { label, value, min = value, max = value, isOther = false } = bar
  const at = (of: number) => (LEFT + of * scale).toFixed(1)
  const middle = y + 27
  return [
    `<text x="${LEFT}" y="${y + 13}">${escaped(label)}</text>`,
    `<rect class="${isOther ? 'other' : 'bar'}" x="${LEFT}" y="${y + 19}" width="${(value * scale).toFixed(1)}" height="16" rx="2"/>`,
    ...(min < max
      ? [`<line class="range" x1="${at(min)}" x2="${at(max)}" y1="${middle}" y2="${middle}"/>`]
      : []),
    `<text class="figure" x="${(LEFT + max * scale + 8).toFixed(1)}" y="${y + 32}">${escaped(`${figureOf(bar)} ${unit}`)}</text>`,
  ].join('')
}

const figureOf = ({ value, min = value, max = value }: Bar): string =>
  min < max ? `${short(value)} (${short(min)} to ${short(max)})` : short(value)

const short = (value: number): string =>
  value >= 100
    ? Math.round(value).toLocaleString('en')
    : value >= 10
      ? value.toFixed(0)
      : value.toFixed(value < 1 ? 2 : 1)

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
