/** Nobody's redirect is followed (src/providers/shared/http-client.ts), so what axios would follow them with is never asked. */
const http = () => {
  throw new Error('follow-redirects is left out of the plugin: see scripts/build/instead.')
}
module.exports = { http: { request: http }, https: { request: http } }
