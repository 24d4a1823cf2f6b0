/**
 * Asks a running server to send batches now, or what they would hold:
 * `npm run batch -- --url http://127.0.0.1:8080 --token <operator> [--provider x] [--preview] --reason "..."`.
 */
import { parseArgs } from 'node:util'

const USAGE =
  'Usage: npm run batch -- --url <address> --token <operator token> [--provider <name>] [--base-path <path>] (--preview | --reason "why now")'

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      token: { type: 'string' },
      provider: { type: 'string' },
      reason: { type: 'string' },
      preview: { type: 'boolean' },
      help: { type: 'boolean' },
      'base-path': { type: 'string', default: '/plugins/bank/withdrawal' },
    },
  })
  const { url, token, provider, reason, preview = false } = values
  if (values.help) return console.log(USAGE)
  if (url === undefined || token === undefined || (!preview && reason === undefined)) throw new Error(USAGE)
  const query = provider === undefined ? '' : `?provider=${encodeURIComponent(provider)}`
  const address = new URL(`${values['base-path']}/admin/batches/${preview ? `preview${query}` : 'run'}`, url)
  const answer = await fetch(address, {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(!preview && { method: 'POST', body: JSON.stringify({ provider, reason }) }),
  })
  const body = (await answer.json()) as { data?: unknown; message?: string; code?: string }
  if (!answer.ok) throw new Error(`${answer.status} ${body.code}: ${body.message}`)
  console.log(JSON.stringify(body.data, null, 2))
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
})
