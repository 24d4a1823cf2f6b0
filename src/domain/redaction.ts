/** Anything shaped like an IBAN, in whatever text; in groups of four too, as it is printed. */
const IBAN_LIKE =
  /(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[A-Z0-9]{10,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?)(?![A-Z0-9])/g
// The look-behind lets a match start only where a word starts: one text of many "ey-" would take hours otherwise.
const TOKEN_LIKE = /\bBearer\s+[\w.~+/=-]{16,}|(?<![\w-])ey[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g

/** A text of somebody else's, fit for a log or the journal: account numbers and tokens are taken out. */
export const redactText = (text: string): string =>
  text.replace(IBAN_LIKE, '[account]').replace(TOKEN_LIKE, '[token]')
