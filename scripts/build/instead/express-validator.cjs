/** Its chains and their results; schemas, alternatives and what is made of the values are asked by nobody (src/routes/checked.ts). */
const chains = require('../../../node_modules/express-validator/lib/middlewares/validation-chain-builders.js')

module.exports = {
  body: chains.body,
  header: chains.header,
  param: chains.param,
  query: chains.query,
  validationResult: require('../../../node_modules/express-validator/lib/validation-result.js')
    .validationResult,
}
