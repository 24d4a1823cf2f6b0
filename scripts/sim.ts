import { runApart } from '../test/sim/apart'

/** `npm run sim -- --help` says what it does. */
async function main(): Promise<void> {
  // Then what it has started ends with it.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  const { code } = await runApart(process.argv.slice(2), 'inherit')
  process.exitCode = code
}

void main()
