/** No call of ours goes through a proxy (src/providers/shared/http-client.ts); axios only asks whether an agent is one. */
module.exports = class HttpsProxyAgent {
  constructor() {
    throw new Error('https-proxy-agent is left out of the plugin: see scripts/build/instead.')
  }
}
