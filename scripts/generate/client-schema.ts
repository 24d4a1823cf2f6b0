import fs from 'node:fs'
import path from 'node:path'

import type { OpenAPI3 } from 'openapi-typescript'

import { ERROR_CODES, httpStatusOf } from '../../src/errors'
import { createDocument } from '../../src/routes/openapi/document'

/** What the client knows of the API: types of its description, and the status of each error code. */
export async function clientSchema(): Promise<string> {
  const { default: openapiTS, astToString } = await import('openapi-typescript')
  const document = createDocument(null)
  const types = astToString(await openapiTS(document as unknown as OpenAPI3, { alphabetize: true }))
  const statuses = ERROR_CODES.map((code) => `  ${code}: ${httpStatusOf(code)}`)
  return [
    '// Generated from src/routes/openapi/ and src/errors.ts by "npm run generate". Do not edit.',
    types,
    '/** What each error code is answered with. */',
    'export interface StatusByCode {',
    ...statuses,
    '}',
    '',
  ].join('\n')
}

/** A kit has no package.json of ours to read. */
export function versionModule(root: string): string {
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string
  }
  return [
    '// Generated from package.json by "npm run generate". Do not edit.',
    `export const VERSION = '${version}'`,
    '',
  ].join('\n')
}
