/** A finished piece of XML, so that text and markup cannot be mixed up: text is escaped, this is not. */
export interface Xml {
  readonly xml: string
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** What XML 1.0 cannot hold, not even escaped. */

const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u

/** @throws {Error} On characters no XML file can hold: whoever calls has to have cleaned the text. */
function escape(text: string): string {
  if (NOT_XML.test(text)) throw new Error('A text holds a character that XML cannot hold.')
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}

/** One element. Children that are null are left out, so that optional ones can stand in their place. */
export function element(
  name: string,
  content: string | Xml | readonly (Xml | null)[],
  attributes: Readonly<Record<string, string>> = {},
): Xml {
  const head = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(value)}"`)
  return { xml: `<${name}${head.join('')}>${inner(content)}</${name}>` }
}

function inner(content: string | Xml | readonly (Xml | null)[]): string {
  if (typeof content === 'string') return escape(content)
  if ('xml' in content) return content.xml
  const children = content.filter((child) => child !== null)
  return `\n${children.map(({ xml }) => xml).join('\n')}\n`
}

/** UTF-8 without a byte order mark, which some banks refuse. */
export const xmlFile = (root: Xml): Buffer =>
  Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${root.xml}\n`, 'utf8')
