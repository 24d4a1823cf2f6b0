/** Of express the plugin uses these; the application, its views and its files are the kit's own. */
module.exports = {
  json: require('body-parser/lib/types/json'),
  raw: require('body-parser/lib/types/raw'),
  text: require('body-parser/lib/types/text'),
  Router: require('router'),
}
