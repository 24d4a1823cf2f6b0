import React from 'react'

import { addressOf } from '../shared/place'
import { Link } from '../shared/router'

interface Props {
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly offset: number
  readonly pageSize: number
  readonly shown: number
}

/** To the newer ones and the older ones of a list that begins with the newest. A full page may be the last. */
export function Pager({ path, query = {}, offset, pageSize, shown }: Props) {
  const at = (place: number) => addressOf(path, { ...query, offset: String(place) })
  return (
    <div className="pager">
      {offset > 0 && <Link to={at(Math.max(0, offset - pageSize))}>Newer</Link>}
      {shown === pageSize && <Link to={at(offset + pageSize)}>Older</Link>}
    </div>
  )
}
