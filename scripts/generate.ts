/** Writes the files that are derived from others; `--check` fails instead when one is out of date. */
import fs from 'node:fs'
import path from 'node:path'

import { sepaDefinition } from '../src/providers/sepa'
import { actionsPage } from './generate/actions-page'
import { clientSchema, versionModule } from './generate/client-schema'
import { migrationsModule } from './generate/migrations'
import { pluginConfig } from './generate/plugin-config'
import { questionsPage } from './generate/questions-page'
import { reasonsPage } from './generate/reasons-page'
import { scenarioTable, withSection } from './generate/sections'
import { providerSettingsTable, settingsTables } from './generate/settings-tables'
import { statesPage } from './generate/states-page'

const root = path.join(__dirname, '..')
const derived: Record<string, (present: string) => string | Promise<string>> = {
  'src/routes/openapi/version.generated.ts': () => versionModule(root),
  'src/client/schema.generated.ts': () => clientSchema(),
  'src/db/connect/migrations.generated.ts': () => migrationsModule(path.join(root, 'migrations')),
  'plugin/config.json': () => pluginConfig(root),
  'docs/states.md': () => statesPage(),
  'docs/reasons.md': () => reasonsPage(),
  'docs/actions.md': () => actionsPage(),
  'docs/questions.md': () => questionsPage(),
  'docs/providers/sandbox.md': (page) => withSection(page, 'scenarios', scenarioTable()),
  'docs/providers/sepa.md': (page) => withSection(page, 'settings', providerSettingsTable(sepaDefinition)),
  'docs/settings.md': (page) => withSection(page, 'settings', settingsTables()),
}

async function generate(): Promise<readonly string[]> {
  const stale: string[] = []
  for (const [file, make] of Object.entries(derived)) {
    const target = path.join(root, file)
    const present = fs.existsSync(target) ? fs.readFileSync(target, 'utf8') : ''
    const wanted = await make(present)
    if (present === wanted) continue
    if (process.argv.includes('--check')) stale.push(file)
    else fs.writeFileSync(target, wanted)
  }
  return stale
}

void generate().then((stale) => {
  if (stale.length === 0) return
  console.error(`Out of date, run "npm run generate": ${stale.join(', ')}`)
  process.exitCode = 1
})
