import type { ListedPayout, PayoutItem, PayoutRange } from '../../src/ports/payment-provider'

/** Ways of being wrong that cost money or give somebody away. */
export const WRONGS = [
  ...['new_key_per_submit', 'key_per_process', 'timeout_is_declined', '500_is_declined', '500_is_deferred'],
  ...['409_is_declined', '2xx_is_settled', 'unknown_status_is_declined', 'unknown_status_is_settled'],
  ...[
    'follows_redirects',
    'leaks_the_iban_in_errors',
    'leaks_the_token_in_logs',
    'leaks_the_name_in_outcomes',
  ],
  ...['half_an_iban_in_a_status', 'not_found_too_early', 'lookup_500_is_not_found', 'three_decimals'],
  ...['any_currency', 'check_asks_the_bank', 'no_deadline', 'reads_everything', 'batch_all_accepted'],
  ...['pays_another_iban', 'pays_another_currency', 'amount_through_a_float', 'ten_times_with_ours_echoed'],
  ...['full_amount_returned', 'our_amount_settled', 'no_amount_settled', 'key_lifetime_of_ten_years'],
  ...['first_listed_is_ours', 'believes_refusals_of_repetitions', 'batch_look_up_tells_one_for_all'],
  ...['batch_look_up_500_is_declined', 'batch_look_up_of_anything', 'cancel_is_always_done'],
  ...['cancel_500_is_too_late', 'cancel_does_nothing'],
  ...['lists_what_it_has_sent', 'lists_the_first_page', 'list_500_is_empty', 'lists_all_as_paid'],
  ...['lists_at_the_time_asked_for', 'lists_under_new_names', 'lists_the_keys_of_others'],
  ...['lists_what_was_asked_for', 'leaves_out_what_it_cannot_read', 'pending_is_settled', '404_is_not_found'],
  ...['finds_by_the_banks_id_alone', 'finds_no_payout_of_a_batch'],
  ...['names_another_payer_each_time', 'names_its_payer_by_the_token'],
] as const
/** Odd, and harmless. */
export type Odd = 'lists_each_twice'
export type Wrong = (typeof WRONGS)[number] | Odd

const SOMEBODY_ELSE = 'DE02120300000000202051'

/** What the bank is asked to pay, where a wrong provider asks for something else. */
export function wrongPayment(
  wrong: Wrong | null,
  { amount, currency, destination }: PayoutItem,
): { readonly amount: string; readonly currency: string; readonly iban: string } {
  const iban = destination.method === 'BANK' ? destination.iban : ''
  const cents = Number(amount) * 100
  return {
    iban: wrong === 'pays_another_iban' ? SOMEBODY_ELSE : iban,
    currency: wrong === 'pays_another_currency' ? 'USD' : currency.toUpperCase(),
    amount:
      wrong === 'amount_through_a_float'
        ? String(Math.floor(cents) / 100)
        : wrong === 'ten_times_with_ours_echoed'
          ? String(Math.round(cents * 10) / 100)
          : amount,
  }
}

/** The amount that is told, of what the bank has shown and what we asked for. */
export function wrongAmount(
  wrong: Wrong | null,
  shown: string,
  asked: string | undefined,
): string | undefined {
  if (wrong === 'no_amount_settled') return undefined
  return wrong === 'ten_times_with_ours_echoed' || wrong === 'our_amount_settled' ? asked : shown
}

/** What is listed, where a wrong provider lists something else. */
export function wrongListed(
  wrong: Wrong | null,
  listed: ListedPayout,
  { range, sent }: { readonly range: PayoutRange; readonly sent: readonly PayoutItem[] },
): ListedPayout {
  const asked = sent.find(({ key }) => key === listed.key)?.amount ?? listed.amount
  return {
    ...listed,
    ...(wrong === 'lists_all_as_paid' && { state: 'paid' }),
    ...(wrong === 'lists_at_the_time_asked_for' && { at: range.since.toISOString() }),
    ...(wrong === 'lists_under_new_names' && { reference: `${listed.reference}-${++names}` }),
    ...(wrong === 'lists_the_keys_of_others' && listed.key.includes('somebody') && { key: 'INVOICE-7' }),
    ...(wrong === 'lists_what_was_asked_for' && { amount: asked }),
  }
}

let names = 0
