import fs from 'node:fs'
import path from 'node:path'

/** Something about a provider that only its author can find out. The templates mark it `DECIDE(name): what`. */
export interface Decision {
  /** In the repository. */
  readonly file: string
  readonly line: number
  readonly name: string
  readonly what: string
}

const MARK = /\bDECIDE\((?<name>[a-z-]+)\): (?<what>[^*\n]*[^*\s>-])/
/** A host that cannot exist (RFC 2606) is still the template's, whatever became of the mark above it. */
const NO_HOST = /['"`/.]([a-z0-9.-]+\.invalid)\b/

/** @returns What is still open, in the order in which it is best decided. */
export function openDecisions(root: string, provider: string): readonly Decision[] {
  const places = [`src/providers/${provider}`, `test/providers/${provider}`, `docs/providers/${provider}.md`]
  return places.flatMap((place) =>
    filesAt(path.join(root, place)).flatMap((file) => openIn(root, path.relative(root, file))),
  )
}

function openIn(root: string, file: string): Decision[] {
  const lines = fs.readFileSync(path.join(root, file), 'utf8').split('\n')
  return lines.flatMap((text, index) => {
    const at = { file: file.split(path.sep).join('/'), line: index + 1 }
    const { name = '', what = '' } = MARK.exec(text)?.groups ?? {}
    const [, host] = NO_HOST.exec(text) ?? []
    return [
      ...(name === '' ? [] : [{ ...at, name, what }]),
      ...(host === undefined ? [] : [{ ...at, name: 'no-such-host', what: `${host} is nobody's host` }]),
    ]
  })
}

function filesAt(place: string): string[] {
  if (!fs.existsSync(place)) return []
  if (fs.statSync(place).isFile()) return [place]
  return fs
    .readdirSync(place)
    .sort()
    .flatMap((name) => filesAt(path.join(place, name)))
}
