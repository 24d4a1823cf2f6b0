/** Everything the services ask of the database: one function each, each atomic. `Store` is these, bound to a database. */
export { concludeApproval, findApproval, listApprovals, proposeApproval, sayToApproval } from './approvals'
export { listAsking, listOpenDifferences } from './asking'
export { auditTrail } from './audit-trail'
export { findBankReport, keepBankReport } from './bank-reports'
export {
  claimBatch,
  claimReady,
  concludeBatch,
  doubtAbandonedBatches,
  findBatch,
  listBatches,
  listBatchMembers,
  noteWaiting,
  readyGroups,
  renewLeases,
} from './batches'
export { changeState, changeStates } from './change-state'
export { claimDue, claimOne } from './claim-due'
export { claimWatched, watchAgain } from './claim-watched'
export { answerDifference, listDifferences, openDifference, resolveDifference } from './differences'
export { findByIdempotencyKey, findEnded, findWithdrawal, readJournal } from './find-withdrawals'
export { freezeBatch, freezeResend } from './freeze-batch'
export { findHinted, receiveEvent, wakeHinted } from './hints'
export { insertAdopted } from './insert-adopted'
export { insertWithdrawal } from './insert-withdrawal'
export { confirmWithdrawal, letGo, postpone, wake } from './leases'
export { countWithdrawals, listWithdrawals } from './list-withdrawals'
export { listOperatorActions, recordOperatorAction, wakeAs } from './operator-actions'
export { pastWithdrawals } from './past-withdrawals'
export { ping } from './ping'
export { findPolicy, latestPolicy, listPolicies, savePolicy } from './policies'
export { providerDocuments } from './provider-documents'
export { readProviderStates, setProviderPaused } from './provider-states'
export { putBack } from './put-back'
export { isQuarantined, liftQuarantine, listQuarantine, quarantine } from './quarantine'
export { releaseLeases, releaseLeasesOfDead } from './recovery'
export { claimRetired, listRetiredPayouts, watchRetiredAgain } from './retired-payouts'
export { searchWithdrawals } from './search-withdrawals'
export { readStop, setStopped, whatStops } from './stop'
export { closeOvertaken, listStuck } from './stuck'
export { foldTallies, readOutcomes, readStanding } from './tallies'
export { usedByUser } from './used-limits'
