import type { Database } from '../db/connect/database'

/** Any fixed number; see db/migrate.ts. */
const LOCK_KEY = 4_807_211_531

/**
 * The sandbox keeps its users and wallets in the same database, so that a restart forgets nothing. Its tables are
 * not migrations: a real installation never has them.
 */
export async function createSandboxTables(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [LOCK_KEY])
    await tx.script(`
      create schema if not exists bank_withdrawal_sandbox;

      create table if not exists bank_withdrawal_sandbox.users (
        id           bigint primary key,
        email        text not null,
        full_name    text not null,
        otp_secret   text,
        deactivated  boolean not null default false,
        bank_account jsonb not null default '[]'
      );
      alter table bank_withdrawal_sandbox.users
        add column if not exists flagged boolean not null default false,
        add column if not exists withdrawal_blocked timestamptz,
        -- As a kit keeps it: status 3 is an identity that an operator has verified.
        add column if not exists id_data jsonb not null default '{"status": 3}';

      create table if not exists bank_withdrawal_sandbox.balances (
        user_id   bigint not null references bank_withdrawal_sandbox.users (id),
        currency  text not null,
        available numeric not null check (available >= 0),
        locked    numeric not null default 0 check (locked >= 0),
        primary key (user_id, currency)
      );

      create table if not exists bank_withdrawal_sandbox.burns (
        id             bigint generated always as identity primary key,
        -- Burns are withdrawals and mints are deposits, as a kit lists them.
        type           text not null default 'withdrawal' check (type in ('withdrawal', 'deposit')),
        transaction_id text not null,
        -- The transaction id again where the wallet keeps them unique, null where it does not.
        unique_id      text,
        user_id        bigint not null,
        currency       text not null,
        amount         numeric not null check (amount > 0),
        fee            numeric not null default 0,
        status         boolean not null,
        rejected       boolean not null default false,
        dismissed      boolean not null default false,
        processing     boolean not null default false,
        waiting        boolean not null default false,
        onhold         boolean not null default false,
        address        text,
        description    text,
        created_at     timestamptz not null default now(),
        updated_at     timestamptz not null default now(),
        unique (type, unique_id)
      );
      create index if not exists burns_transaction_id on bank_withdrawal_sandbox.burns (transaction_id);

      -- What truly happened to the money, for tests: one line per lock, settlement, release and mint.
      create table if not exists bank_withdrawal_sandbox.ledger (
        seq            bigint generated always as identity primary key,
        at             timestamptz not null default now(),
        kind           text not null check (kind in ('lock', 'settle', 'release', 'mint')),
        burn_id        bigint not null,
        transaction_id text not null,
        user_id        bigint not null,
        currency       text not null,
        amount         numeric not null
      )`)
  })
}
