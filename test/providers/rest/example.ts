import fs from 'node:fs'
import path from 'node:path'

/** The configuration in the documentation: what people copy is what is tested. */
export function exampleConfiguration(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const text = fs.readFileSync(path.join(__dirname, '../../../docs/providers/rest.md'), 'utf8')
  const [, json] = /```json\n([\s\S]*?)```/.exec(text) ?? []
  const example = JSON.parse(String(json)) as Record<string, unknown>
  const merged = { ...example, ...changes }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined))
}

export const SECRET = 'a-secret-of-the-api-0123'
export const WEBHOOK_SECRET = 'a-secret-of-webhooks-0123'
export const OPTIONS = { user: 'client-7', secret: SECRET, webhookSecret: WEBHOOK_SECRET }
