import { useEffect, useLayoutEffect, useRef } from 'react'

/**
 * The browser's way back leads from a view to the one before it, and not off the page.
 *
 * @param depth Of the view that is shown; 0 is where everything begins.
 * @param goBackTo Shows the view of a depth, where there is one to go back to.
 * @param isOurs Whether the page's history is ours alone: a site around us keeps its own.
 */
export function useWayBack(depth: number, goBackTo: (depth: number) => void, isOurs: boolean): void {
  /** Where the browser's history stands. */
  const at = useRef(0)
  const heard = useRef(goBackTo)
  heard.current = goBackTo

  useEffect(() => {
    if (!isOurs) return
    // Of a page that was loaded anew: it begins at its beginning.
    if (depthOf(window.history.state) > 0) window.history.replaceState(null, '')
    const look = ({ state }: PopStateEvent) => {
      const to = depthOf(state)
      if (to === at.current) return
      at.current = to
      heard.current(to)
    }
    window.addEventListener('popstate', look)
    return () => window.removeEventListener('popstate', look)
  }, [isOurs])

  // Before the view is painted: who goes back at once would leave the page.
  useLayoutEffect(() => {
    if (!isOurs) return
    const before = at.current
    at.current = depth
    for (let next = before + 1; next <= depth; next++) window.history.pushState({ bwDepth: next }, '')
    if (depth < before) window.history.go(depth - before)
  }, [depth, isOurs])
}

const depthOf = (state: unknown): number => {
  const { bwDepth } = (state ?? {}) as { bwDepth?: unknown }
  return typeof bwDepth === 'number' ? bwDepth : 0
}
