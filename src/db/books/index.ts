import { type Database, studiesOf } from '../connect/database'
import { CLOCK } from '../row'
import { readChain } from './chain'
import * as lost from './lost'
import * as matching from './matching'
import * as proofs from './proofs'
import * as runs from './runs'

export type { ChainedEntry } from './chain'
export type { Candidate, MatchedRows, RowSlice } from './matching'
export type { KeptProof } from './proofs'
export type { Cleared, NewRun, Progress, ReconciliationRun } from './runs'

/** Beside `Store`: nothing of it moves a withdrawal. */
export type BooksStore = ReturnType<typeof createBooksStore>

export const createBooksStore = (db: Database) => ({
  now: async (): Promise<Date> => {
    const [clock] = await db.query<{ now: Date }>(`select ${CLOCK} as now`)
    if (!clock) throw new Error('The database did not tell its time.')
    return clock.now
  },
  ask: (run: runs.NewRun) => runs.askForRun(db, run),
  claim: (lease: { owner: string; seconds: number }) => runs.claimRun(db, lease),
  advance: (run: Pick<runs.ReconciliationRun, 'id' | 'version'>, progress: runs.Progress) =>
    runs.advanceRun(db, run, progress),
  end: (run: Pick<runs.ReconciliationRun, 'id' | 'version'>, ended: Parameters<typeof runs.endRun>[2]) =>
    runs.endRun(db, run, ended),
  clear: (after: runs.Cleared, limit: number) => runs.clearItems(db, after, limit),
  list: (limit: number) => runs.listRuns(db, limit),
  find: (id: string) => runs.findRun(db, id),
  lastOf: (runId: string, afterItem: string, limit: number) =>
    matching.lastOfSlice(studiesOf(db), runId, afterItem, limit),
  matchItems: (slice: Parameters<typeof matching.matchItems>[1]) => matching.matchItems(studiesOf(db), slice),
  matchRows: (slice: matching.RowSlice) => matching.matchRows(studiesOf(db), slice),
  matchCredits: (runId: string) => matching.matchCredits(studiesOf(db), runId),
  analyse: () => matching.analyseItems(db),
  count: (runId: string) => matching.countCandidates(db, runId),
  next: (runId: string, limit: number) => matching.nextCandidates(db, runId, limit),
  judge: (runId: string, of: matching.Candidate, verdict: 'difference' | 'agrees' | 'unknown') =>
    matching.judgeCandidate(db, runId, of, verdict),
  openDifference: (id: string) => lost.findOpenDifference(db, id),
  insertLost: (draft: lost.LostDraft, adoption: lost.Adoption) => lost.insertLost(db, draft, adoption),
  readDay: (range: { since: Date; until: Date }) => proofs.readDay(db, range),
  keepProof: (proof: Omit<proofs.KeptProof, 'closedAt'>) => proofs.keepProof(db, proof),
  findProof: (day: string) => proofs.findProof(db, day),
  listProofs: (limit: number) => proofs.listProofs(db, limit),
  readChain: (withdrawalId: string) => readChain(db, withdrawalId),
  verdicts: (runId: string) => matching.countVerdicts(db, runId),
})
