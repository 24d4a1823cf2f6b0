/** What the operators' routes answer; docs/api.md says what each means. */

export interface Question {
  readonly kind: 'in_review' | 'conflict' | 'returning' | 'difference'
  readonly since: string
  readonly title: string
  readonly money: string
  readonly withdrawal_id: string
  /** Left out where there is no withdrawal: a burn or a payout that the books do not have. */
  readonly user_id?: number
  readonly currency?: string
  readonly amount?: string
  readonly state?: string
  readonly provider?: string
  readonly ends_at?: string
  readonly difference_id?: string
}

export interface ProviderSight {
  readonly name: string
  readonly mode: 'immediate' | 'batch'
  readonly schedule: string
  readonly methods: readonly string[]
  readonly paused: boolean
  readonly paused_reason?: string
  readonly paused_by?: string
  readonly paused_at?: string
  readonly version: number
  readonly silent_for_ms: number
  readonly next_run_at?: string
  readonly queue: readonly { currency: string; count: number; total: string; available?: string }[]
  readonly asked_at?: string
  readonly balances?: readonly { currency: string; available: string }[]
  readonly healthy?: boolean
  readonly health_message?: string
}

export interface Span {
  readonly at: string
  readonly asked: number
  readonly paid: number
  readonly failed: number
  readonly canceled: number
  readonly returned: number
}

export interface Activity {
  readonly spans: readonly Span[]
  readonly paid: readonly { currency: string; count: number; amount: string }[]
  readonly half_within_seconds?: number
  readonly most_within_seconds?: number
}

export interface Standing {
  readonly state: string
  readonly meaning: string
  readonly currency: string
  readonly count: number
  readonly amount: string
  readonly oldest_since?: string
  /** After so long in this state a person is asked about it. */
  readonly limit_seconds?: number
}

/** Somebody is asked to put money into an account. */
export interface FundingCall {
  readonly id: string
  readonly provider: string
  readonly currency: string
  readonly account: string | null
  readonly amount: string
  readonly needed_by: string
  readonly available: string
  readonly queued: string
  readonly expected: string
  readonly opened_at: string
  readonly closed_at?: string
  readonly closed_as?: 'funded' | 'unknown'
}

export interface Overview {
  readonly at: string
  readonly you: { readonly id: number; readonly may_act: boolean }
  readonly questions: { readonly count: number; readonly data: readonly Question[] }
  readonly standing: readonly Standing[]
  readonly providers: readonly ProviderSight[]
  readonly funding_calls: readonly FundingCall[]
  readonly activity: { readonly day: Activity; readonly month: Activity }
  /** Only while it is. */
  readonly stopped?: { readonly by: string; readonly reason: string; readonly since?: string }
}

export interface Withdrawal {
  readonly id: string
  readonly user_id: number
  readonly currency: string
  readonly amount: number
  readonly fee: number
  readonly payout_amount: number
  readonly method: string
  readonly destination: string
  readonly provider: string
  readonly mode: string
  readonly state: string
  readonly status: string
  readonly version: number
  readonly reason_code?: string
  readonly reason?: string
  readonly payout_key: string
  readonly end_to_end_id: string
  readonly batch_id?: string
  readonly provider_reference?: string
  readonly provider_transaction_id?: string
  readonly provider_status?: string
  readonly returned_amount?: number
  readonly return_approved_at?: string
  readonly next_run_at?: string
  readonly state_since: string
  readonly created_at: string
  readonly updated_at: string
}

export interface PossibleAction {
  readonly action: string
  readonly to?: string
  readonly title: string
  readonly burn: string
  readonly payout: string
  readonly evidence: 'none' | 'note' | 'transaction'
  /** Another operator has to confirm it before it is done. */
  readonly needs_second: boolean
}

/** What one operator has proposed and another has to confirm. */
export interface Approval {
  readonly id: string
  readonly title: string
  readonly effect: string
  readonly subject_kind: 'withdrawal' | 'provider' | 'stop' | 'file' | 'policy' | 'settings'
  readonly subject: string
  readonly content: Readonly<Record<string, unknown>>
  readonly asked_by: string
  readonly reason: string
  readonly asked_at: string
}

/** Whether everything is stopped. */
export interface Stop {
  readonly stopped: boolean
  readonly message?: string
  readonly under_way?: number
  readonly reason?: string
  readonly by?: string
  readonly since?: string
  readonly version: number
}

export interface Entry {
  readonly seq: number
  readonly at: string
  readonly event: string
  readonly from: string | null
  readonly to: string
  readonly actor: string
  readonly reason_code?: string
  readonly detail: Readonly<Record<string, unknown>>
}

export interface Asked {
  readonly title: string
  readonly money: string
  readonly what_to_do: string
  readonly suggested_actions: readonly string[]
}

export interface Difference extends Asked {
  readonly id: string
  readonly kind: string
  /** `answer`, too, where there is no withdrawal to decide at. */
  readonly suggested_fix?: 'take_in' | 'decide' | 'answer'
  readonly withdrawal_id: string
  readonly detail: Readonly<Record<string, unknown>>
  readonly opened_at: string
  readonly resolved_at?: string
  readonly resolved_by?: string
  readonly resolution?: string
  readonly history: readonly {
    readonly opened_at: string
    readonly resolved_at: string
    readonly resolved_by: string
    readonly resolution: string
  }[]
}

export interface Done {
  readonly at: string
  readonly actor: string
  readonly action: string
  readonly reason: string
  readonly detail: Readonly<Record<string, unknown>>
}

export interface Hint {
  readonly code: string
  readonly text: string
}

export interface WithdrawalDetail extends Withdrawal {
  readonly question?: Asked
  readonly hints?: readonly Hint[]
  readonly actions: readonly PossibleAction[]
  readonly approvals: readonly Approval[]
  readonly differences: readonly Difference[]
  readonly operator_actions: readonly Done[]
  readonly journal: readonly Entry[]
}

export interface Batch {
  readonly id: string
  readonly provider: string
  readonly currency: string
  readonly key: string
  readonly state: 'sending' | 'sent' | 'refused' | 'in_doubt'
  readonly item_count: number
  readonly total: string
  readonly payload_hash: string
  readonly attempts: number
  readonly provider_reference?: string
  readonly reason_code?: string
  readonly created_at: string
  readonly sent_at: string
}

export interface BatchDetail extends Batch {
  readonly items: readonly {
    readonly id: string
    readonly user_id: number
    readonly amount: number
    readonly destination: string
    readonly state: string
    readonly reason_code?: string
    readonly provider_reference?: string
    readonly left: boolean
  }[]
}
