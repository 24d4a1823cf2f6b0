/**
 * What our code and the libraries in it take for global. Kits before 2.17 evaluate a plugin with eval 0.1.4, whose
 * scope has none of these; esbuild puts them where the bundle uses the free name.
 */
import vm from 'node:vm'

/** The realm of the kit itself, which has them all. */
const host = vm.runInThisContext('globalThis') as typeof globalThis

export const { AbortController, AbortSignal, Blob, FormData, Headers, ReadableStream, Request, Response } =
  host
export { Buffer } from 'node:buffer'
export { performance } from 'node:perf_hooks'
export { URL, URLSearchParams } from 'node:url'
export { TextDecoder, TextEncoder } from 'node:util'
