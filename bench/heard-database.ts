import type { Database } from '../src/db/connect/database'

/** A database that tells how many rows each named statement brought. */
export const heardDatabase = (inner: Database, hear: (name: string, rows: number) => void): Database => ({
  ...inner,
  async query<Row extends object>(text: string, parameters?: readonly unknown[], name?: string) {
    const rows = await inner.query<Row>(text, parameters, name)
    if (name !== undefined) hear(name, rows.length)
    return rows
  },
})
