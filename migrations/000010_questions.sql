-- Why: an answered difference is asked again when a new fact comes; an account that sent one user's money back stays
--   open to the others; what an operator did to one thing is found again.
-- Locks: differences, quarantined_destinations and operator_actions exclusively, all small; under a second.
-- Undo: drop the columns and the index named here, and put the earlier keys back.

alter table bank_withdrawal.differences
  -- What makes it another question of the same kind: the amount that came back, the document that said so.
  add column fact text not null default '' check (length(fact) <= 500),
  -- What it was before it was opened again: when, what was seen, who closed it and why.
  add column history jsonb not null default '[]',
  drop constraint differences_kind_withdrawal_id_key,
  add unique (kind, withdrawal_id, fact);
create index differences_of_withdrawal on bank_withdrawal.differences (withdrawal_id);

alter table bank_withdrawal.quarantined_destinations add column user_id bigint;
update bank_withdrawal.quarantined_destinations q
   set user_id = w.user_id from bank_withdrawal.withdrawals w where w.id = q.withdrawal_id;
alter table bank_withdrawal.quarantined_destinations
  alter column user_id set not null,
  drop constraint quarantined_destinations_pkey,
  add primary key (destination_hash, user_id);

create index operator_actions_of_subject on bank_withdrawal.operator_actions (subject, action, id desc);
