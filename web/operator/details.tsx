import React from 'react'

import { Fact } from '../shared/ui'
import { labelOf, valueText } from './words'

/** Facts as they are stored, behind one word; nothing where there are none. */
export function Details({ title, facts }: { title: string; facts: Readonly<Record<string, unknown>> }) {
  const entries = Object.entries(facts)
  if (entries.length === 0) return null
  return (
    <details>
      <summary>{title}</summary>
      <dl className="facts one">
        {entries.map(([name, value]) => (
          <Fact key={name} name={labelOf(name)}>
            {valueText(value)}
          </Fact>
        ))}
      </dl>
    </details>
  )
}
