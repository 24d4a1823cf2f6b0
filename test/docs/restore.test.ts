import fs from 'node:fs'
import path from 'node:path'

import { createStore } from '../../src/db/store'
import { testDatabase } from '../helpers/databases'

/** Goal: whoever restores a kit's database can stop everything before anything works on it. Method: what the page says is run. */
const database = testDatabase('PostgreSQL')
const page = fs.readFileSync(path.join(__dirname, '../../docs/operations.md'), 'utf8')
const stopped = [...page.matchAll(/^ *```sql\n([\s\S]*?)^ *```$/gm)]
  .map(([, text]) => String(text))
  .find((text) => text.includes('bank_withdrawal.stop'))

it('the statement of the page stops everything, whether or not anybody ever did, and the desk lets it go on', async () => {
  const store = createStore(database)
  for (const version of [1, 2]) {
    await database.query(String(stopped))
    expect(await store.readStop()).toMatchObject({
      isStopped: true,
      version,
      reason: 'restored from a backup',
    })
    expect(await store.whatStops('sandbox')).toBe('stop')
  }
  const goOn = { isStopped: false, message: '', reason: 'r', actor: 'operator:2', version: 2 }
  expect(await store.setStopped(goOn)).toMatchObject({ isStopped: false, version: 3 })
})
