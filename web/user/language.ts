import { filled, type TextKey, textsOf } from './texts'

/** One language: its texts, and how it writes money and time. */
export interface Words {
  readonly language: string
  t(key: TextKey, values?: Readonly<Record<string, string | number>>): string
  money(amount: number | string, currency: string): string
  /** `13.5` as somebody would type it. */
  number(amount: number): string
  time(at: string | Date): string
  /** For what is to come: a day and an hour, and less of it the nearer it is. */
  when(at: string): string
  /** The same where it is the end of a sentence: always a time. */
  until(at: string): string
  country(code: string): string
}

const SOON_MS = 90_000

/** @param wished How the reader writes money and time, where that is one of the language's. */
export function wordsOf(language: string, wished = language): Words {
  const locale = isLocale(wished) ? wished : language
  const texts = textsOf(language)
  const t: Words['t'] = (key, values) => filled(texts[key], values)
  const countries = new Intl.DisplayNames([language], { type: 'region' })
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  const ahead = new Intl.DateTimeFormat(locale, {
    ...{ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  })
  const until = (at: string): string => {
    const date = new Date(at)
    const isToday = date.toDateString() === new Date().toDateString()
    return isToday ? t('time.today', { time: clock.format(date) }) : ahead.format(date)
  }
  return {
    language,
    t,
    until,
    money: (amount, currency) => moneyText(locale, Number(amount), currency),
    number: (amount) =>
      new Intl.NumberFormat(locale, { useGrouping: false, maximumFractionDigits: 15 }).format(amount),
    time: (at) => full.format(new Date(at)),
    when(at) {
      const inMs = Date.parse(at) - Date.now()
      return inMs > 0 && inMs < SOON_MS ? t('time.soon') : until(at)
    },
    country(code) {
      try {
        return countries.of(code) ?? code
      } catch {
        return code
      }
    },
  }
}

/** Browsers hand on what a system is set to, and on some that is `en-US@posix`. */
function isLocale(name: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(name).length > 0
  } catch {
    return false
  }
}

/** Amounts of the API have at most 15 digits: none is rounded away. */
function moneyText(locale: string, amount: number, currency: string): string {
  const digits = { maximumFractionDigits: 15 }
  try {
    const style = {
      style: 'currency',
      currency: currency.toUpperCase(),
      // Not the narrow one: the dollars of many countries are written alike by it.
      currencyDisplay: 'symbol',
    } as const
    const { minimumFractionDigits } = new Intl.NumberFormat(locale, style).resolvedOptions()
    return new Intl.NumberFormat(locale, { ...style, minimumFractionDigits, ...digits }).format(amount)
  } catch {
    // Not every exchange's symbol is a currency of the world's.
    return `${new Intl.NumberFormat(locale, digits).format(amount)} ${currency.toUpperCase()}`
  }
}
