import fs from 'node:fs'
import path from 'node:path'

/** Other people's schemas and samples, which are not part of this repository. */
const SPECS = process.env.SPECS_DIR ?? path.join(__dirname, '../../../../shared/specs')
const ISO = path.join(SPECS, 'iso20022')

export const specsAreHere = fs.existsSync(ISO)

/** Registers tests that need them, or one that says they were skipped. */
export function whenSpecsAreHere(what: string, tests: () => void): void {
  if (specsAreHere) return describe(what, tests)
  describe(what, () => {
    it.skip(`SKIPPED: there is no ${ISO}; set SPECS_DIR to a folder with the schemas and samples`, () => {})
  })
}

export const spec = (...parts: readonly string[]): Buffer => fs.readFileSync(path.join(ISO, ...parts))

export const specFiles = (...parts: readonly string[]): readonly string[] =>
  specsAreHere
    ? fs
        .readdirSync(path.join(ISO, ...parts))
        .filter((name) => name.endsWith('.xml'))
        .sort()
    : []

/** What the schema finds wrong, as libxml2 says it. */
export async function schemaErrors(xml: string, ...schema: readonly string[]): Promise<readonly string[]> {
  const { validateXML } = await import('xmllint-wasm')
  const { valid, errors } = await validateXML({
    xml: [{ fileName: 'file.xml', contents: xml }],
    schema: [spec(...schema).toString('utf8')],
    // Room for a file of thousands of payments, in pages of 64 KB.
    initialMemoryPages: 1_024,
    maxMemoryPages: 8_192,
  })
  return valid ? [] : errors.map(({ message }) => message)
}
