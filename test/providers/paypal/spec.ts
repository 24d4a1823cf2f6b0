import fs from 'node:fs'
import path from 'node:path'

import Ajv, { type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'

const FOLDER = path.join(process.env.SPECS_DIR ?? path.join(__dirname, '../../../../shared/specs'), 'paypal')
const FILE = path.join(FOLDER, 'payments_payouts_batch_v1.json')

/** PayPal's own description of Payouts is not part of this repository. */
export const hasSpec = fs.existsSync(FILE)

export type SchemaName = 'create_payout_request' | 'payout' | 'payout_batch' | 'payout_item-2'

let validators: ((schema: SchemaName) => ValidateFunction) | null = null

function loadValidators() {
  // Formats of PayPal's own (`ppaas_...`) are nobody's; ajv would tell of each.
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false })
  addFormats(ajv)
  ajv.addSchema(JSON.parse(fs.readFileSync(FILE, 'utf8')) as object, 'spec')
  const compiled = new Map<SchemaName, ValidateFunction>()
  return (schema: SchemaName): ValidateFunction => {
    const validate = compiled.get(schema) ?? ajv.compile({ $ref: `spec#/components/schemas/${schema}` })
    compiled.set(schema, validate)
    return validate
  }
}

/** @returns What of a body is not as PayPal's specification says; nothing when there is no specification here. */
export function specFaults(schema: SchemaName, body: unknown): readonly string[] {
  if (!hasSpec) return []
  validators ??= loadValidators()
  const validate = validators(schema)
  if (validate(body)) return []
  return (
    (validate.errors ?? [])
      // What is wrong with an item has no `debug_id` in live answers, whatever the specification says.
      .filter(
        ({ instancePath, message }) => !(instancePath.endsWith('/errors') && /debug_id/.test(message ?? '')),
      )
      .map(({ instancePath, message }) => `${schema}${instancePath} ${message}`)
  )
}
