import { afterFailure, afterPage, afterWindow, newSource, PAGES_MAX } from '../../src/domain/reconciliation'

const SINCE = new Date('2026-11-20T00:00:00Z')
const UNTIL = new Date('2026-11-21T00:00:00Z')

describe('the pages of a list', () => {
  it('are given up where cursors lead round in a circle, and the run says so', () => {
    let source = newSource('payout', 'acme', SINCE)
    for (let page = 1; page < PAGES_MAX; page++) {
      source = afterPage(source, page % 2 ? 'a' : 'b', 0)
      expect(source.isDone).toBe(false)
    }
    expect(afterPage(source, 'a', 0)).toMatchObject({
      isDone: true,
      problem: `its list has no end: ${PAGES_MAX} pages`,
    })
  })

  it('are counted anew in each window, and a failure between two does not begin the count again', () => {
    const read = afterPage(afterPage(newSource('payout', 'acme', SINCE), 'a', 3), 'b', 4)
    expect(read).toMatchObject({ cursor: 'b', count: 7, pages: 2 })
    expect(afterFailure(read, 'silent')).toMatchObject({ cursor: 'b', pages: 2 })
    expect(afterWindow(read, UNTIL, 1)).toMatchObject({ cursor: null, count: 8, pages: 0 })
  })
})
