import type {
  FilterKeys,
  IsOperationRequestBodyOptional,
  OperationRequestBodyContent,
  PathsWithMethod,
  RequiredKeysOf,
  SuccessResponse,
} from 'openapi-typescript-helpers'

import type { Core } from './core'
import { errorOf, parsed, type WithdrawalError } from './errors'
import type { paths } from './schema.generated'

interface Anyway {
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** In place of the client's own: for what is long. */
  readonly timeoutMs?: number
  /** What the answer is to be; JSON when left out. */
  readonly parseAs?: 'json' | 'text' | 'blob'
}
type Params<Operation> = Operation extends { parameters: infer Given }
  ? RequiredKeysOf<Given> extends never
    ? { readonly params?: Given }
    : { readonly params: Given }
  : unknown
type Body<Operation> = [OperationRequestBodyContent<Operation>] extends [never]
  ? { readonly body?: never }
  : IsOperationRequestBodyOptional<Operation> extends true
    ? { readonly body?: OperationRequestBodyContent<Operation> }
    : { readonly body: OperationRequestBodyContent<Operation> }
type Init<Operation> = Anyway & Params<Operation> & Body<Operation>
type Parsed<Operation, Given> = Given extends { parseAs: 'blob' }
  ? Blob
  : Given extends { parseAs: 'text' }
    ? string
    : Operation extends { responses: infer Known extends Record<string | number, unknown> }
      ? SuccessResponse<Known, 'application/json'>
      : never

export type Answer<Data> =
  | { readonly data: Data; readonly error?: never; readonly response: Response }
  | { readonly data?: never; readonly error: WithdrawalError; readonly response: Response }

type Ask<Method extends 'get' | 'post'> = <
  Path extends PathsWithMethod<paths, Method>,
  Given extends Init<FilterKeys<paths[Path], Method>>,
>(
  path: Path,
  ...given: RequiredKeysOf<Init<FilterKeys<paths[Path], Method>>> extends never ? [Given?] : [Given]
) => Promise<Answer<Parsed<FilterKeys<paths[Path], Method>, Given>>>

/** Every route by its path, as the description has it; a refusal is an answer here. */
export interface Api {
  readonly GET: Ask<'get'>
  readonly POST: Ask<'post'>
}

interface Loose extends Anyway {
  readonly body?: unknown
  readonly params?: {
    readonly path?: Readonly<Record<string, unknown>>
    readonly query?: Readonly<Record<string, unknown>>
    readonly header?: Readonly<Record<string, unknown>>
  }
}

export function createApi(core: Core): Api {
  const asking =
    (method: 'GET' | 'POST') =>
    async (path: string, { params = {}, parseAs = 'json', headers, ...sending }: Loose = {}) => {
      const all = { ...headers, ...given(params.header) }
      const response = await core(method, addressOf(path, params), { ...sending, headers: all })
      const key = all['Idempotency-Key']
      if (response.ok) return { data: await parsed(response, parseAs, key), response }
      return { error: errorOf(response, await response.text(), key), response }
    }
  return { GET: asking('GET') as Ask<'get'>, POST: asking('POST') as Ask<'post'> }
}

const given = (values: Readonly<Record<string, unknown>> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, String(value)]),
  )

function addressOf(path: string, { path: places = {}, query }: NonNullable<Loose['params']>): string {
  const asked = new URLSearchParams(given(query)).toString()
  const filled = path.replace(/\{(\w+)\}/g, (_place, name: string) =>
    encodeURIComponent(String(places[name])),
  )
  return asked === '' ? filled : `${filled}?${asked}`
}

/** What a call of `api` was answered with. @throws {WithdrawalError} Where it was refused, or not answered. */
export async function answered<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  const { data, error } = await call
  if (error) throw error
  return data
}
