/** The kit's own PostgreSQL, as its server configures it. There is no DATABASE_URL in a kit. */
export function databaseUrl(environment: Readonly<Record<string, string | undefined>>): {
  url: string
  problems: readonly string[]
} {
  const {
    DB_HOST: host,
    DB_PORT: port,
    DB_NAME: name,
    DB_USERNAME: user,
    DB_PASSWORD: password,
  } = environment
  const missing = Object.entries({ DB_HOST: host, DB_NAME: name, DB_USERNAME: user }).flatMap(
    ([key, value]) => (value ? [] : [`${key} is not set in the environment of the kit's plugin server`]),
  )
  if (!host || !name || !user) return { url: '', problems: missing }
  const login = [user, ...(password ? [password] : [])].map(encodeURIComponent).join(':')
  // The kit itself does not check the certificate: its databases come with self-made ones.
  const tls = isOn(environment.DB_SSL) ? '?sslmode=no-verify' : ''
  const at = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  return {
    url: `postgres://${login}@${encodeHost(at)}:${port || '5432'}/${encodeURIComponent(name)}${tls}`,
    problems: [],
  }
}

/** As the kit reads it: whatever is said and is not `false`. */
const isOn = (given: string | undefined): boolean => given !== undefined && given !== '' && given !== 'false'

/** A directory is that of a Unix socket. */
const encodeHost = (host: string): string => (host.startsWith('/') ? encodeURIComponent(host) : host)
