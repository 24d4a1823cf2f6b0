import React, { createContext, useContext, useLayoutEffect, useState } from 'react'

import { type Place, placeOf } from './place'
import { isFramed } from './session'

const read = (): Place => placeOf(window.location.hash)

export function goTo(address: string): void {
  window.location.hash = address
}

const PlaceContext = createContext<Place>({ path: [], query: {} })
export const usePlace = (): Place => useContext(PlaceContext)

export function Router({ children }: { children: React.ReactNode }) {
  const [place, setPlace] = useState(read)
  // In the same turn as what is drawn: an effect comes after the paint, and a change of page before it would be lost.
  useLayoutEffect(() => {
    const changed = () => {
      setPlace(read())
      window.scrollTo(0, 0)
      // Whoever reads with their ears hears the new page's name, and the next tab key starts there.
      setTimeout(() => document.querySelector<HTMLElement>('main h1')?.focus(), 0)
    }
    window.addEventListener('hashchange', changed)
    return () => window.removeEventListener('hashchange', changed)
  }, [])
  return <PlaceContext.Provider value={place}>{children}</PlaceContext.Provider>
}

interface LinkProps {
  readonly to: string
  readonly className?: string
  readonly isCurrent?: boolean
  readonly children: React.ReactNode
}

/** In a frame without an address of its own a link would load the page around it into the frame: a button goes there. */
export function Link({ to, className = '', isCurrent = false, children }: LinkProps) {
  const current = isCurrent ? ({ 'aria-current': 'page' } as const) : {}
  if (isFramed())
    return (
      <button type="button" className={`link ${className}`} onClick={() => goTo(to)} {...current}>
        {children}
      </button>
    )
  return (
    <a href={to} className={className} {...current}>
      {children}
    </a>
  )
}
