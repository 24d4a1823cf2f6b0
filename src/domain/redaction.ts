/** Anything shaped like an IBAN, in whatever text; in groups of four too, as it is printed. */
const IBAN_LIKE =
  /(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[A-Z0-9]{10,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?)(?![A-Z0-9])/g
/** In small letters, with dashes or dots: ids look like that too, so that only its check digits tell. */
const IBAN_PERHAPS =
  /(?<![\p{L}\p{N}])[A-Za-z]{2}\d{2}(?:[\s.\u2010-\u2015-]?[A-Za-z0-9]){10,30}(?![\p{L}\p{N}])/gu
// The look-behind lets a match start only where a word starts: one text of many "ey-" would take hours otherwise.
const TOKEN_LIKE = /\bBearer\s+[\w.~+/=-]{16,}|(?<![\w-])ey[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g
const URL_PASSWORD = /(:\/\/)[^\s/@:]{0,200}:[^\s/@]{1,200}@/g
const NAMED_SECRET =
  /\b(client_?secret|access_?token|refresh_?token|api_?key|password|passwd|otp_?code|set-cookie|cookie)("?\s*[:=]\s*"?)[^\s"',;&]{1,4096}/gi
const EMAIL =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu
/** As PayPal and others call people. */
const HANDLE = /(?<![\p{L}\p{N}@./_-])@[\p{L}\p{N}_]{2,30}/gu

/** Every one of the patterns above needs one of these; most texts in a log have none, and are done with one look. */
const PERHAPS = /[@:=]|Bearer|ey[\w-]|[A-Za-z]{2}\d{2}/

/** A text of somebody else's, fit for a log or the journal: account numbers, addresses of people and tokens are taken out. */
export const redactText = (text: string): string => (PERHAPS.test(text) ? redacted(text) : text)

const redacted = (text: string): string =>
  text
    .replace(TOKEN_LIKE, '[token]')
    .replace(URL_PASSWORD, '$1[secret]@')
    .replace(NAMED_SECRET, '$1$2[secret]')
    .replace(IBAN_LIKE, '[account]')
    .replace(IBAN_PERHAPS, withoutIban)
    .replace(EMAIL, '[address]')
    .replace(HANDLE, '[address]')

/** The words that follow may look like more of it: the longest part that ends where a word ends and fits its check digits. */
function withoutIban(found: string): string {
  for (let end = found.length; end >= 15; end--) {
    const isEnd = end === found.length || !/[A-Za-z0-9]/.test(found[end] ?? '')
    if (isEnd && fitsCheckDigits(found.slice(0, end).replace(/[^A-Za-z0-9]/g, '')))
      return `[account]${found.slice(end)}`
  }
  return found
}

/** ISO 7064, mod 97-10. */
function fitsCheckDigits(text: string): boolean {
  if (text.length < 15) return false
  const turned = (text.slice(4) + text.slice(0, 4)).toUpperCase()
  let rest = 0
  for (const sign of turned)
    for (const digit of String(parseInt(sign, 36))) rest = (rest * 10 + Number(digit)) % 97
  return rest === 1
}
