import fs from 'node:fs'
import path from 'node:path'

/** Migrations travel inside the bundle: a plugin JSON has no file system of its own. */
export function migrationsModule(directory: string): string {
  const entries = fs
    .readdirSync(directory)
    .filter((file) => /^\d{6}_[a-z0-9_]+\.sql$/.test(file))
    .sort()
    .map((file, index) => {
      const number = Number(file.slice(0, 6))
      if (number !== index + 1) throw new Error(`${file}: migrations are numbered 1, 2, 3 ...`)
      const sql = fs.readFileSync(path.join(directory, file), 'utf8')
      return `  { number: ${number}, name: ${JSON.stringify(file.slice(7, -4))}, sql: ${JSON.stringify(sql)} },`
    })
  return [
    '// Generated from migrations/*.sql by "npm run generate". Do not edit.',
    'export const MIGRATIONS: readonly { number: number; name: string; sql: string }[] = [',
    ...entries,
    ']',
    '',
  ].join('\n')
}
