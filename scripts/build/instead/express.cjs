/** Of express the plugin uses these two; the application, its views and its files are the kit's own. */
module.exports = { json: require('body-parser/lib/types/json'), Router: require('router') }
