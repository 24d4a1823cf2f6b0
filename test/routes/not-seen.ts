/**
 * What is described and was not driven against its description, by route: the answer itself is tested where the route is, in
 * test/routes/ and test/services/. Whoever adds a route adds its scenario to described.test.ts, and nothing here.
 */
const BY_ROUTE: Readonly<Record<string, string>> = {
  approveReturnWithdrawal:
    '200 202 action_not_possible already_proposed changed_meanwhile evidence_required exchange_unavailable own_withdrawal',
  approveWithdrawal: '202 already_proposed evidence_required exchange_unavailable own_withdrawal',
  cancelWithdrawal: 'changed_meanwhile',
  changeEndpoint:
    '200 202 already_proposed changed_meanwhile endpoint_not_found endpoint_refused internal_error',
  changePolicy: '202 already_proposed internal_error',
  confirmApproval:
    '200 action_not_possible already_decided changed_meanwhile evidence_required exchange_unavailable file_not_found internal_error invalid_policy own_proposal own_withdrawal provider_not_found settings_not_working withdrawal_not_found',
  createEndpoint: '200 202 already_proposed changed_meanwhile endpoint_refused internal_error',
  createIotaapWithdrawal:
    'bank_account_not_verified create_failed destination_quarantined destination_refused exchange_unavailable idempotency_key_in_use limit_reached otp_locked otp_required too_many_open_withdrawals user_lookup_failed withdrawal_refused withdrawals_stopped',
  createWithdrawal:
    'bank_account_not_verified create_failed destination_quarantined destination_refused exchange_unavailable idempotency_key_in_use limit_reached otp_locked otp_required too_many_open_withdrawals user_lookup_failed withdrawal_refused',
  decideSeveral: 'internal_error',
  enterFloat: '200 changed_meanwhile internal_error provider_not_found unsupported_currency',
  findWithdrawals: 'internal_error list_too_long lists_busy',
  getApproval: '200 internal_error',
  getBatch: '200',
  getDelivery: '200 internal_error',
  getDesk: 'route_not_found',
  getDocs: 'route_not_found',
  getEvidence: '200 internal_error withdrawal_not_found',
  getProof: '200 internal_error',
  getFile: '200 action_not_possible file_not_found internal_error provider_not_found',
  getMetrics: 'internal_error',
  getOptions: 'exchange_unavailable user_lookup_failed user_not_found',
  getQuote: 'exchange_unavailable internal_error user_lookup_failed user_not_found withdrawal_refused',
  getReconciliation: 'internal_error',
  getReport: '200 file_not_found internal_error provider_not_found',
  handInReport: '200 202 body_too_large internal_error',
  holdWithdrawal:
    '202 action_not_possible already_proposed changed_meanwhile evidence_required exchange_unavailable own_withdrawal',
  liftCodeLock: '200 internal_error',
  liftQuarantine: '200',
  liftStop: '202 already_proposed',
  listEndpointVersions: '200 internal_error',
  listFiles: '200 internal_error',
  listIotaapWithdrawals: 'internal_error lists_busy',
  listNoticeItems: 'internal_error',
  listReports: '200 internal_error',
  listWithdrawals: 'internal_error lists_busy',
  receiveEvent: '200 body_too_slow internal_error',
  receiveEventBySecret: '200 body_too_large body_too_slow internal_error unauthorized',
  refuseApproval:
    '200 action_not_possible already_decided changed_meanwhile evidence_required exchange_unavailable file_not_found internal_error invalid_policy own_proposal own_withdrawal provider_not_found settings_not_working withdrawal_not_found',
  rejectWithdrawal:
    '200 202 action_not_possible already_proposed changed_meanwhile evidence_required exchange_unavailable own_withdrawal',
  removeEndpoint: '200 202 already_proposed changed_meanwhile endpoint_not_found internal_error',
  resolveDifference: '200 internal_error',
  resolveDifferences: '200',
  resolveWithdrawal:
    '200 202 already_proposed changed_meanwhile evidence_required exchange_unavailable own_withdrawal withdrawal_not_found',
  restorePolicy: '202 already_proposed changed_meanwhile internal_error invalid_policy',
  resumeProvider: '202 already_proposed',
  resumeWithdrawal:
    '200 202 action_not_possible already_proposed changed_meanwhile evidence_required exchange_unavailable own_withdrawal',
  retryWithdrawal:
    '200 202 action_not_possible already_proposed changed_meanwhile evidence_required exchange_unavailable own_withdrawal',
  rotateSecret:
    '200 202 already_proposed changed_meanwhile endpoint_not_found endpoint_refused internal_error',
  saveSettings: '200 202 action_not_possible already_proposed internal_error settings_not_working',
  sendAgainWithdrawal:
    '200 202 action_not_possible already_proposed changed_meanwhile evidence_required exchange_unavailable own_withdrawal',
  sendDeliveryAgain: '200 action_not_possible internal_error',
  stopWithdrawalPayout:
    '200 202 action_not_possible already_proposed changed_meanwhile evidence_required exchange_unavailable own_withdrawal',
  takeInLost: '200 action_not_possible changed_meanwhile exchange_unavailable internal_error own_withdrawal',
  testEndpoint: '200 internal_error',
  tryEndpoint: '200 endpoint_refused internal_error',
  tryPolicy: 'internal_error',
  trySettings: 'internal_error',
  undoSettings: '200 202 action_not_possible already_proposed internal_error settings_not_working',
  voidFile:
    '200 202 action_not_possible already_proposed body_too_slow file_not_found internal_error unsupported_media_type',
}

export const NOT_SEEN: readonly string[] = Object.entries(BY_ROUTE).flatMap(([route, outcomes]) =>
  outcomes.split(' ').map((outcome) => `${route} ${outcome}`),
)
