const FROM = 'from bank_withdrawal.withdrawals'

/** A reference is unique to its provider, and so is its index: it is asked for each provider there is, which are few. */
const REFERRED_TO = (name: string): string => `
  select id ${FROM} where provider_reference = ${name} and provider = any(array(
    with recursive providers as (
      (select provider ${FROM} where provider_reference is not null order by provider limit 1)
      union all
      select (select provider ${FROM} where provider_reference is not null and provider > known.provider
               order by provider limit 1)
        from providers known where known.provider is not null)
    select provider from providers where provider is not null))`

/**
 * The ids of the withdrawals that somebody names by `name`, each way by its own index: a user, a provider, a bank and
 * an exchange call one by different ids, and a person has whichever of them stands in the letter.
 *
 * @param name A place in a statement, of type text.
 */
export const NAMED_BY = (name: string): string =>
  [
    ...['id', 'payout_key', 'end_to_end_id', 'provider_transaction_id', 'destination_hash'].map(
      (column) => `select id ${FROM} where ${column} = ${name}`,
    ),
    `select id ${FROM} where settled_burn_id = ${name} and settled_burn_id is not null and settled_burn_id <> id
        and settled_burn_id is distinct from provider_transaction_id`,
    REFERRED_TO(name),
    // A batch by its own name and by the one its provider knows it by, also for those that have left it since.
    `select withdrawal_id from bank_withdrawal.batch_items where batch_id = ${name}`,
    `select i.withdrawal_id from bank_withdrawal.batches b
       join bank_withdrawal.batch_items i on i.batch_id = b.id where b.batch_key = ${name}`,
    ...['payout_key', 'end_to_end_id', 'provider_reference'].map(
      (column) => `select withdrawal_id from bank_withdrawal.retired_payouts where ${column} = ${name}`,
    ),
  ].join(' union all ')
