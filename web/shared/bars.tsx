import React from 'react'

export interface Bar {
  readonly label: string
  readonly parts: readonly {
    readonly name: string
    readonly count: number
    readonly tone: 'good' | 'bad' | 'plain'
  }[]
}

const WIDTH = 600
const HEIGHT = 120

/** Stacked bars over time; the same figures stand in a table for whoever does not see them. */
export function Bars({ title, bars }: { title: string; bars: readonly Bar[] }) {
  const totals = bars.map(({ parts }) => parts.reduce((sum, { count }) => sum + count, 0))
  const top = Math.max(1, ...totals)
  const step = WIDTH / Math.max(1, bars.length)
  const gap = Math.min(4, step / 4)
  return (
    <figure className="bars">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <line x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className="axis" />
        {bars.map(({ label, parts }, index) => {
          let base = HEIGHT - 1
          return (
            <g key={label}>
              {parts.map(({ name, count, tone }) => {
                const height = (count / top) * (HEIGHT - 8)
                base -= height
                return count === 0 ? null : (
                  <rect
                    key={name}
                    className={tone}
                    x={index * step + gap / 2}
                    width={step - gap}
                    y={base}
                    height={Math.max(height, 1)}
                  >
                    <title>{`${label}: ${count} ${name}`}</title>
                  </rect>
                )
              })}
            </g>
          )
        })}
      </svg>
      <div className="bars-ends" aria-hidden="true">
        <span>{bars[0]?.label}</span>
        <span>most: {Math.max(0, ...totals)}</span>
        <span>{bars[bars.length - 1]?.label}</span>
      </div>
      <div className="hidden">
        <table>
          <caption>{title}</caption>
          <tbody>
            {bars.map(({ label, parts }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td>{parts.map(({ name, count }) => `${count} ${name}`).join(', ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  )
}
