import type { ReconcileDeps } from '../../src/services/books/reconcile'
import { type Knobs, withBooks } from './knobs'
import type { Mutant } from './process'

/** Mistakes in holding the books against each other, and in taking in again what was lost. */

/** In all of its histories somebody does so, and something is planted. */
export function alwaysHeld(knobs: Knobs): Knobs {
  const held = knobs.books ? knobs : withBooks(knobs, knobs.lateMaxMs ^ knobs.quietMs, false, 1)
  return { ...held, books: held.books && { ...held.books, plants: Math.max(2, held.books.plants) } }
}

const matchingOnly =
  (without: Partial<Pick<ReconcileDeps['books'], 'matchRows' | 'matchCredits'>>) =>
  ({ books, ...deps }: ReconcileDeps): ReconcileDeps => ({ ...deps, books: { ...books, ...without } })

const emptyWhenSilent =
  <Given, Item>(list: (given: Given) => Promise<readonly Item[]>) =>
  (given: Given): Promise<readonly Item[]> =>
    list(given).catch(() => [])

export const BOOKS_MUTANTS: readonly Mutant[] = [
  {
    name: 'lists-are-believed',
    hot: ['odd_list'],
    believes: 'what a list does not show is not there',
    where: alwaysHeld,
    reconcile: (deps) => ({
      ...deps,
      exchange: { ...deps.exchange, findAllHolds: () => Promise.resolve({ kind: 'all', holds: [] }) },
    }),
  },
  {
    name: 'silent-list-is-empty',
    hot: ['unavailable'],
    believes: 'a list that cannot be had has nothing in it',
    where: alwaysHeld,
    reconcile: (deps) => ({
      ...deps,
      exchange: {
        ...deps.exchange,
        listHolds: emptyWhenSilent(deps.exchange.listHolds),
        listCredits: emptyWhenSilent(deps.exchange.listCredits),
      },
    }),
  },
  {
    name: 'rows-are-not-compared',
    believes: 'what the others have in their lists is all that there is to compare',
    where: alwaysHeld,
    reconcile: matchingOnly({ matchRows: () => Promise.resolve({ rows: 0, candidates: [] }) }),
  },
  {
    name: 'credits-are-not-compared',
    believes: 'what is given back is nobody’s loss',
    where: alwaysHeld,
    reconcile: matchingOnly({ matchCredits: () => Promise.resolve([]) }),
  },
  {
    name: 'items-after-the-place',
    hot: ['crash'],
    believes: 'how far a list was read may be written down before what was read',
    where: alwaysHeld,
    reconcile: ({ books, ...deps }) => ({
      ...deps,
      books: {
        ...books,
        advance: async (run, { items, ...progress }) => {
          const written = await books.advance(run, progress)
          return written && items ? books.advance(written, { ...progress, items }) : written
        },
      },
    }),
  },
  {
    name: 'judged-before-it-is-asked',
    hot: ['crash'],
    believes: 'what was judged will be asked about in a moment',
    where: alwaysHeld,
    reconcile: ({ books, store, ...deps }) => {
      const waiting: (() => Promise<unknown>)[] = []
      return {
        ...deps,
        store: {
          ...store,
          openDifference: (difference) => {
            waiting.push(() => store.openDifference(difference))
            return Promise.resolve(true)
          },
        },
        books: {
          ...books,
          judge: async (...given) => {
            await books.judge(...given)
            for (const ask of waiting.splice(0)) await ask()
          },
        },
      }
    },
  },
  {
    name: 'asks-again-in-each-run',
    believes: 'what is still so in the next run is another question',
    where: alwaysHeld,
    reconcile: (deps) => ({
      ...deps,
      store: {
        ...deps.store,
        openDifference: (difference) =>
          deps.store.openDifference({
            ...difference,
            fact: `${difference.fact} ${String(difference.detail.run)}`,
          }),
      },
    }),
  },
  {
    name: 'lost-burn-is-given-back',
    believes: 'a burn that no withdrawal has is an orphan, and the user wants it back',
    where: alwaysHeld,
    reconcile: (deps) => ({
      ...deps,
      store: {
        ...deps.store,
        openDifference: async (difference) => {
          const isNew = await deps.store.openDifference(difference)
          const { releaseHold } = deps.exchange as { releaseHold?: (id: string) => Promise<unknown> }
          if (difference.kind === 'burn_without_row') await releaseHold?.(difference.withdrawalId)
          return isNew
        },
      },
    }),
  },
  {
    name: 'taken-in-to-be-paid',
    believes: 'a withdrawal that is in the books again can go on where it was',
    where: alwaysHeld,
    without: new Set(['frozen'] as const),
  },
  {
    name: 'taken-in-with-a-guess',
    hot: ['operator'],
    believes: 'who was paid to an account once is paid there again',
    where: alwaysHeld,
    takeIn: (deps, { vault }) => ({
      ...deps,
      vault: {
        sealWithout: (row) => vault.seal(row, { method: 'BANK', iban: 'DE89370400440532000000' }),
      },
    }),
  },
]
