import vm from 'node:vm'

/**
 * A kit evaluates a plugin in a vm context of its own, so everything toolsLib hands over was made in another realm:
 * `instanceof Error`, `Object`, `Date` and `Promise` are all false for it. Here it is the other way round, which
 * looks the same from the plugin.
 */
interface OtherRealm {
  /** An error with own fields, as request-promise makes them. */
  error(name: string, message: string, fields?: Record<string, unknown>): Error
  /** The same value made of that realm's objects, arrays and dates. */
  copy<Value>(value: Value): Value
  /** A promise of that realm. */
  native<Value>(start: Start<Value>): PromiseLike<Value>
  /** No promise at all, only something with `then`, as bluebird's are. */
  bluebird<Value>(start: Start<Value>): PromiseLike<Value>
}

type Start<Value> = (resolve: (value: Value) => void, reject: (error: unknown) => void) => void

const SOURCE = `(() => {
  class Bluebird {
    #promise
    constructor(promise) { this.#promise = promise }
    then(fulfilled, rejected) { return new Bluebird(this.#promise.then(fulfilled, rejected)) }
    catch(rejected) { return this.then(undefined, rejected) }
    finally(done) { return new Bluebird(this.#promise.finally(done)) }
  }
  const ERRORS = { Error, TypeError, RangeError, SyntaxError }
  const kindOf = (value) => Object.prototype.toString.call(value)
  const copy = (value) => {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return Array.from(value, copy)
    if (kindOf(value) === '[object Date]') return new Date(value.getTime())
    if (kindOf(value) === '[object Error]') return value
    return Object.fromEntries(Array.from(Object.entries(value), ([name, member]) => [name, copy(member)]))
  }
  return {
    copy,
    error(name, message, fields = {}) {
      const error = new (ERRORS[name] ?? Error)(message)
      if (!(name in ERRORS)) error.name = name
      return Object.assign(error, copy(fields))
    },
    native: (start) => new Promise(start),
    bluebird: (start) => new Bluebird(new Promise(start)),
  }
})()`

export const otherRealm = vm.runInNewContext(SOURCE) as OtherRealm

/** Runs `work` and hands its answer over, or what it throws, as that realm's. */
export const asNative = <Value>(work: () => Promise<Value>): PromiseLike<Value> =>
  otherRealm.native((resolve, reject) => crossOver(work, resolve, reject))

export const asBluebird = <Value>(work: () => Promise<Value>): PromiseLike<Value> =>
  otherRealm.bluebird((resolve, reject) => crossOver(work, resolve, reject))

/** The same for a function that answers, or throws, at once. */
export function asPlain<Value>(work: () => Value): Value {
  try {
    return otherRealm.copy(work())
  } catch (error) {
    throw foreign(error)
  }
}

function crossOver<Value>(
  work: () => Promise<Value>,
  resolve: (value: Value) => void,
  reject: (error: unknown) => void,
): void {
  work().then(
    // What is of that realm already stays the object that it is: a kit hands some out twice.
    (value) => resolve(isOurs(value) ? otherRealm.copy(value) : value),
    (error: unknown) => reject(foreign(error)),
  )
}

const isOurs = (value: unknown): boolean => value instanceof Object || typeof value !== 'object'

const foreign = (error: unknown): unknown =>
  error instanceof Error ? otherRealm.error(error.name, error.message) : error
