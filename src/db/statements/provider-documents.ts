import type { ProviderDocuments } from '../../ports/payment-provider'
import type { Queryable } from '../connect/database'

/** The durable storage of one provider; see `ProviderDocuments`. */
export const providerDocuments = (db: Queryable, provider: string): ProviderDocuments => ({
  async read(id) {
    const rows = await db.query<{ value: unknown; version: number }>(
      'select value, version from bank_withdrawal.provider_documents where provider = $1 and id = $2',
      [provider, id],
      'document',
    )
    return rows[0] ?? null
  },

  async create(id, value) {
    const rows = await db.query<{ id: string }>(
      `insert into bank_withdrawal.provider_documents (provider, id, value, version, updated_at)
       values ($1, $2, $3::jsonb, 1, bank_withdrawal.clock())
       on conflict do nothing returning id`,
      [provider, id, JSON.stringify(value)],
      'create_document',
    )
    return rows.length > 0
  },

  async replace(id, value, version) {
    const rows = await db.query<{ id: string }>(
      `update bank_withdrawal.provider_documents
          set value = $3::jsonb, version = version + 1, updated_at = bank_withdrawal.clock()
        where provider = $1 and id = $2 and version = $4 returning id`,
      [provider, id, JSON.stringify(value), version],
      'replace_document',
    )
    return rows.length > 0
  },

  list: (prefix) =>
    db.query<{ id: string; value: unknown; version: number }>(
      `select id, value, version from bank_withdrawal.provider_documents
        where provider = $1 and starts_with(id, $2) order by id`,
      [provider, prefix],
    ),
})
